package dev.cairn.runner.ledger;

import dev.cairn.plan.Identity;
import dev.cairn.runner.sql.PinnedSql;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * One migration's rows in the ledger. It holds no connection: each method uses the given connection and its
 * transaction. Thread-safe.
 */
public final class Ledger {
    private final String schema;
    private final Identity migration;
    private final WorkerPod worker;
    private final Migrations migrations;
    private final Map<String, String> pinned = new ConcurrentHashMap<>();

    /**
     * @param schema its name, not quoted
     * @param migration whose rows
     * @param worker the pod that writes them
     */
    public Ledger(String schema, Identity migration, WorkerPod worker) {
        this.schema = schema;
        this.migration = migration;
        this.worker = worker;
        this.migrations = new Migrations(this);
    }

    /**
     * Creates what is missing. Where the ledger exists it writes nothing. Uses its own transactions.
     *
     * @throws dev.cairn.runner.end.MigrationFailure if a right is missing or the schema has another use
     */
    public void install(Connection connection) throws SQLException {
        new Installation(schema).ensure(connection);
    }

    /**
     * Whether the ledger exists; writes nothing.
     *
     * @throws dev.cairn.runner.end.MigrationFailure if it exists but cannot be used
     */
    public boolean isInstalled(Connection connection) throws SQLException {
        return new Installation(schema).isCurrent(connection);
    }

    /** The row of the migration itself. */
    public Migrations migrations() {
        return migrations;
    }

    /** The check of the migrations that this one depends on. */
    public DependencyCheck dependencies() {
        return new DependencyCheck(this);
    }

    /** The rows of its steps. */
    public Steps steps() {
        return new Steps(this);
    }

    /** The walk over a table: what its first start froze. */
    public Walks walks() {
        return new Walks(this);
    }

    /** The ranges of a walk: its checkpoints. */
    public Ranges ranges() {
        return new Ranges(this);
    }

    /** The keys of a walk with a query. */
    public ListedKeys listed() {
        return new ListedKeys(this);
    }

    /** The checkpoint that a container moves in its transactions. */
    public Checkpoints checkpoints() {
        return new Checkpoints(this);
    }

    /** The rows that failed and were skipped. */
    public Skipped skipped() {
        return new Skipped(this);
    }

    /** Records an event. */
    public void event(Connection connection, String event, @Nullable String detail) throws SQLException {
        try (var insert = prepare(connection, """
            INSERT INTO %s.event (scope, kind, name, event, worker, detail) VALUES (?, ?, ?, ?, ?, ?)
            """)) {
            identity(insert, 1);
            insert.setString(4, event);
            insert.setString(5, worker.pod());
            insert.setString(6, detail);
            insert.executeUpdate();
        }
    }

    /** The schema's name, not quoted. */
    public String schema() {
        return schema;
    }

    /** The migration of these rows. */
    public Identity migration() {
        return migration;
    }

    /** The pod that writes. */
    public WorkerPod worker() {
        return worker;
    }

    /** An SQL identifier for a name. */
    public static String quote(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    /** @param sql of the ledger, with {@code %s} for the schema; {@link PinnedSql} qualifies its names */
    PreparedStatement prepare(Connection connection, String sql) throws SQLException {
        return connection.prepareStatement(
                pinned.computeIfAbsent(sql, text -> PinnedSql.of(text.formatted(quote(schema)))));
    }

    /** A parameter for an array of texts. */
    static @Nullable Array texts(Connection connection, @Nullable List<String> values) throws SQLException {
        return values == null ? null : connection.createArrayOf("text", values.toArray());
    }

    /** Sets scope, kind and name. */
    void identity(PreparedStatement statement, int first) throws SQLException {
        statement.setString(first, migration.scope());
        statement.setString(first + 1, migration.kind().name());
        statement.setString(first + 2, migration.name());
    }
}
