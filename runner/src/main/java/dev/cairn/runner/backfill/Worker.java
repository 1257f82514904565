package dev.cairn.runner.backfill;

import dev.cairn.runner.ledger.Backend;
import dev.cairn.runner.ledger.RangeRow;
import dev.cairn.runner.run.Run;
import dev.cairn.runner.session.SqlFailures;
import java.io.Serial;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One thread with one connection that walks ranges. Everything that is done is in the ledger, so a lost connection is
 * nothing special: the next one ends the old session and reads where the range is.
 */
final class Worker {
    private final Walk walk;
    private final Run run;
    private final Workers workers;
    private final int number;
    private final Survival survival;
    private volatile boolean walking;
    private @Nullable Backend backend;

    Worker(Walk walk, Workers workers, int number) {
        this.walk = walk;
        this.run = walk.run();
        this.workers = workers;
        this.number = number;
        this.survival = new Survival(run);
    }

    void start() {
        Thread.ofPlatform().daemon().name("worker-" + number).start(this::work);
    }

    int number() {
        return number;
    }

    /** Whether it has a range. */
    boolean isWalking() {
        return walking;
    }

    @SuppressWarnings("CatchingUnchecked") // whatever ends a worker ends the walk
    private void work() {
        try {
            @Nullable RangeRow at = null;
            while (true) {
                try (var connection = run.connectionAfterLoss();
                        var _ = run.cancelledAfterStop(connection)) {
                    if (at != null) at = again(connection, at);
                    onRanges(connection, at);
                    return;
                } catch (Lost e) {
                    at = e.range;
                    survival.of(e.loss);
                }
            }
        } catch (SQLException e) {
            workers.fail(SqlFailures.failure("the ledger or the catalogue", e));
        } catch (RuntimeException | Error e) {
            workers.fail(e);
        } finally {
            workers.left(this);
        }
    }

    private void onRanges(Connection connection, @Nullable RangeRow first) throws Lost {
        var rangeWalk = new RangeWalk(walk);
        var next = Optional.ofNullable(first).or(() -> workers.take(number));
        while (next.isPresent()) {
            walking = true;
            onRange(connection, rangeWalk, next.get());
            next = workers.take(number);
        }
    }

    private void onRange(Connection connection, RangeWalk rangeWalk, RangeRow range) throws Lost {
        long before = walk.standing().walked();
        try {
            if (!range.done()) {
                run.ledger().ranges().claim(connection, walk.token(), range);
                backend = Backend.of(connection);
            }
            var end = rangeWalk.onward(connection, range, () -> workers.isWanted(number));
            if (!end.done()) workers.giveBack(end);
        } catch (SQLException e) {
            throw new Lost(range, e);
        } finally {
            if (walk.standing().walked() > before) survival.progressed();
        }
    }

    /** Where the range is now, once the lost session is out of the way: its last batch may be running yet. */
    private RangeRow again(Connection connection, RangeRow range) throws Lost {
        try {
            if (backend != null) new Takeover(run).of(connection, backend, "this worker's lost connection");
            // After a failover the ledger may be older than this start, or the walk, or gone.
            run.ledger().install(connection);
            if (!run.ledger().migrations().owns(connection, walk.token()))
                throw run.ledger().migrations().fenced(connection);
            return run.ledger().ranges().now(connection, range);
        } catch (SQLException e) {
            throw new Lost(range, e);
        }
    }

    /** The connection or the server failed while a range was being walked. */
    private static final class Lost extends Exception {
        @Serial
        private static final long serialVersionUID = 1;

        private final transient RangeRow range;
        private final transient SQLException loss;

        Lost(RangeRow range, SQLException loss) {
            super(loss);
            this.range = range;
            this.loss = loss;
        }
    }
}
