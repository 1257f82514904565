package dev.cairn.runner.ledger;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The columns added to the tables since version 0.1. Runners of version 0.1 continue to work beside them, so the
 * additions are only columns. Those runners refuse a schema with another table, another number in {@code
 * version.version}, or an unknown state. They do not write these columns. So the values count only while {@code
 * facts_token} equals the row's token.
 */
final class LedgerAdditions {
    /** Raise it with every addition. Do not raise {@link LedgerTables#VERSION}: that would refuse older runners. */
    static final int REVISION = 2;

    /**
     * In this order. The last one marks that all are done.
     *
     * <ul>
     * <li>{@code checksum} stays in format 1, which older runners compare; {@code checksum_newer} is in {@code
     *     checksum_format}
     * <li>{@code outcome} distinguishes what older runners know as applied (marked, skipped) or failed (reverted). A
     *     marked schema migration also has the rows of its steps as done: older runners read them
     * <li>{@code step} and {@code first_statement} to {@code last_statement}, from 1, are the key of a step's row; an
     *     empty step has 1 to 0
     * </ul>
     */
    static final List<Table> TABLES = List.of(
            new Table(
                    "migration",
                    "facts_token uuid",
                    "checksum_format int",
                    "checksum_newer text",
                    "content_hash text",
                    "verify_checksum text",
                    "attempt_started timestamptz",
                    "outcome text CHECK (outcome IN ('marked', 'skipped', 'reverted'))",
                    "approved_by text[]",
                    "decided_by text",
                    "decided_why text"),
            new Table(
                    "step",
                    "step int",
                    "first_statement int",
                    "last_statement int",
                    "checksum_format int NOT NULL DEFAULT 1"),
            new Table("event", "decided_by text", "decided_why text"),
            new Table("version", "revision int NOT NULL DEFAULT " + REVISION));

    private LedgerAdditions() {}

    /**
     * @param name of the table
     * @param columns with their types; null or a constant where they were never written, so PostgreSQL rewrites no
     *     table
     */
    record Table(String name, List<String> columns) {
        Table(String name, String... columns) {
            this(name, List.of(columns));
        }

        /** @param schema quoted */
        String sql(String schema) {
            return "ALTER TABLE " + schema + "." + name
                    + columns.stream()
                            .map(column -> " ADD COLUMN IF NOT EXISTS " + column)
                            .collect(Collectors.joining(","));
        }
    }

    /** All additions as one SQL text, for the owner to run. */
    static String sql(String schema) {
        return TABLES.stream().map(table -> table.sql(schema)).collect(Collectors.joining("; "));
    }
}
