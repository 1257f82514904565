package dev.cairn.runner.backfill;

import dev.cairn.plan.Progress;
import dev.cairn.runner.ledger.Ledger;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What a table is walked along: the columns of a unique index, in its order.
 *
 * @param columns at least one, none of them null in any row
 */
record Key(List<KeyColumn> columns) {
    private static final int SHOWN = Progress.MAX_KEY;

    Key {
        columns = List.copyOf(columns);
    }

    /** {@code m.a, m.b}, for ORDER BY. */
    String ascending(String qualifier) {
        return each(c -> c.ordered(qualifier));
    }

    /** The same, the highest first. */
    String descending(String qualifier) {
        return each(c -> c.ordered(qualifier) + " DESC");
    }

    /** {@code m.a::text, m.b::text}. */
    String asTexts(String qualifier) {
        return each(c -> c.asText(qualifier));
    }

    /** The columns alone, for a subquery's list. */
    String names(String qualifier) {
        return each(c -> qualifier + "." + Ledger.quote(c.name()));
    }

    /**
     * The rows after one key (if there is one) and up to another, as a predicate in parentheses. The leading column has
     * bounds of its own beside the row comparison: the planner knows what to do with them, for estimates, joins and
     * partitions.
     *
     * @param qualifier the table's name or alias in the statement
     * @param after whether there is a lower bound; its values are the first parameters
     */
    String between(String qualifier, boolean after) {
        var lead = columns.getFirst();
        if (columns.size() == 1) {
            return "(" + (after ? lead.ordered(qualifier) + " > " + lead.parameter() + " AND " : "")
                    + lead.ordered(qualifier) + " <= " + lead.parameter() + ")";
        }
        var row = "(" + ascending(qualifier) + ")";
        var parameters = "(" + each(KeyColumn::parameter) + ")";
        var lower = lead.ordered(qualifier) + " >= " + lead.parameter() + " AND " + row + " > " + parameters + " AND ";
        return "(" + (after ? lower : "") + lead.ordered(qualifier) + " <= " + lead.parameter() + " AND " + row + " <= "
                + parameters + ")";
    }

    /** The parameters of {@link #between}, in its order. */
    List<String> parameters(@Nullable List<String> after, List<String> upTo) {
        var all = new ArrayList<String>();
        for (var bound : after == null ? List.of(upTo) : List.of(after, upTo)) {
            if (columns.size() > 1) all.add(bound.getFirst());
            all.addAll(bound);
        }
        return all;
    }

    /**
     * The rows of some keys, as a predicate in parentheses. The leading column has bounds of its own, for partitions.
     *
     * @param first whether there is a lower bound
     */
    private String among(String qualifier, boolean first) {
        var lead = columns.getFirst();
        if (columns.size() == 1) return "(" + lead.ordered(qualifier) + " = ANY (" + lead.arrayParameter() + "))";
        var bounds = (first ? lead.ordered(qualifier) + " >= " + lead.parameter() + " AND " : "")
                + lead.ordered(qualifier) + " <= " + lead.parameter();
        var names = IntStream.range(0, columns.size()).mapToObj(n -> "k" + n).collect(Collectors.joining(", "));
        return "(" + bounds + " AND (" + ascending(qualifier) + ") IN (SELECT " + names + " FROM ROWS FROM ("
                + each(column -> "pg_catalog.unnest(" + column.arrayParameter() + ")") + ") AS cairn_keys (" + names
                + ")))";
    }

    /** The parameters of {@link #among}, in its order. */
    private List<String> parameters(Slice.Keys keys) {
        var all = new ArrayList<String>();
        if (columns.size() > 1) {
            if (keys.first() != null) all.add(keys.first());
            all.add(keys.last());
        }
        all.addAll(keys.columns());
        return all;
    }

    /** The rows of a slice, as a predicate in parentheses. */
    String predicate(String qualifier, Slice slice) {
        return switch (slice) {
            case Slice.Stretch(var after, var upTo, var size) -> between(qualifier, after != null);
            case Slice.Keys keys -> among(qualifier, keys.first() != null);
        };
    }

    /** The parameters of {@link #predicate}, in its order. */
    List<String> parameters(Slice slice) {
        return switch (slice) {
            case Slice.Stretch(var after, var upTo, var size) -> parameters(after, upTo);
            case Slice.Keys keys -> parameters(keys);
        };
    }

    /** The key of a row whose first columns are {@link #asTexts}. */
    List<String> read(ResultSet row) throws SQLException {
        var values = new ArrayList<String>(columns.size());
        for (int n = 1; n <= columns.size(); n++) values.add(row.getString(n));
        return List.copyOf(values);
    }

    /** Whether many keys can be sent at once. */
    boolean hasArrays() {
        return columns.stream().allMatch(KeyColumn::hasArrays);
    }

    /** A hash of a row's key that equal keys share, whatever their text: the server's own, which partitions rely on. */
    String hash(String qualifier) {
        return "pg_catalog.hash_record_extended(ROW(" + names(qualifier) + "), 0)";
    }

    /** A key for people, cut to what a status shows. */
    static String shown(List<String> values) {
        var text = values.size() == 1 ? values.getFirst() : "(" + String.join(", ", values) + ")";
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN - 1) + "…";
    }

    private String each(Function<KeyColumn, String> form) {
        return columns.stream().map(form).collect(Collectors.joining(", "));
    }
}
