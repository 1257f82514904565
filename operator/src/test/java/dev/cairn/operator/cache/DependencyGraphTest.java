package dev.cairn.operator.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DependencyGraphTest {
    private static final int LONG = 10_000;

    private final DependencyGraph graph = new DependencyGraph();

    @Test
    void aCircleIsFoundByTheChangeThatClosesItWhicheverThatIs() {
        graph.change("a", List.of("b"));
        graph.change("c", List.of("a"));
        assertThat(graph.isInCircle("a")).isFalse();

        assertThat(graph.change("b", List.of("c"))).containsExactlyInAnyOrder("a", "b", "c");

        assertThat(List.of("a", "b", "c")).allMatch(graph::isInCircle);
    }

    @Test
    void whoOnlyWaitsForACircleIsNotInIt() {
        graph.change("a", List.of("b"));
        graph.change("b", List.of("a"));

        assertThat(graph.change("c", List.of("a"))).isEmpty();

        assertThat(graph.isInCircle("c")).isFalse();
    }

    @Test
    void aCircleThatIsBrokenIsForgottenAndItsMembersAreNamed() {
        graph.change("a", List.of("b"));
        graph.change("b", List.of("a"));

        assertThat(graph.change("a", List.of())).containsExactlyInAnyOrder("a", "b");

        assertThat(graph.isInCircle("b")).isFalse();
    }

    @Test
    void whatIsInTwoCirclesStaysInTheOther() {
        graph.change("a", List.of("b", "c"));
        graph.change("b", List.of("a"));
        graph.change("c", List.of("a"));

        graph.change("b", List.of());

        assertThat(graph.isInCircle("a")).isTrue();
        assertThat(graph.isInCircle("b")).isFalse();
    }

    @Test
    void itselfIsACircleToo() {
        assertThat(graph.change("a", List.of("a"))).containsExactly("a");
    }

    @Test
    void aLongChainCostsAFewStepsForEachInWhateverOrderItIsApplied() {
        var forward = IntStream.range(0, LONG).boxed().toList();
        assertThat(stepsFor(forward)).isLessThan(5L * LONG);
        assertThat(stepsFor(forward.reversed())).isLessThan(5L * LONG);

        // at random, pieces grow together: the smaller one is walked, which is logarithmic for each
        var shuffled = forward.stream().collect(Collectors.toList());
        Collections.shuffle(shuffled, new Random(1));
        assertThat(stepsFor(shuffled)).isLessThan(20L * LONG);
    }

    @Test
    void closingALongChainFindsAllOfIt() {
        for (int n = 1; n < LONG; n++) graph.change("m" + n, List.of("m" + (n - 1)));

        assertThat(graph.change("m0", List.of("m" + (LONG - 1)))).hasSize(LONG);
    }

    private static long stepsFor(List<Integer> order) {
        var graph = new DependencyGraph();
        for (int n : order) graph.change("m" + n, n == 0 ? List.of() : List.of("m" + (n - 1)));
        assertThat(order).noneMatch(n -> graph.isInCircle("m" + n));
        return graph.steps();
    }
}
