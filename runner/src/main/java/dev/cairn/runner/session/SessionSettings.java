package dev.cairn.runner.session;

import dev.cairn.runner.sql.PinnedSql;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** What every session of the runner sets, whatever it is for. */
final class SessionSettings {
    /**
     * A client that is gone must not keep a backend (and its locks) alive: the server looks every few seconds, also in
     * the middle of a statement. Rows that a policy hides are an error, not a silent skip.
     */
    private static final String COMMON = """
        SELECT pg_catalog.set_config('row_security', 'off', false),
               pg_catalog.set_config('tcp_keepalives_idle', '10', false),
               pg_catalog.set_config('tcp_keepalives_interval', '5', false),
               pg_catalog.set_config('tcp_keepalives_count', '3', false)
        """;

    private static final String CLIENT_CHECK = "SET client_connection_check_interval = '5s'";

    /**
     * The driver sends the JVM's time zone at startup, above the database's and the role's own. Theirs is put back, the
     * closest first as PostgreSQL has it; without one the configuration file's counts, which only a superuser may read:
     * what initdb wrote for the log beside it stands for it.
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
     * What came of it.
     *
     * @param line what a person should know of the session
     * @param isPooled whether there is a pool between here and the server
     */
    record Applied(String line, boolean isPooled) {}

    static Applied apply(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            var zone = setTimeZone(statement);
            // Its next user is somebody else. (The time zone is among what pools keep apart for each client.)
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
            // A guess must not be a silent one: statements may turn instants into dates.
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
            // Not on every platform that PostgreSQL runs on; there, keepalive has to do.
            if (!"22023".equals(e.getSQLState())) throw e;
        }
    }
}
