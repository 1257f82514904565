package dev.cairn.runner.hold;

import dev.cairn.plan.HoldCondition;
import dev.cairn.plan.Work;
import dev.cairn.runner.session.Connector;
import dev.cairn.runner.sql.PinnedSql;
import java.util.function.LongSupplier;

/** Creates the signal of each hold. Where the signal is one number of the server, this class has its SQL. */
final class Signals {
    /**
     * Age of the oldest transaction that keeps VACUUM from removing dead tuples of the database: one with a snapshot or
     * an id, or a prepared one. VACUUM and this runner do not count.
     */
    private static final String OLDEST_TRANSACTION = PinnedSql.of("""
        SELECT coalesce(extract(epoch FROM max(clock_timestamp() - t.began)) * 1000, 0)::bigint
          FROM (SELECT a.xact_start AS began
                  FROM pg_catalog.pg_stat_activity a
                 WHERE a.datname = current_database() AND (a.backend_xid IS NOT NULL OR a.backend_xmin IS NOT NULL)
                   AND NOT (a.usename = session_user AND a.application_name = current_setting('application_name'))
                   AND NOT EXISTS (SELECT FROM pg_catalog.pg_stat_progress_vacuum v WHERE v.pid = a.pid)
                 UNION ALL
                SELECT p.prepared FROM pg_catalog.pg_prepared_xacts p WHERE p.database = current_database()) t
        """);

    /** The server refuses a role without pg_monitor. */
    private static final String WAL_TO_ARCHIVE =
            PinnedSql.of("SELECT count(*) FROM pg_catalog.pg_ls_archive_statusdir() WHERE name ~~ '%.ready'");

    /** Leaves out this runner's own sessions. */
    private static final String BLOCKED_SESSIONS = PinnedSql.of("""
        SELECT count(DISTINCT l.pid)
          FROM pg_catalog.pg_locks l
         WHERE NOT l.granted
           AND NOT EXISTS (SELECT FROM pg_catalog.pg_stat_activity a
                            WHERE a.pid = l.pid AND a.usename = session_user
                              AND a.application_name = current_setting('application_name'))
        """);

    private static final LongSupplier CLOCK = System::nanoTime;

    private final Connector connector;
    private final Work.Backfill work;

    /** @param connector to the primary */
    Signals(Connector connector, Work.Backfill work) {
        this.connector = connector;
        this.work = work;
    }

    Signal of(HoldCondition hold) {
        return switch (hold) {
            case HoldCondition.Signal signal -> of(signal);
            case HoldCondition.Query query -> new QuerySignal(query, !query.ofPlan() || isPlanned(query));
            case HoldCondition.Unknown _ -> new Unreadable();
        };
    }

    private Signal of(HoldCondition.Signal hold) {
        var replica = hold.secret();
        return switch (hold.signal()) {
            case REPLICATION_LAG ->
                replica == null
                        ? new ReplicationLag(hold.replicas(), CLOCK)
                        : new ReplicaLag(replica, connector.replica(replica), CLOCK);
            case DEAD_TUPLES -> new DeadTuples(work.over().table());
            case OLDEST_TRANSACTION -> new OneNumber(OLDEST_TRANSACTION, true);
            case WAL_TO_ARCHIVE -> new OneNumber(WAL_TO_ARCHIVE, false);
            case BLOCKED_SESSIONS -> new OneNumber(BLOCKED_SESSIONS, false);
        };
    }

    private boolean isPlanned(HoldCondition.Query query) {
        var planned = work.holds();
        return planned != null && planned.contains(query.sql());
    }
}
