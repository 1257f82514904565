package dev.cairn.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.operator.reconcile.ReconcileLoop.Next;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ReconcileLoopTest {
    private static final ObjectKey A = new ObjectKey("SchemaMigration", "team", "a");

    private final LinkedBlockingQueue<Integer> looks = new LinkedBlockingQueue<>();

    @Test
    void aLookThatFailsIsRepeatedAndKnowsHowOftenItFailed() throws InterruptedException {
        try (var loop = new ReconcileLoop((key, failures) -> {
            looks.add(failures);
            if (failures == 0) throw new IllegalStateException("the first look fails");
            return new Next.Whenever();
        })) {
            loop.start();
            loop.add(A);

            assertThat(looks.poll(20, TimeUnit.SECONDS)).isZero();
            assertThat(looks.poll(20, TimeUnit.SECONDS)).isEqualTo(1);
        }
    }

    @Test
    void aLookThatTakesLongerThanAnyCanIsNamedUntilItEnds() throws InterruptedException {
        var nanos = new AtomicLong();
        var begun = new CountDownLatch(1);
        var mayEnd = new CountDownLatch(1);
        var other = new ObjectKey("SchemaMigration", "team", "b");
        var ended = new CountDownLatch(1);
        try (var loop = new ReconcileLoop(
                (key, failures) -> {
                    if (key.equals(other)) ended.countDown();
                    else hang(begun, mayEnd);
                    return new Next.Never();
                },
                nanos::get)) {
            loop.start();
            loop.add(A);
            begun.await();
            nanos.set(Duration.ofMinutes(5).toNanos());
            assertThat(loop.hung()).isEmpty();

            nanos.set(Duration.ofMinutes(5).toNanos() + 1);
            assertThat(loop.hung()).containsExactly(A);

            // the others go on meanwhile, and it is well again when the look ends
            loop.add(other);
            ended.await();
            mayEnd.countDown();
            while (!loop.hung().isEmpty()) Thread.onSpinWait();
        }
    }

    private static void hang(CountDownLatch begun, CountDownLatch mayEnd) {
        begun.countDown();
        try {
            mayEnd.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void closingItLetsTheLookUnderWayEndAndBeginsNoOther() throws InterruptedException {
        var begun = new CountDownLatch(1);
        var mayEnd = new CountDownLatch(1);
        var ended = new AtomicInteger();
        var loop = new ReconcileLoop((key, failures) -> {
            begun.countDown();
            try {
                mayEnd.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            ended.incrementAndGet();
            return new Next.Whenever();
        });
        loop.start();
        loop.add(A);
        begun.await();
        loop.add(A);

        // The look ends only when the loop waits for it: else another one might begin before it is closed.
        var closing = Thread.ofPlatform().start(loop::close);
        while (closing.getState() != Thread.State.TIMED_WAITING && closing.isAlive()) Thread.onSpinWait();
        mayEnd.countDown();
        closing.join();

        assertThat(ended).hasValue(1);
    }
}
