package dev.cairn.runner.backfill.worker;

import dev.cairn.runner.backfill.batch.WalkContext;
import dev.cairn.runner.backfill.worker.WorkerPool.Open;
import dev.cairn.runner.ledger.Backend;
import dev.cairn.runner.ledger.RangeRow;
import dev.cairn.runner.run.Run;
import dev.cairn.runner.run.StaleSessions;
import java.io.Serial;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One thread with one connection that walks ranges. The ledger has all that is done. So after a lost connection the
 * worker ends the old session with the next connection and reads the range's place.
 */
final class Worker {
    private final WalkContext walk;
    private final Run run;
    private final WorkerPool workers;
    private final int number;
    private final ReconnectPolicy survival;
    private volatile boolean walking;
    private volatile boolean connected;

    /** @param survival the policy of its number, shared with the workers before it */
    Worker(WalkContext walk, WorkerPool workers, int number, ReconnectPolicy survival) {
        this.walk = walk;
        this.run = walk.run();
        this.workers = workers;
        this.number = number;
        this.survival = survival;
    }

    void start() {
        Thread.ofPlatform().daemon().name("worker-" + number).start(this::work);
    }

    int number() {
        return number;
    }

    /** Whether it walks a range. */
    boolean isWalking() {
        return walking;
    }

    boolean isConnected() {
        return connected;
    }

    @SuppressWarnings("CatchingUnchecked") // any failure of a worker ends the walk
    private void work() {
        try {
            @Nullable Open at = null;
            while (true) {
                try (var connection = run.reconnection().once();
                        var _ = run.cancelledAfterStop(connection)) {
                    connected = true;
                    workers.connected();
                    onRanges(connection, at);
                    return;
                } catch (Lost e) {
                    at = e.at;
                    survival.of(e.loss);
                } catch (SQLException e) {
                    leave(at, e);
                    return;
                }
            }
        } catch (RuntimeException | Error e) {
            workers.fail(e);
        } finally {
            workers.left(this);
        }
    }

    /** Gives its range back without a connection: another worker may have one. */
    private void leave(@Nullable Open at, SQLException refusal) {
        if (at != null) workers.giveBack(at);
        workers.unconnected(refusal);
    }

    private void onRanges(Connection connection, @Nullable Open first) throws Lost {
        var rangeWalk = new RangeWalk(walk);
        try {
            var next = Optional.ofNullable(first).or(() -> workers.take(number));
            while (next.isPresent()) {
                walking = true;
                onRange(connection, rangeWalk, next.get());
                next = workers.take(number);
            }
        } finally {
            connected = false;
        }
    }

    private void onRange(Connection connection, RangeWalk rangeWalk, Open open) throws Lost {
        long before = walk.standing().walked();
        var at = open;
        try {
            var range = open.lost() == null ? open.range() : again(connection, open);
            if (!range.done()) {
                run.ledger().ranges().claim(connection, walk.token(), range);
                at = new Open(range, Backend.of(connection));
            }
            var end = rangeWalk.onward(connection, range, () -> workers.isWanted(number));
            if (!end.done()) workers.giveBack(new Open(end, null));
        } catch (SQLException e) {
            throw new Lost(at, e);
        } finally {
            if (walk.standing().walked() > before) survival.progressed();
        }
    }

    /** The present state of the range, after the end of the lost session: its last batch may still run. */
    private RangeRow again(Connection connection, Open open) throws SQLException {
        if (open.lost() != null) new StaleSessions(run).end(connection, open.lost(), "a worker's lost connection");
        // After a failover the ledger may be older than this start or this walk, or missing.
        run.ledger().install(connection);
        if (!run.ledger().migrations().owns(connection, walk.token()))
            throw run.ledger().migrations().fenced(connection);
        return run.ledger().ranges().now(connection, open.range());
    }

    /** The connection or the server failed during the walk of a range. */
    private static final class Lost extends Exception {
        @Serial
        private static final long serialVersionUID = 1;

        private final transient Open at;
        private final transient SQLException loss;

        Lost(Open at, SQLException loss) {
            super(loss);
            this.at = at;
            this.loss = loss;
        }
    }
}
