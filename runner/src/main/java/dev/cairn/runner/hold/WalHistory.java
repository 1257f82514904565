package dev.cairn.runner.hold;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * A history of the primary's WAL positions. It gives the lag of a replica without the clocks of the servers. An idle
 * primary causes no lag. Not thread-safe.
 */
final class WalHistory {
    /** One hour at one position a second. */
    private static final int MOST = 3600;

    private final LongSupplier nanoTime;
    private final ArrayDeque<Seen> seen = new ArrayDeque<>();

    private record Seen(long position, long nanos) {}

    /** @param nanoTime the clock */
    WalHistory(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Records the primary's present position. */
    void now(long position) {
        if (seen.size() == MOST) seen.removeFirst();
        seen.addLast(new Seen(position, nanoTime.getAsLong()));
    }

    /**
     * The time since the primary passed a position.
     *
     * @return zero if it has not passed it; empty if it passed it before the history begins
     */
    Optional<Duration> since(long position) {
        if (seen.isEmpty() || seen.getFirst().position() > position) return Optional.empty();
        return Optional.of(seen.stream()
                .filter(s -> s.position() > position)
                .findFirst()
                .map(s -> Duration.ofNanos(seen.getLast().nanos() - s.nanos()))
                .orElse(Duration.ZERO));
    }

    /** The length of the history. A replica that was behind before it began has at least this lag. */
    Duration watched() {
        return seen.isEmpty()
                ? Duration.ZERO
                : Duration.ofNanos(seen.getLast().nanos() - seen.getFirst().nanos());
    }
}
