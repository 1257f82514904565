package dev.cairn.runner.end;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.cairn.plan.Reason;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class StopTest {
    private final Stop stop = new Stop();
    private final AtomicInteger ran = new AtomicInteger();

    @Test
    void aPauseEndsAtOnceWhenTheEndIsAskedFor() {
        stop.request();
        assertThatThrownBy(() -> stop.pause(Duration.ofDays(1)))
                .isInstanceOfSatisfying(
                        MigrationFailure.class, e -> assertThat(e.reason()).isEqualTo(Reason.Stopped));
    }

    @Test
    void withoutAWishAPauseIsAPause() {
        stop.pause(Duration.ofMillis(1));
        stop.check();
        assertThat(stop.isRequested()).isFalse();
    }

    @Test
    void anActionRunsWhetherItWasRegisteredBeforeTheWishOrAfter() {
        stop.after(Duration.ZERO, ran::incrementAndGet);
        stop.request();
        stop.request();
        stop.after(Duration.ofMillis(1), ran::incrementAndGet);
        await().until(() -> ran.get() == 2);
    }

    @Test
    void anActionThatWasTakenBackDoesNotRun() {
        try (var _ = stop.after(Duration.ZERO, () -> ran.addAndGet(100))) {
            assertThat(ran).hasValue(0);
        }
        stop.request();
        stop.after(Duration.ZERO, ran::incrementAndGet);
        await().until(() -> ran.get() == 1);
    }
}
