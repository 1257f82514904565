package dev.cairn.operator.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.time.Duration;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class PlanRoomTest {
    private long now;
    private final PlanRoom room = new PlanRoom(() -> now);

    @Test
    void aNamespaceWithManyPlansLetsTheOthersHaveTheirTurn() throws Exception {
        // given a plan of a namespace that has several
        room.take("many");

        // when another one is refused, and then the next of that namespace
        assertThat(isRefused("one")).isTrue();
        assertThat(isRefused("many")).isTrue();
        room.leave();

        // then it is the other one's turn
        assertThat(isRefused("many")).isTrue();
        assertThat(isRefused("one")).isFalse();
        assertThat(isRefused("many")).isFalse();
    }

    @Test
    void whoAsksNoMoreKeepsNobodyOut() throws Exception {
        room.take("many");
        assertThat(isRefused("gone")).isTrue();
        room.leave();
        assertThat(isRefused("many")).isTrue();

        now += Duration.ofSeconds(21).toNanos();
        assertThat(isRefused("many")).isFalse();
    }

    /** A look of another worker that ends at once. */
    private boolean isRefused(String namespace) throws Exception {
        try (var worker = Executors.newSingleThreadExecutor()) {
            return worker.submit(() -> {
                        var refusal = catchThrowable(() -> room.take(namespace));
                        room.leave();
                        return refusal instanceof PlanRoom.TakenException;
                    })
                    .get();
        }
    }
}
