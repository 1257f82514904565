package dev.cairn.runner.ledger;

import dev.cairn.plan.LedgerQuestion;
import dev.cairn.plan.LedgerState;
import dev.cairn.plan.Reason;
import dev.cairn.runner.end.MigrationFailure;
import dev.cairn.runner.session.Transaction;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/**
 * Answers a question about many migrations from the ledger's rows. It changes nothing, and the ledger need not exist.
 */
public final class LedgerReading {
    /** All names are those of pg_catalog, for any path of the role. A lock on the ledger must not make the Job hang. */
    private static final List<String> READ_ONLY = List.of(
            "SET TRANSACTION READ ONLY",
            "SET LOCAL search_path = pg_catalog, pg_temp",
            "SET LOCAL statement_timeout = '20s'",
            "SET LOCAL row_security = off");

    private static final String SURVEY = """
        SELECT n.oid IS NOT NULL AS present, c.relkind = 'r' AS is_table,
               has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT') AS may_read,
               quote_ident(current_user) AS me
          FROM (SELECT) one
               LEFT JOIN pg_namespace n ON n.nspname = ?::text
               LEFT JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = 'migration'
        """;

    private final String schema;

    /** @param schema of the ledger, not quoted */
    public LedgerReading(String schema) {
        this.schema = schema;
    }

    /**
     * A state for each entry, in the question's order, all from one snapshot.
     *
     * @throws MigrationFailure if the role may not read the ledger, or the schema has no trusted ledger
     * @throws SQLException any other failure
     */
    public List<LedgerState> answer(Connection connection, LedgerQuestion question) throws SQLException {
        return Transaction.in(connection, c -> {
            for (var setting : READ_ONLY) {
                try (var statement = c.createStatement()) {
                    statement.execute(setting);
                }
            }
            return isThere(c)
                    ? states(c, question)
                    : Collections.nCopies(question.entries().size(), LedgerState.Absent);
        });
    }

    /**
     * Checks the ownership, too: a foreign owner of a part, or a filter on its rows, could report any migration as
     * applied.
     */
    private boolean isThere(Connection connection) throws SQLException {
        try (var query = connection.prepareStatement(SURVEY)) {
            query.setString(1, schema);
            try (var rows = query.executeQuery()) {
                rows.next();
                if (!rows.getBoolean("present")) return false;
                boolean table = rows.getBoolean("is_table");
                boolean isLedger = !rows.wasNull();
                if (isLedger && !table)
                    throw new MigrationFailure(
                            Reason.InvalidSpec,
                            "the schema " + schema + " is not Cairn's: its migration is not a table; choose another "
                                    + "one for spec.ledger.schema of the target");
                LedgerOwnership.require(connection, schema, Installation.TABLES);
                if (isLedger && !rows.getBoolean("may_read")) throw denied(rows.getString("me"));
                return isLedger;
            }
        }
    }

    private MigrationFailure denied(String role) {
        var quoted = Ledger.quote(schema);
        return new MigrationFailure(
                Reason.AccessDenied,
                "the role " + role + " may not read the ledger in schema " + schema + ": run GRANT USAGE ON SCHEMA "
                        + quoted + " TO " + role + "; GRANT SELECT ON ALL TABLES IN SCHEMA " + quoted + " TO " + role,
                "42501",
                null,
                null);
    }

    private List<LedgerState> states(Connection connection, LedgerQuestion question) throws SQLException {
        var entries = question.entries();
        try (var query = connection.prepareStatement("""
            SELECT coalesce(added.outcome, m.state) AS state, m.checksum, added.checksum_newer
              FROM unnest(?::text[], ?::text[]) WITH ORDINALITY q (kind, name, n)
                   LEFT JOIN %s.migration m ON m.scope = ?::text AND m.kind = q.kind AND m.name = q.name
                   LEFT JOIN LATERAL jsonb_to_record(to_jsonb(m))
                                  AS added (facts_token uuid, checksum_newer text, outcome text)
                     ON added.facts_token = m.token
             ORDER BY q.n
            """.formatted(Ledger.quote(schema)))) {
            query.setArray(
                    1,
                    Ledger.texts(
                            connection,
                            entries.stream().map(entry -> entry.kind().name()).toList()));
            query.setArray(
                    2,
                    Ledger.texts(
                            connection,
                            entries.stream().map(LedgerQuestion.Entry::name).toList()));
            query.setString(3, question.scope());
            var states = new ArrayList<LedgerState>();
            try (var rows = query.executeQuery()) {
                for (var entry : entries) {
                    rows.next();
                    var state = rows.getString("state");
                    var checksum = rows.getString("checksum_newer");
                    if (checksum == null) checksum = rows.getString("checksum");
                    states.add(
                            state == null ? LedgerState.Absent : state(state, checksum, Set.copyOf(entry.checksums())));
                }
            }
            return states;
        }
    }

    private static LedgerState state(String state, String checksum, Set<String> expected) {
        boolean same = expected.isEmpty() || expected.contains(checksum);
        return switch (state) {
            case "running" -> LedgerState.Started;
            case "failed" -> LedgerState.Failed;
            case "reverted" -> LedgerState.Reverted;
            case "applied" -> same ? LedgerState.Applied : LedgerState.OtherChecksum;
            case "marked" -> same ? LedgerState.Marked : LedgerState.OtherChecksum;
            case "skipped" -> same ? LedgerState.Skipped : LedgerState.OtherChecksum;
            default -> LedgerState.Unknown;
        };
    }
}
