package dev.cairn.runner.hold;

import dev.cairn.runner.end.MigrationFailure;
import dev.cairn.runner.session.Connector;
import dev.cairn.runner.session.SqlFailures;
import dev.cairn.runner.sql.PinnedSql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The lag of one replica, asked on a connection to it. The answer is compared with the primary's WAL position. So an
 * idle primary does not look like lag, and a replica that lost its stream does not look current.
 */
final class ReplicaLag implements Signal {
    private static final String STANDING = PinnedSql.of("""
        SELECT pg_catalog.pg_is_in_recovery() AS replica,
               (pg_catalog.pg_last_wal_replay_lsn() - '0/0'::pg_catalog.pg_lsn)::bigint AS replayed,
               (extract(epoch FROM clock_timestamp() - pg_catalog.pg_last_xact_replay_timestamp()) * 1000)::bigint
                   AS told
        """);

    private final String secret;
    private final Connector connector;
    private final WalHistory positions;
    private @Nullable Connection replica;

    /**
     * @param secret the Secret with the credentials of the replica
     * @param connector to the replica
     */
    ReplicaLag(String secret, Connector connector, LongSupplier nanoTime) {
        this.secret = secret;
        this.connector = connector;
        this.positions = new WalHistory(nanoTime);
    }

    @Override
    public Reading read(Connection primary) throws SQLException {
        positions.now(Wal.position(primary));
        if (!connector.isMounted())
            return new Reading.Unknown("Secret \"" + secret
                    + "\" was not named when this Job was created, and is not mounted: delete the Job. The "
                    + "operator creates it again, and it continues from its checkpoint");
        try {
            var connection = connection();
            return Probe.guarded(connection, this::standing);
        } catch (MigrationFailure e) {
            return new Reading.Unknown(e.text());
        } catch (SQLException e) {
            close();
            return new Reading.Unknown("Secret \"" + secret + "\": " + SqlFailures.text(e));
        }
    }

    private Connection connection() throws SQLException {
        var open = replica;
        if (open != null) return open;
        var opened = Probe.open(connector);
        replica = opened;
        return opened;
    }

    private Reading standing(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(STANDING)) {
            rows.next();
            if (!rows.getBoolean("replica"))
                return new Reading.Unknown("the server of Secret \"" + secret + "\" is no replica");
            return lag(rows);
        }
    }

    private Reading lag(ResultSet rows) throws SQLException {
        long replayed = rows.getLong("replayed");
        if (rows.wasNull()) return new Reading.Unknown("it has not replayed anything yet");
        var lag = positions.since(replayed);
        if (lag.isPresent()) return Reading.Amount.of(lag.get().toMillis());
        long told = rows.getLong("told");
        if (rows.wasNull()) return new Reading.Unknown("it is behind, and nothing tells yet since when");
        return Reading.Amount.of(Math.max(told, positions.watched().toMillis()));
    }

    @Override
    public void close() {
        Connector.close(replica);
        replica = null;
    }
}
