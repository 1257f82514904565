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

/** What the planner makes of a statement; it is not run. */
public record QueryPlan(Object plan) {
    public static final String PREFIX = "EXPLAIN (VERBOSE, FORMAT JSON) ";

    /** The planner locks what it looks at, as the statement would. */
    private static final Duration LOCK_TIMEOUT = Duration.ofSeconds(10);

    /** @throws SQLException as the server refused the statement; {@link #offset()} says where its positions count from */
    public static QueryPlan of(Connection connection, String sql) throws SQLException {
        return guarded(connection, c -> within(c, sql));
    }

    /** In a transaction of its own that does not wait long for a lock. */
    public static <T> T guarded(Connection connection, Transaction.Work<T> question) throws SQLException {
        return Transaction.in(connection, c -> {
            TransactionSettings.apply(c, new Limits(LOCK_TIMEOUT));
            return question.on(c);
        });
    }

    /** @param json as EXPLAIN gives it */
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

    /** Characters before the statement in what was sent. */
    public static int offset() {
        return PREFIX.length();
    }

    /** Rows that the whole statement gives, by the server's statistics. */
    public long estimatedRows() {
        return top("Plan Rows").longValue();
    }

    /** What the whole statement costs, in the planner's unit; writing rows is not in it. */
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

    /** Rows that the statement changes, by the server's statistics; empty where it changes none by itself. */
    public OptionalLong estimatedChanges() {
        return nodes().stream()
                .filter(node -> "ModifyTable".equals(node.get("Node Type")))
                .flatMap(node -> below(node).stream())
                // A CTE of the statement hangs below as well; the rows come from the outer child.
                .map(child -> "Outer".equals(child.get("Parent Relationship"))
                                && child.get("Plan Rows") instanceof Number rows
                        ? rows
                        : 0)
                .mapToLong(Number::longValue)
                .reduce(Long::sum);
    }

    /** Whether any of these relations is read from its first row to its last. */
    public boolean readsWhole(Set<String> relations) {
        return nodes().stream()
                .anyMatch(node -> String.valueOf(node.get("Node Type")).endsWith("Seq Scan")
                        && relations.contains(relation(node)));
    }

    /** The indexes that are read, as the catalogue spells them, without their schemas. */
    public Set<String> indexes() {
        return nodes().stream()
                .flatMap(node -> Stream.ofNullable(node.get("Index Name")))
                .map(Object::toString)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Whether the statement is a query around its changes, so that its own count says nothing about them. */
    public boolean hidesChanges() {
        var nodes = nodes();
        return nodes.stream().anyMatch(node -> "ModifyTable".equals(node.get("Node Type")))
                && !"ModifyTable".equals(nodes.getFirst().get("Node Type"));
    }

    /** Whether the statement changes nothing but rows of these relations, and those by UPDATE. */
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
        // ModifyTable names its target too, alive or not; only scans read.
        return nodes().stream()
                .filter(node ->
                        String.valueOf(node.get("Node Type")).endsWith("Scan") && node.get("Relation Name") != null)
                .map(QueryPlan::relation)
                .collect(Collectors.toSet());
    }

    private static String relation(Map<?, ?> node) {
        return node.get("Schema") + "." + node.get("Relation Name");
    }

    /** The plans that a node takes its rows from, and those that it evaluates. */
    public static List<Map<?, ?>> below(Map<?, ?> node) {
        var found = new ArrayList<Map<?, ?>>();
        if (node.get("Plans") instanceof List<?> plans)
            for (var plan : plans) if (plan instanceof Map<?, ?> child) found.add(child);
        return found;
    }

    /** All of them, the top one first. */
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
