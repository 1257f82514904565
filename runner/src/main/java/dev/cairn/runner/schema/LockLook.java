package dev.cairn.runner.schema;

import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * A session's locks at one moment, seen from another connection.
 *
 * @param atMillis when, by the server's clock
 * @param transaction the server's name of the session's transaction, empty outside a transaction
 * @param waits whether it waits for a lock of any kind
 * @param waitedMillis how long it has waited, 0 where the server does not know it yet
 * @param blocks whether it holds or requests a lock that blocks reads or writes of others
 * @param held a table on which it holds such a lock, null for none
 */
record LockLook(
        long atMillis,
        String transaction,
        boolean waits,
        long waitedMillis,
        boolean blocks,
        @Nullable String held) {
    /**
     * A requested lock counts, too: later sessions wait behind it. A table that the session has just created blocks no
     * other session, and its catalogue row is not visible here.
     */
    private static final String LOOK = """
        SELECT CAST(extract(epoch FROM pg_catalog.clock_timestamp()) OPERATOR(pg_catalog.*) 1000 AS pg_catalog.int8) AS at,
               pg_catalog.max(mine.virtualtransaction) AS transaction,
               coalesce(pg_catalog.bool_or(NOT mine.granted), false) AS waits,
               coalesce(CAST(pg_catalog.max(extract(epoch FROM pg_catalog.clock_timestamp()
                   OPERATOR(pg_catalog.-) mine.waitstart)) OPERATOR(pg_catalog.*) 1000 AS pg_catalog.int8), 0) AS waited,
               coalesce(pg_catalog.bool_or(mine.strong), false) AS blocks,
               pg_catalog.min(CASE WHEN mine.strong AND mine.granted THEN mine.name END) AS held
          FROM (SELECT locks.virtualtransaction, locks.granted, locks.waitstart,
                       class.oid IS NOT NULL AND locks.mode OPERATOR(pg_catalog.=) ANY (CAST(
                           '{ShareLock,ShareRowExclusiveLock,ExclusiveLock,AccessExclusiveLock}'
                           AS pg_catalog.text[])) AS strong,
                       CAST(CAST(class.oid AS pg_catalog.regclass) AS pg_catalog.text) AS name
                  FROM pg_catalog.pg_locks locks
                  LEFT JOIN pg_catalog.pg_class class
                    ON locks.locktype OPERATOR(pg_catalog.=) CAST('relation' AS pg_catalog.text)
                   AND class.oid OPERATOR(pg_catalog.=) locks.relation
                 WHERE locks.pid OPERATOR(pg_catalog.=) ?) mine
        """;

    /**
     * @param observer any connection other than the session's
     * @param pid of the session's server process, 0 for none
     */
    static LockLook of(Connection observer, int pid) throws SQLException {
        try (var query = observer.prepareStatement(LOOK)) {
            query.setInt(1, pid);
            try (var rows = query.executeQuery()) {
                rows.next();
                var transaction = rows.getString("transaction");
                return new LockLook(
                        rows.getLong("at"),
                        transaction == null ? "" : transaction,
                        rows.getBoolean("waits"),
                        rows.getLong("waited"),
                        rows.getBoolean("blocks"),
                        rows.getString("held"));
            }
        }
    }
}
