package dev.cairn.operator.decide;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GraphTest {
    @Test
    void aChainIsNoCycle() {
        assertThat(cycle("a", Map.of("a", List.of("b"), "b", List.of("c")))).isEmpty();
    }

    @Test
    void theWayBackIsNamedWithBothEnds() {
        assertThat(cycle("a", Map.of("a", List.of("x", "b"), "b", List.of("c"), "c", List.of("a"))))
                .containsExactly("a", "b", "c", "a");
    }

    @Test
    void aMigrationThatOnlyLeadsIntoACycleIsNotInIt() {
        assertThat(cycle("a", Map.of("a", List.of("b"), "b", List.of("c"), "c", List.of("b"))))
                .isEmpty();
    }

    @Test
    void aMigrationThatNamesItselfIsACycle() {
        assertThat(cycle("a", Map.of("a", List.of("a")))).containsExactly("a", "a");
    }

    @Test
    void manyWaysToTheSamePlaceAreWalkedOnce() {
        // given forty layers of two, each depending on both of the next: 2^40 ways, 80 migrations
        var layers = IntStream.range(0, 40)
                .boxed()
                .flatMap(n -> List.of("l" + n, "r" + n).stream())
                .collect(Collectors.toMap(name -> name, GraphTest::nextLayer));
        assertThat(cycle("l0", layers)).isEmpty();
    }

    private static List<String> nextLayer(String name) {
        int next = Integer.parseInt(name.substring(1)) + 1;
        return List.of("l" + next, "r" + next);
    }

    private static List<String> cycle(String start, Map<String, List<String>> graph) {
        return Graph.cycle(start, name -> graph.getOrDefault(name, List.of()));
    }

    @Test
    void aCircleOfTenThousandIsFoundWithoutRecursion() {
        int size = 10_000;
        var cycle = Graph.cycle("0", node -> List.of(String.valueOf((Integer.parseInt(node) + 1) % size)));
        assertThat(cycle).hasSize(size + 1);
    }
}
