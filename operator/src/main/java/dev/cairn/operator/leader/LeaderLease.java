package dev.cairn.operator.leader;

import dev.cairn.operator.leader.LeaseStore.Held;
import dev.cairn.operator.leader.LeaseStore.Term;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lease that a replica needs to work. This process's own monotonic clock decides when it ends, not the clock of
 * another machine. The clock continues while the process is paused. So a holder that was paused finds that its time is
 * over. A replica leads once; the loss of the lease ends the process.
 */
public final class LeaderLease implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LeaderLease.class);

    /** Other replicas may take the lease this long after its holder's last renewal. */
    private static final Duration EXPIRES = Duration.ofSeconds(15);

    /**
     * The holder stops writing this long after the start of its last renewal: well before another replica may write.
     */
    private static final Duration WRITES_WITHIN = Duration.ofSeconds(10);

    private static final Duration RENEW_EVERY = Duration.ofSeconds(2);
    private static final Duration ASK_EVERY = Duration.ofSeconds(1);

    /** How long the end of the process waits for a running request of the lease. */
    private static final Duration END_WITHIN = Duration.ofMillis(500);

    private final LeaseStore store;
    private final String identity;
    private final LongSupplier nanoTime;
    private final InstantSource clock;
    private final Listener listener;
    private final Thread thread =
            Thread.ofPlatform().daemon().name("leader-lease").unstarted(this::run);

    private volatile boolean leading;
    private volatile boolean ended;
    private volatile long renewedNanos;
    private @Nullable Term seen;
    private long seenNanos;

    /** Gets the changes of the lease. Each method is called at most once, on the lease's own thread. */
    public interface Listener {
        /** This replica works from now on. */
        void leads();

        /** This replica must stop working. */
        void lost(String why);
    }

    /**
     * @param client without the write gate: the lease's own writes need no lease
     * @param identity the name of this replica; a container that restarts in the same pod keeps its lease
     */
    public LeaderLease(
            KubernetesClient client,
            String namespace,
            String name,
            String identity,
            InstantSource clock,
            Listener listener) {
        this(new ApiLeaseStore(client, namespace, name), identity, System::nanoTime, clock, listener);
    }

    LeaderLease(LeaseStore store, String identity, LongSupplier nanoTime, InstantSource clock, Listener listener) {
        this.store = store;
        this.identity = identity;
        this.nanoTime = nanoTime;
        this.clock = clock;
        this.listener = listener;
    }

    /** Starts to request the lease. */
    public void start() {
        thread.start();
    }

    /** Whether this replica certainly holds the lease, and so may write now. */
    public boolean mayWrite() {
        return leading && nanoTime.getAsLong() - renewedNanos < WRITES_WITHIN.toNanos();
    }

    /** Gives the lease back, so that another replica takes it within a second. All writes must have ended before. */
    @Override
    public void close() {
        ended = true;
        thread.interrupt();
        try {
            if (thread.isAlive() && !thread.equals(Thread.currentThread())) thread.join(END_WITHIN);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        release();
    }

    private void run() {
        try {
            while (!ended) {
                pass();
                if (!ended) Thread.sleep(leading ? RENEW_EVERY : ASK_EVERY);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // close was called
        }
    }

    /** One pass: requests or renews the lease, or finds that it is lost. */
    void pass() {
        if (leading && !mayWrite()) {
            lose("it was not renewed for " + WRITES_WITHIN.toSeconds() + " s");
            return;
        }
        try {
            long asked = nanoTime.getAsLong();
            var held = store.read().orElse(null);
            if (held != null && !isMine(held.term()) && !isFree(held.term())) {
                if (leading) lose(held.term().holder() + " holds it now");
            } else if (store.write(held, next(held))) {
                renewed(asked);
            }
        } catch (RuntimeException e) {
            if (!ended) LOG.warn("The lease was not {}: {}", leading ? "renewed" : "asked for", e.getMessage());
        }
    }

    private void renewed(long asked) {
        renewedNanos = asked;
        if (leading || ended) return;
        leading = true;
        LOG.info("{} holds the lease", identity);
        listener.leads();
    }

    private void lose(String why) {
        leading = false;
        ended = true;
        listener.lost(why);
    }

    private void release() {
        if (!mayWrite()) return;
        leading = false;
        try {
            var held = store.read().orElse(null);
            if (held == null || !isMine(held.term())) return;
            var now = clock.instant();
            var _ = store.write(held, new Term("", 1, now, now, held.term().transitions()));
            LOG.info("{} has given the lease back", identity);
        } catch (RuntimeException e) {
            LOG.warn(
                    "The lease was not given back; another replica takes it in {} s: {}",
                    EXPIRES.toSeconds(),
                    e.getMessage());
        }
    }

    private Term next(@Nullable Held held) {
        var now = clock.instant();
        var before = held == null ? null : held.term();
        int seconds = (int) EXPIRES.toSeconds();
        if (before == null) return new Term(identity, seconds, now, now, 0);
        return isMine(before)
                ? new Term(identity, seconds, before.acquired(), now, before.transitions())
                : new Term(identity, seconds, now, now, before.transitions() + 1);
    }

    private boolean isMine(Term term) {
        return term.holder().equals(identity);
    }

    /**
     * Whether the holder has not renewed the lease for the lease's duration, since this process first saw the present
     * state.
     */
    private boolean isFree(Term term) {
        if (term.holder().isEmpty()) return true;
        long now = nanoTime.getAsLong();
        if (!Objects.equals(term, seen)) {
            seen = term;
            seenNanos = now;
        }
        return now - seenNanos >= Duration.ofSeconds(term.seconds()).toNanos();
    }
}
