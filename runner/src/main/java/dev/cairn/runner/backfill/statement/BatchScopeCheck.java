package dev.cairn.runner.backfill.statement;

import dev.cairn.runner.backfill.table.QueryPlan;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Checks that an empty batch changes nothing, from the server's plan of one. An outer join keeps the rows of its other
 * side, and MERGE inserts rows WHEN NOT MATCHED: both once for every batch. The check ignores what is evaluated only
 * once (an InitPlan). It also allows the row that an aggregate returns for no rows: {@code INSERT INTO counts SELECT
 * count(*) FROM t WHERE :batch} is right. In a join, that row also keeps the rows of the other side, once for every
 * batch. The check allows that, too: {@code UPDATE counters SET n = counters.n + b.n FROM (SELECT count(*) AS n FROM t
 * WHERE :batch) b} is right, and a wrong statement can have the same plan.
 */
final class BatchScopeCheck {
    private final QueryPlan empty;
    private final Set<String> asked = new HashSet<>();

    /** @param empty the plan of the statement with {@code false} instead of the batch's condition */
    BatchScopeCheck(QueryPlan empty) {
        this.empty = empty;
    }

    /** What an empty batch would read or change, for a message; empty for nothing. */
    Optional<String> leak() {
        var changes = empty.nodes().stream().filter(node -> "ModifyTable".equals(node.get("Node Type")));
        return first(Stream.concat(empty.nodes().stream().limit(1), changes).toList());
    }

    private Optional<String> first(List<Map<?, ?>> nodes) {
        return nodes.stream().flatMap(node -> leak(node).stream()).findFirst();
    }

    private Optional<String> leak(Map<?, ?> node) {
        var below = children(node);
        return switch (String.valueOf(node.get("Node Type"))) {
            // Without a child it returns one row or none.
            case "Result" -> "false".equals(node.get("One-Time Filter")) ? Optional.empty() : first(below);
            // Its rows come from the non-recursive part.
            case "WorkTable Scan" -> Optional.empty();
            case "CTE Scan" -> ofList(String.valueOf(node.get("CTE Name")));
            case "Nested Loop", "Hash Join", "Merge Join" -> ofJoin(node, below);
            case "SetOp" -> ofSets(node, arms(below));
            // It names its target, but reads only from its children.
            case "ModifyTable" -> first(below);
            default -> node.get("Relation Name") != null || below.isEmpty() ? Optional.of(name(node)) : first(below);
        };
    }

    /** An inner join is empty if one side is empty. An outer join is empty if the side whose rows it keeps is empty. */
    private Optional<String> ofJoin(Map<?, ?> join, List<Map<?, ?>> sides) {
        var outer = leak(sides.getFirst());
        var inner = leak(sides.getLast());
        return switch (String.valueOf(join.get("Join Type"))) {
            case "Inner", "Semi", "Right Semi" -> outer.isEmpty() ? outer : inner;
            case "Left", "Anti" -> outer;
            case "Right", "Right Anti" -> inner;
            default -> outer.or(() -> inner);
        };
    }

    /** EXCEPT is empty if its first part is empty, INTERSECT if either part is empty. */
    private Optional<String> ofSets(Map<?, ?> node, List<Map<?, ?>> arms) {
        if (arms.size() != 2) return first(arms);
        var left = leak(arms.getFirst());
        boolean isDifference = String.valueOf(node.get("Command")).startsWith("Except");
        return isDifference || left.isEmpty() ? left : leak(arms.getLast());
    }

    /** Before PostgreSQL 18 both parts are below one Append, maybe below a Sort. */
    private static List<Map<?, ?>> arms(List<Map<?, ?>> below) {
        var at = below;
        while (at.size() == 1
                && List.of("Sort", "Append").contains(at.getFirst().get("Node Type"))) at = children(at.getFirst());
        return at;
    }

    private Optional<String> ofList(String name) {
        // The CTE contains another CTE of the same name, so the reference is ambiguous.
        if (!asked.add(name)) return Optional.of(name);
        var lists = empty.nodes().stream()
                .filter(node -> ("CTE " + name).equals(node.get("Subplan Name")))
                .toList();
        var leak = lists.isEmpty() ? Optional.of(name) : first(lists);
        asked.remove(name);
        return leak;
    }

    private static List<Map<?, ?>> children(Map<?, ?> node) {
        return QueryPlan.below(node).stream()
                .filter(child -> !List.of("InitPlan", "SubPlan").contains(child.get("Parent Relationship")))
                .toList();
    }

    private static String name(Map<?, ?> node) {
        return Stream.of("Relation Name", "Function Name", "Alias", "Node Type")
                .map(node::get)
                .filter(name -> name != null)
                .findFirst()
                .map(Object::toString)
                .orElse("other rows");
    }
}
