package dev.cairn.runner.backfill.key;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The predicate for the rows after one key and up to another. Columns with equal values in both keys are compared by
 * equality. The first column after them has its own bounds besides the row comparison. The planner estimates a row
 * comparison by its first column alone. It can use the other conditions, also for joins and partitions.
 *
 * @param key the key of the walk
 * @param lower the key before the first row, null for the start of the table
 * @param upper the key of the last row
 */
public record KeyBounds(Key key, @Nullable List<String> lower, List<String> upper) {
    /** The predicate, in parentheses. */
    public String predicate(String qualifier) {
        var all = new ArrayList<>(equalities(qualifier).toList());
        var rest = key.columns().subList(same(), key.columns().size());
        if (lower != null) all.addAll(bound(qualifier, rest, ">", ">="));
        all.addAll(bound(qualifier, rest, "<=", "<="));
        return "(" + String.join(" AND ", all) + ")";
    }

    /** Its parameters, in its order. */
    public List<String> parameters() {
        int same = same();
        var all = new ArrayList<>(upper.subList(0, same));
        for (var bound : lower == null ? List.of(upper) : List.of(lower, upper)) {
            var rest = bound.subList(same, bound.size());
            if (rest.size() > 1) all.add(rest.getFirst());
            all.addAll(rest);
        }
        return all;
    }

    private static List<String> bound(String qualifier, List<KeyColumn> columns, String operator, String ofLead) {
        var lead = columns.getFirst();
        if (columns.size() == 1)
            return List.of(Key.compared(columns, lead.ordered(qualifier), operator, lead.parameter()));
        var row = columns.stream().map(column -> column.ordered(qualifier)).collect(Collectors.joining(", "));
        var parameters = columns.stream().map(KeyColumn::parameter).collect(Collectors.joining(", "));
        return List.of(
                Key.compared(List.of(lead), lead.ordered(qualifier), ofLead, lead.parameter()),
                Key.compared(columns, "(" + row + ")", operator, "(" + parameters + ")"));
    }

    /** The part of the predicate for the columns with equal values in both keys. */
    Stream<String> equalities(String qualifier) {
        return key.columns().subList(0, same()).stream()
                .map(column -> Key.compared(List.of(column), column.ordered(qualifier), "=", column.parameter()));
    }

    /** How many leading columns have the same text in both keys; never all of them. */
    int same() {
        int same = 0;
        if (lower != null) while (same < upper.size() - 1 && lower.get(same).equals(upper.get(same))) same++;
        return same;
    }
}
