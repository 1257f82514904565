package dev.cairn.operator.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SerialReadsTest {
    @Test
    void manyWorkersReadOneAfterTheOther() throws Exception {
        // given a request that counts how many there are at a time
        var reads = new SerialReads();
        var reading = new AtomicInteger();
        var most = new AtomicInteger();
        Callable<Integer> worker = () -> reads.read(() -> {
            int now = reading.incrementAndGet();
            most.accumulateAndGet(now, Math::max);
            for (int n = 0; n < 10_000; n++) Thread.onSpinWait(); // gives another worker the time to begin
            reading.decrementAndGet();
            return now;
        });

        // when
        try (var workers = Executors.newFixedThreadPool(4)) {
            for (var done : workers.invokeAll(Collections.nCopies(40, worker))) done.get();
        }

        // then
        assertThat(most).hasValue(1);
    }
}
