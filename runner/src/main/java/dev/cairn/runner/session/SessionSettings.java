package dev.cairn.runner.session;

import dev.cairn.runner.sql.PinnedSql;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** The settings of every session of the runner. */
final class SessionSettings {
    /**
     * A lost client must not keep a backend and its locks alive: the server checks every few seconds, also during a
     * statement. Rows that a policy hides are an error and are not skipped silently.
     */
    private static final String COMMON = """
        SELECT pg_catalog.set_config('row_security', 'off', false),
               pg_catalog.set_config('tcp_keepalives_idle', '10', false),
               pg_catalog.set_config('tcp_keepalives_interval', '5', false),
               pg_catalog.set_config('tcp_keepalives_count', '3', false)
        """;

    private static final String CLIENT_CHECK = "SET client_connection_check_interval = '5s'";

    /**
     * The driver sends the JVM's time zone at startup, which overrides the time zone of the database and the role. This
     * query restores theirs, in PostgreSQL's order of precedence. Without one, the value of the configuration file
     * would count, but only a superuser may read it. The query then uses log_timezone, which initdb sets to the same
     * value.
     */
    private static final String TIME_ZONE = PinnedSql.of("""
        SELECT pg_catalog.set_config('TimeZone', coalesce(own.zone, current_setting('log_timezone')), false) AS zone,
               own.zone IS NOT NULL AS is_own
          FROM (SELECT) one LEFT JOIN LATERAL (
                SELECT substr(entry, length('timezone=') + 1) AS zone
                  FROM pg_catalog.pg_db_role_setting s, unnest(s.setconfig) entry
                 WHERE (s.setdatabase = 0 OR s.setdatabase = (SELECT oid FROM pg_catalog.pg_database
                                                                WHERE datname = current_database()))
                   AND (s.setrole = 0 OR s.setrole = (SELECT oid FROM pg_catalog.pg_roles WHERE rolname = session_user))
                   AND lower(entry) ~~ 'timezone=%'
                 ORDER BY s.setrole <> 0 DESC, s.setdatabase <> 0 DESC LIMIT 1) own ON true
        """);

    private SessionSettings() {}

    /**
     * The result.
     *
     * @param line the line for the log
     * @param isPooled whether there is a pool in front of the server
     */
    record Applied(String line, boolean isPooled) {}

    static Applied apply(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            var zone = setTimeZone(statement);
            // The next user of the session is another client. (Pools keep the time zone separate for each client.)
            if (Pooling.isBehind(connection)) {
                return new Applied(zone + "; through a pool: settings are made for each transaction", true);
            }
            statement.execute(COMMON);
            checkClient(statement);
            return new Applied(zone, false);
        }
    }

    private static String setTimeZone(Statement statement) throws SQLException {
        try (var rows = statement.executeQuery(TIME_ZONE)) {
            rows.next();
            // The log shows a guessed time zone: statements may turn instants into dates.
            return "session: time zone " + rows.getString("zone")
                    + (rows.getBoolean("is_own")
                            ? ", as the role or the database has it"
                            : ", as the server's log has it; ALTER DATABASE … SET timezone decides where that is not"
                                    + " the server's own");
        }
    }

    private static void checkClient(Statement statement) throws SQLException {
        try {
            statement.execute(CLIENT_CHECK);
        } catch (SQLException e) {
            // Not every platform of PostgreSQL supports this; there, keepalive must suffice.
            if (!"22023".equals(e.getSQLState())) throw e;
        }
    }
}
