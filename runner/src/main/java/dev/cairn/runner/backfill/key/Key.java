package dev.cairn.runner.backfill.key;

import dev.cairn.plan.Progress;
import dev.cairn.runner.ledger.Ledger;
import dev.cairn.runner.ledger.Striping;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The key of a walk: the columns of a unique index, in index order.
 *
 * @param columns at least one, none of them null in any row
 */
public record Key(List<KeyColumn> columns) {
    private static final int SHOWN = Progress.MAX_KEY;

    public Key {
        columns = List.copyOf(columns);
    }

    /** {@code m.a, m.b}, for ORDER BY. */
    public String ascending(String qualifier) {
        return each(c -> c.ordered(qualifier));
    }

    /** The same, in descending order. */
    public String descending(String qualifier) {
        return each(c -> c.ordered(qualifier) + " DESC");
    }

    /** {@code m.a::text, m.b::text}. */
    public String asTexts(String qualifier) {
        return each(c -> c.asText(qualifier));
    }

    /** The columns' names, for an alias. */
    public String names() {
        return each(c -> Ledger.quote(c.name()));
    }

    /** The qualified columns, for a subquery's list. */
    public String names(String qualifier) {
        return each(c -> qualifier + "." + Ledger.quote(c.name()));
    }

    /**
     * The rows after one key and up to another key.
     *
     * @param after null for the start of the table
     */
    public KeyBounds between(@Nullable List<String> after, List<String> upTo) {
        return new KeyBounds(this, after, upTo);
    }

    /**
     * The predicate for some keys. Columns with equal values in the lowest and the highest key are the same in all
     * keys. The next column has its own bounds, for partition pruning. It has no row comparison: with one, the planner
     * no longer knows that the index has each key once.
     */
    private String among(String qualifier, BatchKeys.Keys keys) {
        var bounds = bounds(keys);
        var rest = columns.subList(bounds.same(), columns.size());
        var lead = rest.getFirst();
        var same = bounds.equalities(qualifier).map(e -> e + " AND ").collect(Collectors.joining());
        if (rest.size() == 1)
            return "(" + same + compared(rest, lead.ordered(qualifier), "=", "ANY (" + lead.arrayParameter() + ")")
                    + ")";
        var ofLead = List.of(lead);
        var from =
                keys.lower() == null ? "" : compared(ofLead, lead.ordered(qualifier), ">=", lead.parameter()) + " AND ";
        return "(" + same + from + compared(ofLead, lead.ordered(qualifier), "<=", lead.parameter()) + " AND "
                + listed(qualifier, rest) + ")";
    }

    /**
     * A comparison of columns, or of a row of them, with pg_catalog's operator. A type of an extension may have its own
     * operators. Then the role's path decides, as in the user's own statements.
     */
    static String compared(List<KeyColumn> columns, String left, String operator, String right) {
        boolean pinned = columns.stream().allMatch(KeyColumn::catalogOperators);
        return left + " " + (pinned ? "OPERATOR(pg_catalog." + operator + ")" : operator) + " " + right;
    }

    private KeyBounds bounds(BatchKeys.Keys keys) {
        return new KeyBounds(this, keys.lower(), keys.upper());
    }

    private static String listed(String qualifier, List<KeyColumn> columns) {
        var names = numbered(columns.size(), "%s");
        var row = columns.stream().map(c -> c.ordered(qualifier)).collect(Collectors.joining(", "));
        return compared(
                columns,
                "(" + row + ")",
                "=",
                "ANY (SELECT " + names + " FROM ROWS FROM (" + unnested(columns) + ") AS cairn_keys (" + names + "))");
    }

    /** Each column of the key in this form, with the names {@code k0}, {@code k1} and so on for {@code %s}. */
    public String numbered(String form) {
        return numbered(columns.size(), form);
    }

    private static String numbered(int columns, String form) {
        return IntStream.range(0, columns)
                .mapToObj(n -> form.formatted("k" + n))
                .collect(Collectors.joining(", "));
    }

    /** The functions that turn array parameters into rows, one for each column. */
    public String unnested() {
        return unnested(columns);
    }

    private static String unnested(List<KeyColumn> columns) {
        return columns.stream()
                .map(c -> "pg_catalog.unnest(" + c.arrayParameter() + ")")
                .collect(Collectors.joining(", "));
    }

    private List<String> parameters(BatchKeys.Keys keys) {
        int same = bounds(keys).same();
        var all = new ArrayList<>(keys.upper().subList(0, same));
        if (same < columns.size() - 1) {
            if (keys.lower() != null) all.add(keys.lower().get(same));
            all.add(keys.upper().get(same));
        }
        all.addAll(keys.columns().subList(same, columns.size()));
        return all;
    }

    /** The predicate of a batch's rows, in parentheses. */
    public String predicate(String qualifier, BatchKeys slice) {
        return switch (slice) {
            case BatchKeys.Stretch(var after, var upTo, var size) ->
                between(after, upTo).predicate(qualifier);
            case BatchKeys.Keys keys -> among(qualifier, keys);
        };
    }

    /** The parameters of {@link #predicate}, in its order. */
    public List<String> parameters(BatchKeys slice) {
        return switch (slice) {
            case BatchKeys.Stretch(var after, var upTo, var size) ->
                between(after, upTo).parameters();
            case BatchKeys.Keys keys -> parameters(keys);
        };
    }

    /** Reads the key of a row whose first columns are {@link #asTexts}. */
    public List<String> read(ResultSet row) throws SQLException {
        var values = new ArrayList<String>(columns.size());
        for (int n = 1; n <= columns.size(); n++) values.add(row.getString(n));
        return List.copyOf(values);
    }

    /** Whether many keys can be sent at once. */
    public boolean hasArrays() {
        return columns.stream().allMatch(KeyColumn::hasArrays);
    }

    /** The stripe of a row's key, from 0. */
    public String stripe(String qualifier, Striping striping) {
        var deciding = switch (striping.by()) {
            case HASH -> hash(qualifier);
            case NUMBER -> number().orElseThrow().ordered(qualifier) + "::pg_catalog.int8";
        };
        return deciding + " OPERATOR(pg_catalog.&) " + (striping.stripes() - 1);
    }

    /**
     * A hash of a row's key. Equal keys have equal hashes, also with different texts. It is the server's own hash, as
     * partitions use it.
     */
    public String hash(String qualifier) {
        return "pg_catalog.hash_record_extended(ROW(" + names(qualifier) + "), 0)";
    }

    /** Whether the key has a number that can decide the stripe. */
    public boolean hasNumber() {
        return number().isPresent();
    }

    private Optional<KeyColumn> number() {
        return columns.reversed().stream().filter(KeyColumn::isInteger).findFirst();
    }

    /** A key for people, cut to the length that a status shows. */
    public static String shown(List<String> values) {
        var text = values.size() == 1 ? values.getFirst() : "(" + String.join(", ", values) + ")";
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN - 1) + "…";
    }

    private String each(Function<KeyColumn, String> form) {
        return columns.stream().map(form).collect(Collectors.joining(", "));
    }
}
