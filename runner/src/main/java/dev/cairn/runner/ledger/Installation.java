package dev.cairn.runner.ledger;

import dev.cairn.plan.Reason;
import dev.cairn.runner.end.MigrationFailure;
import dev.cairn.runner.report.Log;
import dev.cairn.runner.session.Transaction;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Puts the ledger into a database, once. Where it is already, nothing is written and no lock taken. */
final class Installation {
    /** One row always; the schema's columns are null while there is no such schema. */
    private static final String SURVEY = """
        SELECT n.nspname IS NOT NULL AS present,
               pg_catalog.pg_get_userbyid(n.nspowner) AS owner,
               pg_catalog.has_schema_privilege(n.oid, 'CREATE') AS may_create,
               pg_catalog.has_schema_privilege(n.oid, 'USAGE') AS may_use,
               pg_catalog.has_database_privilege(current_database(), 'CREATE') AS may_create_schema,
               current_database() AS database, current_user AS me,
               (SELECT string_agg(relname, ', ' ORDER BY relname)
                  FROM pg_catalog.pg_class WHERE relnamespace = n.oid AND relkind IN ('r', 'p', 'v', 'm', 'f')) AS relations,
               (SELECT bool_or(NOT pg_catalog.has_table_privilege(c.oid, p))
                  FROM pg_catalog.pg_class c, unnest('{SELECT,INSERT,UPDATE,DELETE}'::text[]) p
                 WHERE c.relnamespace = n.oid AND c.relkind = 'r') AS locked_out,
               EXISTS (SELECT FROM pg_catalog.pg_subscription_rel s JOIN pg_catalog.pg_class c ON c.oid = s.srrelid
                        WHERE c.relnamespace = n.oid) AS replicated
          FROM (SELECT) one LEFT JOIN pg_catalog.pg_namespace n ON n.nspname = ?
        """;

    /** Two starts at once must not both create it; the number says CAIRN in ASCII. */
    private static final String LOCK = "SELECT pg_catalog.pg_advisory_xact_lock(289362301518)";

    private static final String OURS = "checkpoint, event, listed, migration, range, skipped, step, version, walk";

    private final String schema;

    Installation(String schema) {
        this.schema = schema;
    }

    /** Runs in transactions of its own. */
    void ensure(Connection connection) throws SQLException {
        if (isCurrent(connection)) return;
        Transaction.run(connection, c -> {
            try (var lock = c.createStatement()) {
                lock.execute(LOCK);
            }
            if (!isCurrent(c)) create(c);
        });
        Log.info("ledger: created in schema " + schema);
    }

    private boolean isCurrent(Connection connection) throws SQLException {
        var seen = survey(connection);
        var relations = seen.relations;
        if (relations == null) return false;
        if (!relations.equals(OURS))
            throw new MigrationFailure(
                    Reason.InvalidSpec,
                    "the schema " + schema + " is not Cairn's: it holds " + relations
                            + "; choose another one for spec.ledger.schema of the target");
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

    private void requireKnownVersion(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT max(version) FROM " + quoted() + ".version")) {
            rows.next();
            int version = rows.getInt(1);
            if (version != LedgerTables.VERSION)
                throw new MigrationFailure(
                        Reason.InvalidSpec,
                        "the ledger in schema " + schema + " has version " + version + ", this runner knows "
                                + LedgerTables.VERSION + ": run the newer version of Cairn");
        }
    }

    private void create(Connection connection) throws SQLException {
        var seen = survey(connection);
        if (!seen.present && !seen.mayCreateSchema)
            throw denied(
                    "GRANT CREATE ON DATABASE " + Ledger.quote(seen.database) + " TO " + seen.me + ", or CREATE SCHEMA "
                            + quoted() + " AUTHORIZATION " + seen.me,
                    seen);
        if (seen.present && !(seen.mayCreate && seen.mayUse))
            throw denied(
                    "GRANT CREATE, USAGE ON SCHEMA " + quoted() + " TO " + seen.me + " (it belongs to " + seen.owner
                            + ")",
                    seen);
        try (var statement = connection.createStatement()) {
            if (!seen.present) statement.execute("CREATE SCHEMA " + quoted());
            statement.execute(LedgerTables.CREATE.formatted(quoted()));
            statement.execute(CheckpointFunction.CREATE.formatted(quoted()));
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
            query.setString(1, schema);
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
                        rows.getString("relations"),
                        rows.getBoolean("locked_out"),
                        rows.getBoolean("replicated"));
            }
        }
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
            @Nullable String relations,
            boolean lockedOut,
            boolean replicated) {}
}
