package dev.cairn.operator.cache;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The graph of dependsOn, and the migrations that form a circle. Each change updates it, so that a lookup costs
 * nothing. A change only checks whether it closed a circle. It walks from the changed migration to its dependencies and
 * to its dependents in turn, until either side ends. Along a chain that takes a few steps for each migration, in any
 * order of creation. Nodes are texts such as {@code team/SchemaMigration/a}. Thread-safe.
 */
public final class DependencyGraph {
    private final Map<String, Set<String>> dependencies = new HashMap<>();
    private final Map<String, Set<String>> dependents = new HashMap<>();

    /** The known circles by member, each as the set of its members. */
    private final Map<String, Set<String>> circles = new HashMap<>();

    private long steps;

    /**
     * Sets the dependencies of a migration.
     *
     * @param dependsOn empty also for a migration that is gone
     * @return the migrations that are in a circle now, or were in one before this change
     */
    synchronized Set<String> change(String node, Collection<String> dependsOn) {
        var before = dependencies.getOrDefault(node, Set.of());
        var after = Set.copyOf(dependsOn);
        if (before.equals(after)) return Set.of();
        for (var former : before) unlink(dependents, former, node);
        if (after.isEmpty()) dependencies.remove(node);
        else dependencies.put(node, after);
        for (var added : after)
            dependents.computeIfAbsent(added, key -> new HashSet<>()).add(node);

        var concerned = new LinkedHashSet<>(circles.getOrDefault(node, Set.of()));
        concerned.forEach(circles::remove);
        for (var member : List.copyOf(concerned)) look(member, concerned);
        look(node, concerned);
        return concerned;
    }

    /** Whether a migration is in a circle. */
    synchronized boolean isInCircle(String node) {
        return circles.containsKey(node);
    }

    /** How many migrations were visited so far. */
    synchronized long steps() {
        return steps;
    }

    private void look(String node, Set<String> concerned) {
        if (circles.containsKey(node)) return;
        var circle = circle(node);
        for (var member : circle) circles.put(member, circle);
        concerned.addAll(circle);
    }

    /** The members of a circle through a migration, empty for none. */
    private Set<String> circle(String node) {
        var down = new Walk(node, dependencies);
        var up = new Walk(node, dependents);
        while (true) {
            if (down.step()) return new LinkedHashSet<>(down.way());
            if (up.step()) return new LinkedHashSet<>(up.way());
            if (down.isOver() || up.isOver()) return Set.of();
        }
    }

    private static void unlink(Map<String, Set<String>> links, String from, String to) {
        links.computeIfPresent(from, (key, ends) -> {
            ends.remove(to);
            return ends.isEmpty() ? null : ends;
        });
    }

    /** A walk in one direction, breadth first, until it reaches its start again. */
    private final class Walk {
        private final String start;
        private final Map<String, Set<String>> links;
        private final Map<String, String> cameFrom = new HashMap<>();
        private final ArrayDeque<String> next = new ArrayDeque<>();
        private final List<String> way = new ArrayList<>();

        private Walk(String start, Map<String, Set<String>> links) {
            this.start = start;
            this.links = links;
            next.add(start);
        }

        boolean isOver() {
            return next.isEmpty();
        }

        /** Visits one more migration. Returns true when it leads back to the start. */
        boolean step() {
            var at = next.poll();
            if (at == null) return false;
            steps++;
            for (var end : links.getOrDefault(at, Set.of())) {
                if (end.equals(start)) {
                    for (String node = at; !node.equals(start); node = Objects.requireNonNull(cameFrom.get(node)))
                        way.add(node);
                    way.add(start);
                    return true;
                }
                if (cameFrom.putIfAbsent(end, at) == null) next.add(end);
            }
            return false;
        }

        List<String> way() {
            return way;
        }
    }
}
