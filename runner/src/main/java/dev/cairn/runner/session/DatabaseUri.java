package dev.cairn.runner.session;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A database's address in one line, {@code postgresql://user:password@host:port/database} or its JDBC form. */
final class DatabaseUri {
    private DatabaseUri() {}

    /**
     * Its parts under the names of single keys: host, port, dbname, user, password.
     *
     * @throws IllegalArgumentException if it is not such an address; the message does not repeat it, since it may
     *     contain a password
     */
    static Map<String, String> parts(String text) {
        var uri = parse(text);
        var parts = new HashMap<String, String>();
        var authority = uri.getRawAuthority() == null ? "" : uri.getRawAuthority();
        int at = authority.lastIndexOf('@');
        if (at >= 0) user(authority.substring(0, at), parts);
        host(authority.substring(at + 1), parts);
        var path = uri.getRawPath();
        if (path != null && path.length() > 1) parts.put("dbname", decoded(path.substring(1)));
        query(uri.getRawQuery(), parts);
        return parts;
    }

    private static URI parse(String text) {
        try {
            var uri = new URI(text.startsWith("jdbc:") ? text.substring("jdbc:".length()) : text);
            var scheme = uri.getScheme();
            if (!"postgresql".equals(scheme) && !"postgres".equals(scheme))
                throw new IllegalArgumentException("does not begin with postgresql://");
            return uri;
        } catch (URISyntaxException e) {
            // The new exception has neither the cause nor its text: both repeat the input.
            throw new IllegalArgumentException("is no valid URI at character " + (e.getIndex() + 1));
        }
    }

    private static void user(String info, Map<String, String> parts) {
        int colon = info.indexOf(':');
        parts.put("user", decoded(colon < 0 ? info : info.substring(0, colon)));
        if (colon >= 0) parts.put("password", decoded(info.substring(colon + 1)));
    }

    private static void host(String hostAndPort, Map<String, String> parts) {
        int colon = hostAndPort.lastIndexOf(':');
        boolean port = colon >= 0 && colon > hostAndPort.lastIndexOf(']');
        var host = port ? hostAndPort.substring(0, colon) : hostAndPort;
        if (!host.isEmpty()) parts.put("host", host.replaceAll("[\\[\\]]", ""));
        if (port && colon + 1 < hostAndPort.length()) parts.put("port", hostAndPort.substring(colon + 1));
    }

    private static void query(@Nullable String query, Map<String, String> parts) {
        if (query == null) return;
        for (var pair : query.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals < 0) continue;
            var name = pair.substring(0, equals);
            if (name.equals("user") || name.equals("password"))
                parts.put(name, URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
        }
    }

    /** Decodes percent signs only: a plus sign in a path or a password stays a plus sign. */
    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
