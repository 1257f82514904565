package dev.cairn.runner.session;

import dev.cairn.plan.Reason;
import dev.cairn.plan.Settings;
import dev.cairn.runner.end.MigrationFailure;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The database's address and credentials. The target's own values come first, then the Secret's keys, then its URI. */
record Address(String host, int port, String database, String user, String password) {
    private static final List<String> URI_KEYS = List.of("uri", "url", "DATABASE_URL", "jdbc-uri");
    private static final int DEFAULT_PORT = 5432;

    /** A name, an IPv4 address, or an IPv6 address with or without a zone. */
    private static final Pattern HOST =
            Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,252}|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*(%[A-Za-z0-9._-]+)?");

    /** @throws MigrationFailure with {@link Reason#CredentialsMissing}; it names the Secret and every missing key */
    static Address resolve(Map<String, String> secret, Settings.Connection target) {
        if (secret.isEmpty())
            throw missing("Secret \"" + target.secret() + "\" does not exist or is empty (nothing is mounted): create "
                    + "it with the keys username, password, host and dbname; the next try will see it");
        var found = new Found(secret, target);
        var missing = new ArrayList<String>();
        var host = found.or(target.host(), missing, "host");
        var database = found.or(target.database(), missing, "dbname", "database");
        var user = found.or(null, missing, "username", "user");
        var password = found.or(null, missing, "password");
        if (!missing.isEmpty()) throw missing(noKeys(target, missing));
        requireHost(host, target);
        var port = target.port() != null ? target.port() : found.port();
        return new Address(host, port, database, user, password);
    }

    /**
     * Refuses any other text: the driver could read it as an option, or another program's driver as the path of a
     * socket.
     */
    private static void requireHost(String host, Settings.Connection target) {
        if (HOST.matcher(host).matches()) return;
        var where = target.host() == null
                ? "Secret \"" + target.secret() + "\": the host"
                : "spec.connection.host of the target, \"" + host + "\",";
        throw missing(
                where + " is neither a host name (letters, digits, dots, hyphens, underscores) nor an IP address: "
                        + "correct it; the next try reads it again");
    }

    private static String noKeys(Settings.Connection target, List<String> missing) {
        var keys = missing.stream().map(k -> "\"" + k + "\"").collect(Collectors.joining(" and no key "));
        boolean inTarget = missing.contains("host") || missing.contains("dbname");
        return "Secret \"" + target.secret() + "\" has no key " + keys + ": add "
                + (missing.size() == 1 ? "it" : "them")
                + (inTarget ? ", or set spec.connection.host and database of the target" : "")
                + ", or give the whole address as \"uri\"";
    }

    private static MigrationFailure missing(String message) {
        return new MigrationFailure(Reason.CredentialsMissing, message);
    }

    /** The text without the password, which a record's own {@code toString} shows. */
    @Override
    public String toString() {
        return user + "@" + host + ":" + port + "/" + database;
    }

    /** The Secret's values. Single keys take precedence over the parts of its URI. */
    private record Found(Map<String, String> values, String secretName) {
        Found(Map<String, String> secret, Settings.Connection target) {
            this(new HashMap<>(fromUri(secret, target.secret())), target.secret());
            secret.forEach((key, value) -> {
                if (!value.isEmpty()) values.put(key, value);
            });
        }

        private static Map<String, String> fromUri(Map<String, String> secret, String name) {
            for (var key : URI_KEYS) {
                var uri = secret.get(key);
                if (uri == null || uri.isEmpty()) continue;
                try {
                    return DatabaseUri.parts(uri);
                } catch (IllegalArgumentException e) {
                    throw missing("Secret \"" + name + "\": the key \"" + key + "\" " + e.getMessage());
                }
            }
            return Map.of();
        }

        String or(@Nullable String override, List<String> missing, String... keys) {
            var found = Stream.concat(
                            Stream.ofNullable(override),
                            Stream.of(keys).map(values::get).filter(Objects::nonNull))
                    .findFirst();
            if (found.isEmpty()) missing.add(keys[0]);
            return found.orElse("");
        }

        int port() {
            var text = values.get("port");
            if (text == null) return DEFAULT_PORT;
            try {
                return Integer.parseInt(text.strip());
            } catch (NumberFormatException e) {
                throw new MigrationFailure(
                        Reason.CredentialsMissing,
                        "Secret \"" + secretName + "\": the key \"port\" is no number",
                        null,
                        null,
                        e);
            }
        }
    }
}
