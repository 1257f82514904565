package dev.cairn.runner.backfill;

import dev.cairn.plan.Json;
import dev.cairn.runner.session.Transaction;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the planner makes of a statement; it is not run. */
record Explained(Object plan) {
    private static final String PREFIX = "EXPLAIN (VERBOSE, FORMAT JSON) ";

    /** The planner locks what it looks at, as the statement would. */
    private static final Duration LOCK_TIMEOUT = Duration.ofSeconds(10);

    /** @throws SQLException as the server refused the statement; {@link #offset()} says where its positions count from */
    static Explained of(Connection connection, String sql) throws SQLException {
        return Transaction.in(connection, c -> {
            LocalSettings.apply(c, LOCK_TIMEOUT);
            return within(c, sql);
        });
    }

    /** The same in the caller's transaction. */
    static Explained within(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            try (var rows = statement.executeQuery(PREFIX + sql)) {
                rows.next();
                return new Explained(Json.read(rows.getString(1), Object[].class)[0]);
            }
        }
    }

    /** Characters before the statement in what was sent. */
    static int offset() {
        return PREFIX.length();
    }

    /** Rows that the whole statement gives, by the server's statistics. */
    long estimatedRows() {
        return plan instanceof Map<?, ?> outer
                        && outer.get("Plan") instanceof Map<?, ?> top
                        && top.get("Plan Rows") instanceof Number rows
                ? rows.longValue()
                : 0;
    }

    /** Whether the statement changes nothing but rows of these relations, and those by UPDATE. */
    boolean updatesOnly(Set<String> relations) {
        var changes = new ArrayList<String>();
        collectChanges(plan, changes);
        return !changes.isEmpty() && changes.stream().allMatch(change -> isUpdateOf(change, relations));
    }

    private static boolean isUpdateOf(String change, Set<String> relations) {
        return change.startsWith("Update ") && relations.contains(change.substring("Update ".length()));
    }

    private static void collectChanges(@Nullable Object node, List<String> found) {
        if (node instanceof Iterable<?> list) list.forEach(n -> collectChanges(n, found));
        if (!(node instanceof Map<?, ?> map)) return;
        if ("ModifyTable".equals(map.get("Node Type")))
            found.add(map.get("Operation") + " " + map.get("Schema") + "." + map.get("Relation Name"));
        map.values().forEach(n -> collectChanges(n, found));
    }

    /** The relations that are scanned, as {@code schema.name} without quotes. */
    Set<String> scanned() {
        var found = new HashSet<String>();
        collect(plan, found);
        return found;
    }

    private static void collect(@Nullable Object node, Set<String> found) {
        if (node instanceof Iterable<?> list) list.forEach(n -> collect(n, found));
        if (!(node instanceof Map<?, ?> map)) return;
        // ModifyTable names its target too, alive or not; only scans read.
        if (String.valueOf(map.get("Node Type")).endsWith("Scan") && map.get("Relation Name") != null)
            found.add(map.get("Schema") + "." + map.get("Relation Name"));
        map.values().forEach(n -> collect(n, found));
    }
}
