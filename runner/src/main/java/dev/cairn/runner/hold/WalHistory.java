package dev.cairn.runner.hold;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Where the primary's WAL stood when, for as long as it is looked at. It tells how long a replica is behind without
 * either side's clock, and an idle primary is nobody's lag. Not thread-safe.
 */
final class WalHistory {
    /** An hour of seconds. */
    private static final int MOST = 3600;

    private final LongSupplier nanoTime;
    private final ArrayDeque<Seen> seen = new ArrayDeque<>();

    private record Seen(long position, long nanos) {}

    /** @param nanoTime the clock */
    WalHistory(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** The primary stands here now. */
    void now(long position) {
        if (seen.size() == MOST) seen.removeFirst();
        seen.addLast(new Seen(position, nanoTime.getAsLong()));
    }

    /**
     * How long ago the primary passed a position.
     *
     * @return zero where it has not; empty where it had passed it before anybody looked
     */
    Optional<Duration> since(long position) {
        if (seen.isEmpty() || seen.getFirst().position() > position) return Optional.empty();
        return Optional.of(seen.stream()
                .filter(s -> s.position() > position)
                .findFirst()
                .map(s -> Duration.ofNanos(seen.getLast().nanos() - s.nanos()))
                .orElse(Duration.ZERO));
    }

    /** How long it has been looked at: who was behind before that is at least so far behind. */
    Duration watched() {
        return seen.isEmpty()
                ? Duration.ZERO
                : Duration.ofNanos(seen.getLast().nanos() - seen.getFirst().nanos());
    }
}
