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
 * Who names whom in dependsOn, and which migrations stand in a circle. Kept up to date with each change, so that a look at a
 * migration costs nothing: a change asks only whether it closed a circle, by walking from the changed migration to what it
 * depends on and to its dependents in turn, until either side ends. Along a chain, in whatever order it is applied, that takes
 * a few steps for each migration. Nodes are texts such as {@code team/SchemaMigration/a}. Thread-safe.
 */
public final class DependencyGraph {
    private final Map<String, Set<String>> dependencies = new HashMap<>();
    private final Map<String, Set<String>> dependents = new HashMap<>();

    /** The circles that were found, each as the set of its members, by member. */
    private final Map<String, Set<String>> circles = new HashMap<>();

    private long steps;

    /**
     * A migration names these others from now on.
     *
     * @param dependsOn empty also for one that is gone
     * @return the migrations that are in a circle now, or were in one until now
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

    /** Whether a migration was found in a circle. */
    synchronized boolean isInCircle(String node) {
        return circles.containsKey(node);
    }

    /** How many migrations were looked at so far. */
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

    /** A walk in one direction, breadth first, until it is back where it began. */
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

        /** Takes one migration further; true when that led back to the start. */
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
