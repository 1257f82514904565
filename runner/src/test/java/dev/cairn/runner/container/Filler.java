package dev.cairn.runner.container;

import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;

/**
 * A program as users write them, for tests: adds 1 to every n of table t, a hundred rows in each transaction, and moves
 * its checkpoint in it. Knows nothing but its environment.
 */
final class Filler {
    private static final String BATCH = """
        WITH batch AS (SELECT id FROM t WHERE id > ? ORDER BY id LIMIT 100),
             changed AS (UPDATE t SET n = n + 1 FROM batch WHERE t.id = batch.id RETURNING t.id)
        SELECT count(*), max(id) FROM changed
        """;

    private Filler() {}

    public static void main(String[] args) throws SQLException {
        var url = "jdbc:postgresql://%s:%s/%s".formatted(env("PGHOST"), env("PGPORT"), env("PGDATABASE"));
        try (var connection = DriverManager.getConnection(url, env("PGUSER"), "postgres")) {
            connection.setAutoCommit(false);
            var at = env("CAIRN_CHECKPOINT");
            while (true) {
                try (var batch = connection.prepareStatement(BATCH)) {
                    batch.setLong(1, at.isEmpty() ? 0 : Long.parseLong(at));
                    var rows = batch.executeQuery();
                    rows.next();
                    if (rows.getLong(1) == 0) return;
                    checkpoint(connection, at, rows.getString(2), rows.getLong(1));
                    at = rows.getString(2);
                }
                connection.commit();
            }
        }
    }

    private static void checkpoint(java.sql.Connection connection, String expected, String cursor, long rows)
            throws SQLException {
        var sql = "SELECT " + env("CAIRN_LEDGER") + ".checkpoint(?, ?, ?, ?, ?, 20000)";
        try (var call = connection.prepareStatement(sql)) {
            call.setString(1, env("CAIRN_MIGRATION"));
            call.setString(2, env("CAIRN_TOKEN"));
            call.setString(3, expected);
            call.setString(4, cursor);
            call.setLong(5, rows);
            call.execute();
        }
    }

    /** How it is started. */
    static List<String> command() {
        return List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Filler.class.getName());
    }

    private static String env(String name) {
        return System.getenv(name);
    }
}
