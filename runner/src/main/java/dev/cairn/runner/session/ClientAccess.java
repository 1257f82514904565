package dev.cairn.runner.session;

import dev.cairn.plan.Settings;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * How the user's program connects to the database. The variables are those of libpq, which most drivers read. The
 * password is in a separate file.
 *
 * @param environment the variables, without a password
 * @param passwordFileLine the content of the file that {@code PGPASSFILE} names; only its owner may read that file
 */
public record ClientAccess(Map<String, String> environment, String passwordFileLine) {

    static ClientAccess of(
            Address address, Settings.Connection target, Path rootCert, Path passwordFile, String applicationName) {
        var environment = new TreeMap<>(Map.of(
                "PGHOST", address.host(),
                "PGPORT", String.valueOf(address.port()),
                "PGDATABASE", address.database(),
                "PGUSER", address.user(),
                "PGPASSFILE", passwordFile.toString(),
                "PGSSLMODE", target.sslMode(),
                "PGAPPNAME", applicationName));
        if (target.rootCert() != null) environment.put("PGSSLROOTCERT", rootCert.toString());
        return new ClientAccess(environment, line(address));
    }

    /** The text without the password, which a record's own {@code toString} shows. */
    @Override
    public String toString() {
        return environment.toString();
    }

    private static String line(Address address) {
        return String.join(
                        ":",
                        escaped(address.host()),
                        String.valueOf(address.port()),
                        escaped(address.database()),
                        escaped(address.user()),
                        escaped(address.password()))
                + "\n";
    }

    private static String escaped(String field) {
        return field.replace("\\", "\\\\").replace(":", "\\:");
    }
}
