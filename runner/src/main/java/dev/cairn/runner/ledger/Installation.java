package dev.cairn.runner.ledger;

import dev.cairn.plan.Reason;
import dev.cairn.runner.end.MigrationFailure;
import dev.cairn.runner.report.Log;
import dev.cairn.runner.session.Transaction;
import java.sql.Array;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Creates the ledger in a database, once. Where it exists, this writes nothing and takes no lock. */
final class Installation {
    /** Always one row; the schema's columns are null while the schema does not exist. */
    private static final String SURVEY = """
        SELECT n.nspname IS NOT NULL AS present,
               pg_catalog.pg_get_userbyid(n.nspowner) AS owner,
               pg_catalog.has_schema_privilege(n.oid, 'CREATE') AS may_create,
               pg_catalog.has_schema_privilege(n.oid, 'USAGE') AS may_use,
               pg_catalog.has_database_privilege(pg_catalog.current_database(), 'CREATE') AS may_create_schema,
               pg_catalog.current_database() AS database, current_user AS me,
               (SELECT pg_catalog.array_agg(c.relname::pg_catalog.text ORDER BY c.relname)
                  FROM pg_catalog.pg_class c
                 WHERE c.relnamespace OPERATOR(pg_catalog.=) n.oid
                   AND c.relkind OPERATOR(pg_catalog.=) ANY (CAST('{r,p,v,m,f}' AS pg_catalog."char"[]))) AS relations,
               (SELECT pg_catalog.bool_or(NOT pg_catalog.has_table_privilege(c.oid, p))
                  FROM pg_catalog.pg_class c,
                       pg_catalog.unnest(CAST('{SELECT,INSERT,UPDATE,DELETE}' AS pg_catalog.text[])) p
                 WHERE c.relnamespace OPERATOR(pg_catalog.=) n.oid
                   AND c.relname OPERATOR(pg_catalog.=) ANY (known.names)) AS locked_out,
               EXISTS (SELECT FROM pg_catalog.pg_subscription_rel s
                         JOIN pg_catalog.pg_class c ON c.oid OPERATOR(pg_catalog.=) s.srrelid
                        WHERE c.relnamespace OPERATOR(pg_catalog.=) n.oid
                          AND c.relname OPERATOR(pg_catalog.=) ANY (known.names)) AS replicated
          FROM (SELECT CAST(? AS pg_catalog.name[]) AS names) known
          LEFT JOIN pg_catalog.pg_namespace n ON n.nspname OPERATOR(pg_catalog.=) ?
        """;

    /** Keeps two starts from creating it at the same time. The number is CAIRN in ASCII. */
    static final String LOCK = "SELECT pg_catalog.pg_advisory_xact_lock(289362301518)";

    /** Where these exist, other relations of the schema are ignored. */
    static final List<String> TABLES =
            List.of("checkpoint", "event", "listed", "migration", "range", "skipped", "step", "version", "walk");

    private final String schema;

    Installation(String schema) {
        this.schema = schema;
    }

    /** Runs in its own transactions. */
    void ensure(Connection connection) throws SQLException {
        if (!isCurrent(connection)) install(connection);
        new LedgerUpgrade(schema).ensure(connection);
    }

    private void install(Connection connection) throws SQLException {
        Transaction.run(connection, c -> {
            try (var lock = c.createStatement()) {
                lock.execute(LOCK);
            }
            if (!isCurrent(c)) create(c);
        });
        Log.info("ledger: created in schema " + schema);
    }

    /**
     * Whether the ledger exists and can be used; writes nothing.
     *
     * @throws MigrationFailure if the schema has something else than a trusted ledger of this version
     */
    boolean isCurrent(Connection connection) throws SQLException {
        var seen = survey(connection);
        if (seen.relations.isEmpty()) return false;
        requireTables(seen.relations);
        LedgerOwnership.require(connection, schema, TABLES);
        if (seen.lockedOut || !seen.mayUse)
            throw denied(
                    "GRANT USAGE ON SCHEMA " + quoted() + " TO " + seen.me + "; GRANT SELECT, INSERT, UPDATE, "
                            + "DELETE ON ALL TABLES IN SCHEMA " + quoted() + " TO " + seen.me,
                    seen);
        if (seen.replicated)
            throw new MigrationFailure(
                    Reason.InvalidSpec,
                    "the ledger's tables in schema " + schema + " are filled by logical replication: leave them out of "
                            + "the publication, this database needs its own ledger");
        requireKnownVersion(connection);
        return true;
    }

    private void requireTables(List<String> relations) {
        if (relations.containsAll(TABLES)) return;
        var missing =
                TABLES.stream().filter(table -> !relations.contains(table)).toList();
        throw new MigrationFailure(
                Reason.InvalidSpec,
                relations.contains("version") && relations.contains("migration")
                        ? "the ledger in schema " + schema + " lacks its tables " + String.join(", ", missing)
                                + ": restore them from a backup"
                        : "the schema " + schema + " is not Cairn's: it holds " + String.join(", ", relations)
                                + "; choose another one for spec.ledger.schema of the target");
    }

    private void requireKnownVersion(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(
                        "SELECT v.version FROM " + quoted() + ".version v ORDER BY v.version DESC LIMIT 1")) {
            int version = rows.next() ? rows.getInt(1) : 0;
            if (version != LedgerTables.VERSION) throw otherVersion(version);
        }
    }

    private MigrationFailure otherVersion(int version) {
        var found = "the ledger in schema " + schema + " has version " + version + ", this runner knows "
                + LedgerTables.VERSION + ": ";
        return new MigrationFailure(
                Reason.InvalidSpec,
                found
                        + (version > LedgerTables.VERSION
                                ? "a newer version of Cairn has upgraded it; run that version or a later one"
                                : "it is older and there is no upgrade from it; restore the ledger from a backup"));
    }

    private void create(Connection connection) throws SQLException {
        var seen = survey(connection);
        if (!seen.present && !seen.mayCreateSchema)
            throw denied(
                    "GRANT CREATE ON DATABASE " + Ledger.quote(seen.database) + " TO " + seen.me + ", or CREATE SCHEMA "
                            + quoted() + " AUTHORIZATION " + seen.me,
                    seen);
        // This check comes before any table is created: the schema's owner can replace tables.
        LedgerOwnership.require(connection, schema, TABLES);
        if (seen.present && !(seen.mayCreate && seen.mayUse))
            throw denied(
                    "GRANT CREATE, USAGE ON SCHEMA " + quoted() + " TO " + seen.me + " (it belongs to " + seen.owner
                            + ")",
                    seen);
        try (var statement = connection.createStatement()) {
            // PostgreSQL resolves defaults and checks by this path when it creates a table, and keeps the result.
            statement.execute("SET LOCAL search_path = pg_catalog, pg_temp");
            if (!seen.present) statement.execute("CREATE SCHEMA " + quoted());
            statement.execute(LedgerTables.CREATE.formatted(quoted()));
            statement.execute(CheckpointFunction.CREATE.formatted(quoted()));
            statement.execute(LedgerAdditions.sql(quoted()));
        }
    }

    private MigrationFailure denied(String grant, Survey seen) {
        return new MigrationFailure(
                Reason.AccessDenied,
                "the role " + seen.me + " may not keep its ledger in schema " + schema + ": run " + grant,
                "42501",
                null,
                null);
    }

    private Survey survey(Connection connection) throws SQLException {
        try (var query = connection.prepareStatement(SURVEY)) {
            query.setArray(1, connection.createArrayOf("text", TABLES.toArray()));
            query.setString(2, schema);
            try (var rows = query.executeQuery()) {
                rows.next();
                return new Survey(
                        rows.getBoolean("present"),
                        rows.getString("owner"),
                        rows.getBoolean("may_create"),
                        rows.getBoolean("may_use"),
                        rows.getBoolean("may_create_schema"),
                        rows.getString("database"),
                        Ledger.quote(rows.getString("me")),
                        relations(rows.getArray("relations")),
                        rows.getBoolean("locked_out"),
                        rows.getBoolean("replicated"));
            }
        }
    }

    private static List<String> relations(@Nullable Array names) throws SQLException {
        return names == null ? List.of() : List.of((String[]) names.getArray());
    }

    private String quoted() {
        return Ledger.quote(schema);
    }

    private record Survey(
            boolean present,
            @Nullable String owner,
            boolean mayCreate,
            boolean mayUse,
            boolean mayCreateSchema,
            String database,
            String me,
            List<String> relations,
            boolean lockedOut,
            boolean replicated) {}
}
