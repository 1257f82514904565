package dev.cairn.operator.decide;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** The graph of dependencies. */
public final class Graph {
    private Graph() {}

    /**
     * The way from a migration back to itself, depth first.
     *
     * @param start a reference such as {@code SchemaMigration/a}
     * @param openDependencies the references that a migration waits for: those that exist and are not Ready
     * @return both ends included, such as {@code [a, b, a]}; empty where there is no way back
     */
    public static List<String> cycle(String start, Function<String, List<String>> openDependencies) {
        var path = new ArrayList<String>(List.of(start));
        return leadsTo(start, path, openDependencies, new HashSet<>()) ? List.copyOf(path) : List.of();
    }

    private static boolean leadsTo(
            String start, List<String> path, Function<String, List<String>> openDependencies, Set<String> passed) {
        for (var next : openDependencies.apply(path.getLast())) {
            path.add(next);
            if (next.equals(start) || (passed.add(next) && leadsTo(start, path, openDependencies, passed))) return true;
            path.removeLast();
        }
        return false;
    }
}
