package dev.cairn.runner.hold;

import dev.cairn.plan.HoldCondition;
import dev.cairn.plan.Progress;
import dev.cairn.plan.Work;
import dev.cairn.runner.end.MigrationFailure;
import dev.cairn.runner.report.Log;
import dev.cairn.runner.run.Run;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Makes a walk wait before each batch while a signal is above its limit. A separate thread reads the signals every
 * second on a separate connection. The walk waits until the first read, and whenever the last read is too old.
 * Thread-safe.
 */
public final class Holds implements AutoCloseable {
    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final Duration POLL = Duration.ofMillis(100);

    /** A read takes longer than this when the network is silent or many queries are slow. */
    private static final Duration STALE = Duration.ofSeconds(5);

    private final Run run;
    private final SignalPoller poller;
    private @Nullable Thread thread;
    private @Nullable Look last;
    private boolean closed;
    private boolean waits;

    /** The result of a read, with its settings and its time. */
    private record Look(List<HoldCondition> holds, List<String> active, long nanos) {
        Duration age() {
            return Duration.ofNanos(System.nanoTime() - nanos);
        }

        boolean isStale() {
            return age().compareTo(STALE) > 0;
        }
    }

    public Holds(Run run, Work.Backfill work) {
        this.run = run;
        this.poller = new SignalPoller(run, work);
    }

    /**
     * Waits until no hold is active. Meanwhile the progress shows the active holds.
     *
     * @param wanted whether the caller still wants to continue
     * @return true to continue; false, without a wait, as soon as {@code wanted} is false
     * @throws MigrationFailure as soon as the run must stop
     */
    public boolean await(BooleanSupplier wanted) {
        while (wanted.getAsBoolean()) {
            var active = active();
            if (active.isPresent()) tell(active.get());
            if (active.filter(List::isEmpty).isPresent()) return true;
            run.stop().pause(POLL);
        }
        return false;
    }

    /** The active holds now, from one read. It is for callers that do not walk. */
    public List<String> look() {
        return poller.look(wanted());
    }

    /** The active holds; empty while a read with changed limits is due. */
    private Optional<List<String>> active() {
        var holds = wanted();
        if (holds.isEmpty()) return Optional.of(List.of());
        var look = last();
        if (look.isStale()) return Optional.of(blind(look));
        return look.holds().equals(holds) ? Optional.of(look.active()) : Optional.empty();
    }

    private List<HoldCondition> wanted() {
        return run.settings().get().pace().holds();
    }

    private static List<String> blind(Look look) {
        return Stream.concat(
                        Stream.of("signals unknown: not read for " + look.age().toSeconds() + "s"),
                        look.active().stream())
                .limit(Progress.MAX_HOLDS)
                .toList();
    }

    /** The last read. The first call starts the thread. */
    private synchronized Look last() {
        if (last == null) last = new Look(List.of(), List.of(), System.nanoTime());
        if (thread == null && !closed)
            thread = Thread.ofPlatform().daemon().name("holds").start(this::lookForEver);
        return last;
    }

    private synchronized void tell(List<String> active) {
        if (active.isEmpty() && !waits) return;
        if (!waits) Log.info("held by " + String.join("; ", active));
        if (active.isEmpty()) Log.info("nothing holds any more");
        waits = !active.isEmpty();
        run.progress().heldBy(active);
    }

    private void lookForEver() {
        try (poller) {
            while (!isClosed()) {
                lookOnce();
                run.stop().pause(INTERVAL);
            }
        } catch (MigrationFailure e) {
            // The run must stop, or the walk is over.
            Log.info("holds: the signals are no longer read");
        } catch (RuntimeException e) {
            // The walk waits now and shows that the signals are unknown. The next call starts another thread.
            Log.defect("holds: internal error", e);
            forgetThread();
        }
    }

    private void lookOnce() {
        var holds = wanted();
        var look = new Look(holds, poller.look(holds), System.nanoTime());
        synchronized (this) {
            last = look;
        }
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    private synchronized void forgetThread() {
        thread = null;
    }

    /** Ends the reads. */
    @Override
    public synchronized void close() {
        closed = true;
        if (thread == null) poller.close();
        else thread.interrupt();
    }
}
