package dev.cairn.runner.backfill.worker;

import dev.cairn.plan.Reason;
import dev.cairn.runner.backfill.batch.WalkContext;
import dev.cairn.runner.backfill.table.Limits;
import dev.cairn.runner.backfill.table.TransactionSettings;
import dev.cairn.runner.end.MigrationFailure;
import dev.cairn.runner.ledger.Backend;
import dev.cairn.runner.ledger.RangeRow;
import dev.cairn.runner.report.Log;
import dev.cairn.runner.session.SqlFailures;
import dev.cairn.runner.session.SqlFailures.Kind;
import dev.cairn.runner.session.Transaction;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Walks the ranges of a table with the number of workers in the present settings. Each worker has its own thread and
 * connection. A worker takes the next open range. A worker that is no longer needed gives its range back.
 */
public final class WorkerPool {
    private static final Duration LOOK = Duration.ofMillis(100);
    private static final Duration MEASURE = Duration.ofSeconds(5);

    /** How long the other workers may take to end their batch after one has failed. */
    private static final Duration LEAVE_WITHIN = Duration.ofSeconds(10);

    private final WalkContext walk;
    private final ConnectionShortage shortage;
    private final Deque<Open> open = new ArrayDeque<>();
    private final Map<Integer, ReconnectPolicy> survivals = new HashMap<>();
    private final List<Worker> working = new ArrayList<>();
    private final Semaphore changes = new Semaphore(0);
    private @Nullable Throwable failure;
    private boolean isMeasurable = true;

    public WorkerPool(WalkContext walk, List<RangeRow> ranges) {
        this.walk = walk;
        this.shortage =
                new ConnectionShortage(walk.run().reconnection(), walk.run().progress(), System::nanoTime);
        ranges.stream()
                .filter(range -> !range.done())
                .map(range -> new Open(range, null))
                .forEach(open::add);
    }

    /**
     * A range without a worker.
     *
     * @param range as its last worker saw it
     * @param lost the lost session that worked on it and may still work; null if its worker gave it back
     */
    record Open(RangeRow range, @Nullable Backend lost) {}

    /**
     * Walks all ranges to their ends.
     *
     * @param connection for measurements; the pool uses it for nothing else
     * @throws MigrationFailure if a worker failed, or when the run must stop
     * @throws dev.cairn.runner.ledger.FencedException if another start took over
     */
    public void walk(Connection connection) {
        long measured = System.nanoTime() - MEASURE.toNanos();
        try {
            while (staff()) {
                if (isMeasurable && System.nanoTime() - measured > MEASURE.toNanos()) {
                    measure(connection);
                    measured = System.nanoTime();
                }
                awaitChange();
                walk.run().stop().check();
            }
        } catch (MigrationFailure e) {
            fail(e);
        }
        awaitEnd();
        if (failure instanceof RuntimeException e) throw e;
        if (failure instanceof Error e) throw e;
    }

    /** The next open range; empty if there is none, or if the worker is no longer needed. */
    synchronized Optional<Open> take(int worker) {
        return isWanted(worker) ? Optional.ofNullable(open.poll()) : Optional.empty();
    }

    /** Whether a worker may continue with its next batch. */
    synchronized boolean isWanted(int worker) {
        return failure == null && worker < parallelism();
    }

    /** Takes back a range that is not at its end. */
    synchronized void giveBack(Open range) {
        open.addFirst(range);
    }

    /** Records that a worker got a connection. */
    synchronized void connected() {
        shortage.granted();
    }

    /** Records that a worker got no connection and ends. Another worker replaces it later. */
    synchronized void unconnected(SQLException e) {
        shortage.refused(e, connectedNow(), wanted());
    }

    /** Records a worker's failure. No worker begins another batch. The first failure counts. */
    synchronized void fail(Throwable e) {
        if (failure == null) failure = e;
        changes.release();
    }

    synchronized void left(Worker worker) {
        working.remove(worker);
        changes.release();
    }

    /** Starts missing workers. False when all is done, or when a worker has failed. */
    private synchronized boolean staff() {
        if (failure != null || (open.isEmpty() && working.isEmpty())) return false;
        shortage.check(connectedNow(), wanted());
        for (int number = 0; number < parallelism() && shortage.mayTry(); number++) {
            int place = number;
            boolean isMissing = working.stream().noneMatch(worker -> worker.number() == place);
            if (isMissing && open.size() > idle()) {
                var worker = new Worker(
                        walk, this, place, survivals.computeIfAbsent(place, _ -> new ReconnectPolicy(walk.run())));
                working.add(worker);
                worker.start();
            }
        }
        return true;
    }

    /** Workers without a range. */
    private long idle() {
        return working.stream().filter(worker -> !worker.isWalking()).count();
    }

    private long connectedNow() {
        return working.stream().filter(Worker::isConnected).count();
    }

    /** How many workers would have work if each had a connection. */
    private int wanted() {
        return Math.min(parallelism(), working.size() + open.size());
    }

    private int parallelism() {
        return walk.run().settings().get().pace().parallelism();
    }

    /**
     * Waits until a worker has ended, or until the next check of the settings, which may change the number of workers.
     */
    private void awaitChange() {
        try {
            if (changes.tryAcquire(LOOK.toMillis(), TimeUnit.MILLISECONDS)) changes.drainPermits();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            fail(new MigrationFailure(Reason.Stopped, "interrupted", null, null, e));
        }
    }

    private void awaitEnd() {
        long deadline = System.nanoTime() + LEAVE_WITHIN.toNanos();
        while (atWork() > 0
                && System.nanoTime() < deadline
                && !Thread.currentThread().isInterrupted()) awaitChange();
        if (atWork() > 0) Log.info(atWork() + " workers did not end in time; what they still commit counts once");
    }

    private synchronized int atWork() {
        return working.size();
    }

    /** Measures the table. A failed measurement does not stop the walk. */
    private void measure(Connection connection) {
        try {
            Transaction.run(connection, c -> {
                TransactionSettings.apply(c, new Limits(LOOK));
                walk.meter().measure(c);
            });
        } catch (SQLException e) {
            // The table is locked: measure it another time.
            if (SqlFailures.kind(e) == Kind.REPEAT) return;
            Log.info("the table's size is no longer available: " + SqlFailures.text(e));
            isMeasurable = false;
        }
    }
}
