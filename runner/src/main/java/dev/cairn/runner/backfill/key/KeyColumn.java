package dev.cairn.runner.backfill.key;

import dev.cairn.runner.ledger.Ledger;
import dev.cairn.runner.sql.PinnedSql;
import java.util.Set;

/**
 * A column of the key.
 *
 * @param name as the catalogue spells it
 * @param type in full, as {@code format_type} writes it
 * @param collation the index's, schema-qualified and quoted, where it is not the column's own; otherwise empty
 * @param collationVersion of what orders it, empty where there is no such thing
 * @param order the collation that the index orders it by, schema-qualified and quoted; empty where it has none
 * @param catalogType whether the type is pg_catalog's
 * @param catalogOperators whether the operators by which the index orders it are pg_catalog's
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

    /** The column as it is compared and ordered. */
    String ordered(String qualifier) {
        var column = qualifier + "." + Ledger.quote(name);
        return collation.isEmpty() ? column : column + " COLLATE " + collation;
    }

    /** The column's value as text that {@link #parameter()} reads back. */
    String asText(String qualifier) {
        return qualifier + "." + Ledger.quote(name) + "::pg_catalog.text";
    }

    /** The type as a cast names it: pg_catalog's own whatever the role's path is. */
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

    /** Whether there are arrays of it: not of arrays. */
    boolean hasArrays() {
        return !type.endsWith("[]");
    }
}
