package dev.cairn.runner.hold;

import dev.cairn.runner.sql.PinnedSql;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.LongSupplier;

/** The lag of the slowest physical replica, as the primary sees it. */
final class ReplicationLag implements Signal {
    /** Excludes logical subscribers, which apply at their own pace, and base backups, which apply nothing. */
    private static final String REPLICAS = PinnedSql.of("""
        SELECT CASE WHEN r.application_name <> '' THEN r.application_name
                    ELSE coalesce(host(r.client_addr), 'pid ' || r.pid) END AS replica,
               (r.replay_lsn - '0/0'::pg_catalog.pg_lsn)::bigint AS replayed,
               (extract(epoch FROM r.replay_lag) * 1000)::bigint AS told
          FROM pg_catalog.pg_stat_replication r
         WHERE (r.state = 'catchup' OR r.state = 'streaming')
           AND NOT EXISTS (SELECT FROM pg_catalog.pg_replication_slots s
                            WHERE s.active_pid = r.pid AND s.slot_type = 'logical')
        """);

    private final int replicas;
    private final WalHistory positions;

    /** @param replicas how many must be connected */
    ReplicationLag(int replicas, LongSupplier nanoTime) {
        this.replicas = replicas;
        this.positions = new WalHistory(nanoTime);
    }

    @Override
    public Reading read(Connection primary) throws SQLException {
        var missing = Rights.missing(primary);
        if (missing.isPresent()) return missing.get();
        positions.now(Wal.position(primary));
        try (var statement = primary.createStatement();
                var rows = statement.executeQuery(REPLICAS)) {
            return slowest(rows);
        }
    }

    private Reading slowest(ResultSet rows) throws SQLException {
        long slowest = 0;
        int connected = 0;
        while (rows.next()) {
            connected++;
            long replayed = rows.getLong("replayed");
            if (rows.wasNull()) return new Reading.Unknown(rows.getString("replica") + " has not said how far it is");
            long told = rows.getLong("told");
            var lag = positions.since(replayed);
            if (lag.isEmpty() && rows.wasNull())
                return new Reading.Unknown(rows.getString("replica") + " is behind, and nothing tells yet since when");
            slowest = Math.max(
                    slowest,
                    lag.map(Duration::toMillis)
                            .orElseGet(() -> Math.max(told, positions.watched().toMillis())));
        }
        return connected < replicas
                ? new Reading.Unknown(connected + " of " + replicas + " replicas connected")
                : new Reading.Amount(BigDecimal.valueOf(slowest));
    }
}
