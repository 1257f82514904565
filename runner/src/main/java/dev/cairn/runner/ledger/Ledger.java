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
 * One migration's pages in the ledger. Holds no connection: each method works on the one it is given, in the
 * transaction that it is in. Thread-safe.
 */
public final class Ledger {
    private final String schema;
    private final Identity migration;
    private final WorkerPod worker;
    private final Migrations migrations;
    private final Map<String, String> pinned = new ConcurrentHashMap<>();

    /**
     * @param schema its name, not quoted
     * @param migration whose pages
     * @param worker who writes them
     */
    public Ledger(String schema, Identity migration, WorkerPod worker) {
        this.schema = schema;
        this.migration = migration;
        this.worker = worker;
        this.migrations = new Migrations(this);
    }

    /**
     * Creates what is missing; writes nothing where the ledger is there. Uses transactions of its own.
     *
     * @throws dev.cairn.runner.end.MigrationFailure if a right is missing or the schema is somebody else's
     */
    public void install(Connection connection) throws SQLException {
        new Installation(schema).ensure(connection);
    }

    /**
     * Whether it is there; looks, and writes nothing.
     *
     * @throws dev.cairn.runner.end.MigrationFailure if what is there cannot be used
     */
    public boolean isInstalled(Connection connection) throws SQLException {
        return new Installation(schema).isCurrent(connection);
    }

    /** The line of the migration itself. */
    public Migrations migrations() {
        return migrations;
    }

    /** What the ledger knows of the migrations that this one depends on. */
    public DependencyCheck dependencies() {
        return new DependencyCheck(this);
    }

    /** The lines of its steps. */
    public Steps steps() {
        return new Steps(this);
    }

    /** The walk over a table: what was frozen. */
    public Walks walks() {
        return new Walks(this);
    }

    /** The ranges of a walk: its checkpoints. */
    public Ranges ranges() {
        return new Ranges(this);
    }

    /** The keys of a walk that has a query for them. */
    public ListedKeys listed() {
        return new ListedKeys(this);
    }

    /** The checkpoint that a container moves in its own transactions. */
    public Checkpoints checkpoints() {
        return new Checkpoints(this);
    }

    /** The rows that failed and were passed over. */
    public Skipped skipped() {
        return new Skipped(this);
    }

    /** Writes down what happened. */
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

    /** Whose pages these are. */
    public Identity migration() {
        return migration;
    }

    /** Who writes. */
    public WorkerPod worker() {
        return worker;
    }

    /** An SQL identifier for a name. */
    public static String quote(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    /** @param sql of the ledger's own, with {@code %s} for the schema; it is {@link PinnedSql pinned} */
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
