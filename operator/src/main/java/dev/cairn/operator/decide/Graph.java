package dev.cairn.operator.decide;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;

/** The graph of dependencies. */
public final class Graph {
    private Graph() {}

    /**
     * The path from a migration back to itself, depth first.
     *
     * @param start a reference such as {@code SchemaMigration/a}
     * @param openDependencies the references that a migration waits for: existing migrations that are not Ready
     * @return the path with both ends, such as {@code [a, b, a]}; empty where there is none
     */
    public static List<String> cycle(String start, Function<String, List<String>> openDependencies) {
        var path = new ArrayList<>(List.of(start));
        var passed = new HashSet<String>();
        var open = new ArrayDeque<Iterator<String>>();
        open.push(openDependencies.apply(start).iterator());
        while (!open.isEmpty()) {
            if (!open.peek().hasNext()) {
                open.pop();
                path.removeLast();
                continue;
            }
            var next = open.peek().next();
            if (next.equals(start)) {
                path.add(next);
                return List.copyOf(path);
            }
            if (!passed.add(next)) continue;
            path.add(next);
            open.push(openDependencies.apply(next).iterator());
        }
        return List.of();
    }
}
