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
 * Walks the ranges of a table with as many workers as the settings want at the moment, each on a thread and a connection
 * of its own. A worker takes the next open range; one that is not wanted any more puts its range back.
 */
public final class WorkerPool {
    private static final Duration LOOK = Duration.ofMillis(100);
    private static final Duration MEASURE = Duration.ofSeconds(5);

    /** How long the others may take to end their batch after one has failed. */
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
     * A range that nobody works on.
     *
     * @param range as its last worker knows it
     * @param lost the session that worked on it when it was lost, and may do so yet; null where it was left in peace
     */
    record Open(RangeRow range, @Nullable Backend lost) {}

    /**
     * Walks all of them to their ends.
     *
     * @param connection to measure with; it does nothing else meanwhile
     * @throws MigrationFailure as a worker failed, or when the end was asked for
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

    /** The next range that nobody works on; empty when there is none, or the worker is not wanted any more. */
    synchronized Optional<Open> take(int worker) {
        return isWanted(worker) ? Optional.ofNullable(open.poll()) : Optional.empty();
    }

    /** Whether a worker is to go on with its next batch. */
    synchronized boolean isWanted(int worker) {
        return failure == null && worker < parallelism();
    }

    /** A range that its worker leaves before its end. */
    synchronized void giveBack(Open range) {
        open.addFirst(range);
    }

    /** A worker got a connection. */
    synchronized void connected() {
        shortage.granted();
    }

    /** A worker got none and leaves: another one takes its place later. */
    synchronized void unconnected(SQLException e) {
        shortage.refused(e, connectedNow(), wanted());
    }

    /** A worker has failed: nobody begins another batch. The first failure is the one that counts. */
    synchronized void fail(Throwable e) {
        if (failure == null) failure = e;
        changes.release();
    }

    synchronized void left(Worker worker) {
        working.remove(worker);
        changes.release();
    }

    /** Starts who is missing. False when all is done, or has failed. */
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

    /** Those that have not taken a range yet. */
    private long idle() {
        return working.stream().filter(worker -> !worker.isWalking()).count();
    }

    private long connectedNow() {
        return working.stream().filter(Worker::isConnected).count();
    }

    /** Workers that have something to do, were there a connection for each. */
    private int wanted() {
        return Math.min(parallelism(), working.size() + open.size());
    }

    private int parallelism() {
        return walk.run().settings().get().pace().parallelism();
    }

    /** Until a worker has ended, or it is time to look again: the settings may want another number of them. */
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
        if (atWork() > 0)
            Log.info(atWork() + " workers did not end in time; what they commit yet is counted once all the same");
    }

    private synchronized int atWork() {
        return working.size();
    }

    /** A table that cannot be measured is walked all the same. */
    private void measure(Connection connection) {
        try {
            Transaction.run(connection, c -> {
                TransactionSettings.apply(c, new Limits(LOOK));
                walk.meter().measure(c);
            });
        } catch (SQLException e) {
            // Somebody has locked the table: another time.
            if (SqlFailures.kind(e) == Kind.REPEAT) return;
            Log.info("the table's size is not to be had any more: " + SqlFailures.text(e));
            isMeasurable = false;
        }
    }
}
