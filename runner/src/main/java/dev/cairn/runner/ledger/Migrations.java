package dev.cairn.runner.ledger;

import dev.cairn.plan.Checksum;
import dev.cairn.runner.ledger.MigrationRow.State;
import dev.cairn.runner.sql.PinnedSql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The table {@code migration}: one row for each migration that ever started here. */
public final class Migrations {
    private static final String SELECT = """
        SELECT m.state, m.checksum, m.token, m.attempts, m.finished, m.error, m.worker,
               m.worker_pid, m.worker_backend_start, m.estimated_rows, added.checksum_format, added.checksum_newer
          FROM %s.migration m
          LEFT JOIN LATERAL pg_catalog.jsonb_to_record(pg_catalog.to_jsonb(m))
                         AS added (facts_token pg_catalog.uuid, checksum_format integer,
                                  checksum_newer pg_catalog.text)
            ON added.facts_token = m.token
         WHERE m.scope = ? AND m.kind = ? AND m.name = ?
        """;
    private static final String LOCKED = SELECT + " FOR UPDATE OF m";
    private static final String INSERT = """
        INSERT INTO %s.migration (scope, kind, name, state, checksum, token, attempts, started)
        VALUES (?, ?, ?, 'running', ?, ?, 0, clock_timestamp()) ON CONFLICT DO NOTHING
        """;
    private static final String BEGIN = """
        UPDATE %s.migration
           SET state = 'running', checksum = ?, token = ?, attempts = attempts + 1, finished = NULL, error = NULL,
               image = ?, worker = ?, worker_pid = pg_catalog.pg_backend_pid(),
               worker_backend_start = (SELECT backend_start FROM pg_catalog.pg_stat_get_activity(pg_catalog.pg_backend_pid())),
               facts_token = ?, checksum_format = ?, checksum_newer = ?, content_hash = ?, verify_checksum = ?,
               attempt_started = clock_timestamp(),
               outcome = NULL, approved_by = NULL, decided_by = NULL, decided_why = NULL
         WHERE scope = ? AND kind = ? AND name = ?
        RETURNING attempts
        """;
    private static final String REJOIN = """
        UPDATE %s.migration
           SET worker_pid = pg_catalog.pg_backend_pid(),
               worker_backend_start = (SELECT backend_start FROM pg_catalog.pg_stat_get_activity(pg_catalog.pg_backend_pid()))
         WHERE scope = ? AND kind = ? AND name = ? AND token = ? AND state = 'running'
        """;
    private static final String FINISH = """
        UPDATE %s.migration SET state = ?, error = ?, finished = clock_timestamp()
         WHERE scope = ? AND kind = ? AND name = ? AND token = ? AND state = 'running'
        """;
    /**
     * Starts and ends in the ledger must survive a crash, also where the role or database turns synchronous_commit off.
     */
    private static final String DURABLE = PinnedSql.of("""
        SELECT pg_catalog.set_config('synchronous_commit', 'on', true)
         WHERE current_setting('synchronous_commit') = 'off'
        """);

    private static final String ESTIMATE = """
        UPDATE %s.migration SET estimated_rows = ? WHERE scope = ? AND kind = ? AND name = ? AND token = ?
        """;

    private final Ledger ledger;

    /** This start's number; 0 before the start. */
    private volatile int attempt;

    Migrations(Ledger ledger) {
        this.ledger = ledger;
    }

    /** The row as it is; takes no lock and writes nothing. */
    public Optional<MigrationRow> read(Connection connection) throws SQLException {
        return select(connection, SELECT);
    }

    /** The row, locked until the transaction ends. Where it is missing it is created, with zero attempts. */
    public MigrationRow lock(Connection connection, Checksum checksum) throws SQLException {
        var row = select(connection, LOCKED);
        if (row.isPresent()) return row.get();
        try (var insert = ledger.prepare(connection, INSERT)) {
            ledger.identity(insert, 1);
            insert.setString(4, checksum.format1());
            insert.setObject(5, UUID.randomUUID());
            insert.executeUpdate();
        }
        return select(connection, LOCKED).orElseThrow();
    }

    /**
     * Begins a start: state running, a new token, one more attempt, this session as the worker. Ranges and the
     * checkpoint get the token, too. So an earlier start, which has the old token, can no longer move them.
     *
     * @return the token
     */
    public UUID begin(Connection connection, Checksum checksum) throws SQLException {
        durable(connection);
        var token = UUID.randomUUID();
        try (var update = ledger.prepare(connection, BEGIN)) {
            update.setString(1, checksum.format1());
            update.setObject(2, token);
            update.setString(3, ledger.worker().image());
            update.setString(4, ledger.worker().pod());
            update.setObject(5, token);
            update.setInt(6, Checksum.FORMAT);
            update.setString(7, checksum.format2());
            update.setString(8, checksum.content());
            update.setString(9, checksum.verify());
            ledger.identity(update, 10);
            try (var row = update.executeQuery()) {
                row.next();
                attempt = row.getInt(1);
            }
        }
        ledger.ranges().own(connection, token);
        ledger.checkpoints().own(connection, token);
        ledger.event(connection, "Started", checksum.format2());
        return token;
    }

    /**
     * Locks the row until the transaction ends, if this start still owns it.
     *
     * @throws FencedException if another start owns it
     */
    public MigrationRow lockMine(Connection connection, UUID token) throws SQLException {
        var row = select(connection, LOCKED).orElseThrow(this::unknown);
        if (!row.token().equals(token) || row.state() != State.RUNNING) throw gone(row);
        return row;
    }

    /** Whether this start still owns the migration and the migration is not finished. */
    public boolean owns(Connection connection, UUID token) throws SQLException {
        return read(connection)
                .filter(row -> row.token().equals(token) && row.state() == State.RUNNING)
                .isPresent();
    }

    /** The exception where another start owns it. */
    public FencedException fenced(Connection connection) throws SQLException {
        return read(connection).map(this::gone).orElseGet(this::unknown);
    }

    /** The exception where the database has lost commits that this start saw. */
    public FencedException unknown() {
        return new FencedException("the ledger is older than this start of " + ledger.migration()
                + ": a failover or a restored copy has lost the last commits, both rows and checkpoints. The next "
                + "start continues from the present state");
    }

    /**
     * Registers another session for this start.
     *
     * @throws FencedException if another start owns the migration
     */
    public void rejoin(Connection connection, UUID token) throws SQLException {
        try (var update = ledger.prepare(connection, REJOIN)) {
            ledger.identity(update, 1);
            update.setObject(4, token);
            if (update.executeUpdate() == 0) throw fenced(connection);
        }
    }

    /** @throws FencedException if another start owns the migration */
    public void applied(Connection connection, UUID token) throws SQLException {
        finish(connection, token, State.APPLIED, null);
        ledger.listed().forget(connection);
        ledger.event(connection, "Applied", null);
    }

    /**
     * @param error the reason, for people; cut at 4000 characters
     * @throws FencedException if another start owns the migration
     */
    public void failed(Connection connection, UUID token, String error) throws SQLException {
        finish(connection, token, State.FAILED, error.substring(0, Math.min(error.length(), 4000)));
        ledger.event(connection, "Failed", error);
    }

    /** Stores the number of rows that the statistics estimate. */
    public void estimate(Connection connection, UUID token, long rows) throws SQLException {
        try (var update = ledger.prepare(connection, ESTIMATE)) {
            update.setLong(1, rows);
            ledger.identity(update, 2);
            update.setObject(5, token);
            update.executeUpdate();
        }
    }

    private void finish(Connection connection, UUID token, State state, @Nullable String error) throws SQLException {
        durable(connection);
        try (var update = ledger.prepare(connection, FINISH)) {
            update.setString(1, state.text());
            update.setString(2, error);
            ledger.identity(update, 3);
            update.setObject(6, token);
            if (update.executeUpdate() == 0) throw fenced(connection);
        }
    }

    static void durable(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(DURABLE);
        }
    }

    /** The row has another token: that of a later start or, after a failover, that of an earlier one. */
    private FencedException gone(MigrationRow row) {
        if (row.attempts() < attempt) return unknown();
        var other = row.worker() == null ? "another start" : row.worker();
        return new FencedException(
                ledger.migration() + " was taken over by " + other + ": this run ends, the other one goes on");
    }

    private Optional<MigrationRow> select(Connection connection, String sql) throws SQLException {
        try (var query = ledger.prepare(connection, sql)) {
            ledger.identity(query, 1);
            try (var rows = query.executeQuery()) {
                return rows.next() ? Optional.of(row(rows)) : Optional.empty();
            }
        }
    }

    private static MigrationRow row(ResultSet rows) throws SQLException {
        var finished = rows.getObject("finished", OffsetDateTime.class);
        var backendStart = rows.getObject("worker_backend_start", OffsetDateTime.class);
        long estimated = rows.getLong("estimated_rows");
        Long estimatedRows = rows.wasNull() ? null : estimated;
        boolean newer = rows.getInt("checksum_format") == Checksum.FORMAT;
        return new MigrationRow(
                State.of(rows.getString("state")),
                newer ? Checksum.FORMAT : 1,
                rows.getString(newer ? "checksum_newer" : "checksum"),
                rows.getObject("token", UUID.class),
                rows.getInt("attempts"),
                finished == null ? null : finished.toInstant(),
                rows.getString("error"),
                rows.getString("worker"),
                backendStart == null ? null : new Backend(rows.getInt("worker_pid"), backendStart),
                estimatedRows);
    }
}
