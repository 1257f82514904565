package dev.cairn.runner.ledger;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What was added to the tables since version 0.1. Its runners go on working beside it, so these are columns alone: they
 * refuse a schema with another table, another number in {@code version.version}, and a state that they do not know. They
 * leave these columns as they are: what is in them counts only while {@code facts_token} is the line's token.
 */
final class LedgerAdditions {
    /** Raise it with every addition. {@link LedgerTables#VERSION} stays: it refuses older runners. */
    static final int REVISION = 2;

    /**
     * In this order, the mark that all is done last.
     *
     * <ul>
     *   <li>{@code checksum} stays in format 1, which older runners compare; {@code checksum_newer} is in
     *       {@code checksum_format}
     *   <li>{@code outcome} tells apart what older runners know as applied (marked, skipped) or failed (reverted). A marked
     *       schema migration has the lines of its steps as done, too: older runners go by them
     *   <li>{@code step} and {@code first_statement} to {@code last_statement}, from 1, are the key of a line of a step; an
     *       empty step has 1 to 0
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
     * @param columns with their types; null or a constant where nobody has written them, so that no table is rewritten
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

    /** All of it, as an owner would run it. */
    static String sql(String schema) {
        return TABLES.stream().map(table -> table.sql(schema)).collect(Collectors.joining("; "));
    }
}
