package dev.cairn.operator.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How often pods are asked for their progress, by their number. */
class PollOrderTest {
    private final PollOrder order = new PollOrder();

    @Test
    void aFewPodsAreAskedEveryFiveSeconds() {
        var pods = pods(50);
        var asked = new HashMap<String, List<Integer>>();
        for (int second = 1; second <= 60; second++)
            for (var pod : order.next(pods))
                asked.computeIfAbsent(pod, key -> new ArrayList<>()).add(second);
        assertThat(asked).hasSize(50);
        // From the second turn on: where many are new at once, the first one waits for its place.
        assertThat(asked.values())
                .allSatisfy(seconds ->
                        assertThat(gaps(seconds.subList(1, seconds.size()))).containsOnly(5));
        assertThat(asked.values())
                .allSatisfy(seconds -> assertThat(seconds.getFirst()).isLessThanOrEqualTo(10));
    }

    @Test
    void aThousandPodsAreAskedTenTimesASecondTogetherSoThatTheyWriteTwentyTimes() {
        var pods = pods(1000);
        var times = new HashMap<String, Integer>();
        int most = 0;
        for (int second = 1; second <= 200; second++) {
            var next = order.next(pods);
            most = Math.max(most, next.size());
            next.forEach(pod -> times.merge(pod, 1, Integer::sum));
        }
        // An answer is written as a status and an Event at most.
        assertThat(2 * most).isEqualTo(20);
        assertThat(times).hasSize(1000);
        assertThat(times.values()).as("each every hundred seconds").containsOnly(2);
    }

    @Test
    void whatIsGoneTakesNobodysPlaceAndWhatIsNewIsAskedWithinFiveSeconds() {
        for (int second = 0; second < 20; second++)
            assertThat(order.next(List.of("old"))).isSubsetOf("old");
        var asked = new HashSet<String>();
        for (int second = 0; second < 5; second++) asked.addAll(order.next(List.of("new")));
        assertThat(asked).containsExactly("new");
    }

    private static List<Integer> gaps(List<Integer> seconds) {
        return IntStream.range(1, seconds.size())
                .mapToObj(n -> seconds.get(n) - seconds.get(n - 1))
                .toList();
    }

    private static List<String> pods(int count) {
        return IntStream.range(0, count).mapToObj(n -> "uid-" + n).toList();
    }
}
