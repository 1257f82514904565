package dev.cairn.runner.backfill.table;

import dev.cairn.plan.Json;
import dev.cairn.runner.session.SqlFailures;
import dev.cairn.runner.session.Transaction;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The planner's plan of a statement, which does not run. */
public record QueryPlan(Object plan) {
    public static final String PREFIX = "EXPLAIN (VERBOSE, FORMAT JSON) ";

    /** The planner locks the statement's tables, as the statement itself does. */
    private static final Duration LOCK_TIMEOUT = Duration.ofSeconds(10);

    /** @throws SQLException the server's refusal of the statement; its positions include {@link #offset()} */
    public static QueryPlan of(Connection connection, String sql) throws SQLException {
        return guarded(connection, c -> within(c, sql));
    }

    /** Runs a question in a separate transaction with a short lock timeout. */
    public static <T> T guarded(Connection connection, Transaction.Work<T> question) throws SQLException {
        return Transaction.in(connection, c -> {
            TransactionSettings.apply(c, new Limits(LOCK_TIMEOUT));
            return question.on(c);
        });
    }

    /** @param json the output of EXPLAIN */
    public static QueryPlan read(String json) {
        return new QueryPlan(Json.read(json, Object[].class)[0]);
    }

    /** The same in the caller's transaction. */
    public static QueryPlan within(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            try (var rows = statement.executeQuery(PREFIX + sql)) {
                rows.next();
                return read(rows.getString(1));
            }
        } catch (SQLException e) {
            throw SqlFailures.ofStatement(sql, e);
        }
    }

    /** The number of characters before the statement in the sent text. */
    public static int offset() {
        return PREFIX.length();
    }

    /** Rows that the whole statement returns, as the server's statistics estimate. */
    public long estimatedRows() {
        return top("Plan Rows").longValue();
    }

    /** The cost of the whole statement, in the planner's unit, without the cost of writing rows. */
    public double cost() {
        return top("Total Cost").doubleValue();
    }

    private Number top(String figure) {
        return plan instanceof Map<?, ?> outer
                        && outer.get("Plan") instanceof Map<?, ?> top
                        && top.get(figure) instanceof Number number
                ? number
                : 0;
    }

    /** Rows that the statement changes, as the server's statistics estimate; empty if it changes none itself. */
    public OptionalLong estimatedChanges() {
        return nodes().stream()
                .filter(node -> "ModifyTable".equals(node.get("Node Type")))
                .flatMap(node -> below(node).stream())
                // A CTE of the statement is a child, too. The rows come from the outer child.
                .map(child -> "Outer".equals(child.get("Parent Relationship"))
                                && child.get("Plan Rows") instanceof Number rows
                        ? rows
                        : 0)
                .mapToLong(Number::longValue)
                .reduce(Long::sum);
    }

    /** Whether the plan reads any of these relations completely. */
    public boolean readsWhole(Set<String> relations) {
        return nodes().stream()
                .anyMatch(node -> String.valueOf(node.get("Node Type")).endsWith("Seq Scan")
                        && relations.contains(relation(node)));
    }

    /** The indexes that the plan reads, as the catalogue spells them, without their schemas. */
    public Set<String> indexes() {
        return nodes().stream()
                .flatMap(node -> Stream.ofNullable(node.get("Index Name")))
                .map(Object::toString)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Whether the statement is a query around its changes, so that its own row count is not the number of changes. */
    public boolean hidesChanges() {
        var nodes = nodes();
        return nodes.stream().anyMatch(node -> "ModifyTable".equals(node.get("Node Type")))
                && !"ModifyTable".equals(nodes.getFirst().get("Node Type"));
    }

    /** Whether the statement changes only rows of these relations, and only by UPDATE. */
    public boolean updatesOnly(Set<String> relations) {
        var changes = nodes().stream()
                .filter(node -> "ModifyTable".equals(node.get("Node Type")))
                .toList();
        return !changes.isEmpty()
                && changes.stream()
                        .allMatch(change ->
                                "Update".equals(change.get("Operation")) && relations.contains(relation(change)));
    }

    /** The relations that are scanned, as {@code schema.name} without quotes. */
    public Set<String> scanned() {
        // ModifyTable names its target, too, but only scans read.
        return nodes().stream()
                .filter(node ->
                        String.valueOf(node.get("Node Type")).endsWith("Scan") && node.get("Relation Name") != null)
                .map(QueryPlan::relation)
                .collect(Collectors.toSet());
    }

    private static String relation(Map<?, ?> node) {
        return node.get("Schema") + "." + node.get("Relation Name");
    }

    /** The children of a node: the plans of its rows, and those that it evaluates. */
    public static List<Map<?, ?>> below(Map<?, ?> node) {
        var found = new ArrayList<Map<?, ?>>();
        if (node.get("Plans") instanceof List<?> plans)
            for (var plan : plans) if (plan instanceof Map<?, ?> child) found.add(child);
        return found;
    }

    /** All nodes, the top one first. */
    public List<Map<?, ?>> nodes() {
        var found = new ArrayList<Map<?, ?>>();
        collect(plan, found);
        return found;
    }

    private static void collect(@Nullable Object node, List<Map<?, ?>> found) {
        if (node instanceof Iterable<?> list) list.forEach(n -> collect(n, found));
        if (!(node instanceof Map<?, ?> map)) return;
        if (map.containsKey("Node Type")) found.add(map);
        map.values().forEach(n -> collect(n, found));
    }
}
