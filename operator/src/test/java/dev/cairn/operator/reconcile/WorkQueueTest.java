package dev.cairn.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class WorkQueueTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private long nanos = -5; // the clock of a JVM may begin anywhere
    private final WorkQueue<String> queue = new WorkQueue<>(() -> nanos);

    @Test
    void aKeyStandsInItOnce() throws InterruptedException {
        queue.add("a");
        queue.add("b");
        queue.add("a");

        assertThat(queue.take()).contains("a");
        assertThat(queue.take()).contains("b");
        queue.close();
        assertThat(queue.take()).isEmpty();
    }

    @Test
    void aKeyAtAWorkerComesAgainOnlyWhenThatOneIsDone() throws InterruptedException {
        // given a worker that has a, which is added meanwhile
        queue.add("a");
        var _ = queue.take();
        queue.add("a");
        queue.add("b");

        // then another worker gets b, and a comes back once it is done
        assertThat(queue.take()).contains("b");
        queue.done("a", Optional.empty());
        assertThat(queue.take()).contains("a");
    }

    @Test
    void aKeyComesAgainAfterItsPause() throws InterruptedException {
        queue.add("a");
        queue.done(queue.take().orElseThrow(), Optional.of(MINUTE));
        queue.add("b");

        assertThat(queue.take()).contains("b");
        nanos += MINUTE.toNanos();
        assertThat(queue.take()).contains("a");
    }

    @Test
    void whatIsAskedForWithinAPauseIsAnsweredByOneLook() throws InterruptedException {
        // given a key that several ask for, one of them while a worker has it
        queue.add("a");
        var first = queue.take().orElseThrow();
        queue.addWithin("a", Duration.ofSeconds(1));
        queue.done(first, Optional.of(MINUTE));
        queue.addWithin("a", Duration.ofSeconds(2));
        queue.add("b");

        // then it comes once, when the shortest of their pauses is over
        assertThat(queue.take()).contains("b");
        nanos += Duration.ofSeconds(1).toNanos();
        assertThat(queue.take()).contains("a");
        queue.done("a", Optional.empty());
        nanos += MINUTE.toNanos();
        queue.add("c");
        assertThat(queue.take()).contains("c");
        assertThat(queue.waiting()).isZero();
    }

    @Test
    void aLookBeforeThePauseIsOverTakesItsPlace() throws InterruptedException {
        // given a key with a pause, which something else asks for earlier
        queue.add("a");
        queue.done(queue.take().orElseThrow(), Optional.of(MINUTE));
        queue.add("a");
        queue.done(queue.take().orElseThrow(), Optional.empty());

        // then nothing waits, and nothing comes when the pause would have been over
        assertThat(queue.waiting()).isZero();
        nanos += MINUTE.toNanos();
        queue.add("b");
        assertThat(queue.take()).contains("b");
        queue.close();
        assertThat(queue.take()).isEmpty();
    }

    @Test
    void closingItFreesAWorkerThatWaits() throws Exception {
        var waiting = CompletableFuture.supplyAsync(() -> {
            try {
                return queue.take();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });

        queue.close();

        assertThat(waiting.get(10, TimeUnit.SECONDS)).isEmpty();
    }
}
