package dev.cairn.runner.ledger;

import java.util.List;

/**
 * What the first start of a walk froze. A resume must find the same values.
 *
 * @param over {@code over} of the plan, as JSON
 * @param relation the table, schema-qualified and quoted
 * @param columns of the key, in index order
 * @param types their full types, as {@code format_type} writes them
 * @param collations of the index's columns, schema-qualified and quoted; empty text where a type has none
 * @param collationVersions the versions of the collations; empty text where there is none
 */
public record WalkRow(
        String over,
        String relation,
        List<String> columns,
        List<String> types,
        List<String> collations,
        List<String> collationVersions) {

    /** Copies the lists. */
    public WalkRow {
        columns = List.copyOf(columns);
        types = List.copyOf(types);
        collations = List.copyOf(collations);
        collationVersions = List.copyOf(collationVersions);
    }
}
