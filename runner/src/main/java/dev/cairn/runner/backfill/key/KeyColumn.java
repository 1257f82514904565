package dev.cairn.runner.backfill.key;

import dev.cairn.runner.ledger.Ledger;
import dev.cairn.runner.sql.PinnedSql;
import java.util.Set;

/**
 * A column of the key.
 *
 * @param name as the catalogue spells it
 * @param type in full, as {@code format_type} writes it
 * @param collation the index's collation, schema-qualified and quoted, if it differs from the column's; otherwise empty
 * @param collationVersion the version of its collation, empty where there is none
 * @param order the collation of the index's order, schema-qualified and quoted; empty where it has none
 * @param catalogType whether the type is in pg_catalog
 * @param catalogOperators whether the operators of the index's order are in pg_catalog
 */
public record KeyColumn(
        String name,
        String type,
        String collation,
        String collationVersion,
        String order,
        boolean catalogType,
        boolean catalogOperators) {
    private static final Set<String> INTEGERS = Set.of("smallint", "integer", "bigint");

    /** The column for comparison and order. */
    String ordered(String qualifier) {
        var column = qualifier + "." + Ledger.quote(name);
        return collation.isEmpty() ? column : column + " COLLATE " + collation;
    }

    /** The column's value as text that {@link #parameter()} reads back. */
    String asText(String qualifier) {
        return qualifier + "." + Ledger.quote(name) + "::pg_catalog.text";
    }

    /** The type for a cast, with the schema pg_catalog for its own types, for any path of the role. */
    public String pinnedType() {
        return catalogType ? PinnedSql.type(type) : type;
    }

    /** A parameter of the column's type. */
    String parameter() {
        return "CAST(? AS " + pinnedType() + ")";
    }

    /** A parameter with many values of the column, as an array literal. */
    String arrayParameter() {
        return "CAST(? AS " + pinnedType() + "[])";
    }

    /** Whether its values are whole numbers of at most 64 bits. */
    boolean isInteger() {
        return catalogType && INTEGERS.contains(type);
    }

    /** Whether an array type of it exists; arrays have none. */
    boolean hasArrays() {
        return !type.endsWith("[]");
    }
}
