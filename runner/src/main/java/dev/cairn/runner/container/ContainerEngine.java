package dev.cairn.runner.container;

import dev.cairn.plan.Progress.Activity;
import dev.cairn.plan.Reason;
import dev.cairn.plan.Work;
import dev.cairn.runner.end.MigrationFailure;
import dev.cairn.runner.ledger.MigrationRow;
import dev.cairn.runner.ledger.MigrationRow.State;
import dev.cairn.runner.report.Log;
import dev.cairn.runner.run.Losses;
import dev.cairn.runner.run.Result;
import dev.cairn.runner.run.Run;
import dev.cairn.runner.run.Start;
import dev.cairn.runner.run.Verification;
import dev.cairn.runner.session.Transaction;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;

/**
 * Carries out a migration whose work a container beside this process does. The ledger says what is done. So every
 * attempt, and every process of the pod, begins by reading it.
 */
public final class ContainerEngine {
    private final Run run;
    private final Work.Container work;
    private final Handover handover;
    private final Start start;

    public ContainerEngine(Run run, Work.Container work, Handover handover) {
        this.run = run;
        this.work = work;
        this.handover = handover;
        this.start = new Start(run);
    }

    /**
     * @throws MigrationFailure if the migration does not end as applied
     * @throws dev.cairn.runner.ledger.FencedException if another start took over
     */
    public Result run() {
        handover.begun().ifPresent(before -> start.resume(before.token()));
        return new Losses(run).survive(this::attempt);
    }

    private Result attempt() throws SQLException {
        var token = begin();
        if (token.isEmpty()) return start.nothingLeft();
        try {
            var ended = new CheckpointPoller(run, token.get(), handover).untilTheCommandEnds();
            return conclude(ended, token.get());
        } catch (MigrationFailure failure) {
            start.record(failure);
            throw failure;
        }
    }

    private Optional<UUID> begin() throws SQLException {
        try (var connection = run.firstConnection()) {
            start.endStaleSessions(connection);
            var token = start.begin(connection, this::isApplied);
            if (token.isEmpty() || handover.begun().isPresent()) return token;
            var mine = token.get();
            var checkpoint =
                    Transaction.in(connection, c -> run.ledger().checkpoints().open(c, mine));
            CheckpointPoller.tell(run, checkpoint);
            var from = checkpoint.cursor() == null ? "" : checkpoint.cursor();
            var place = run.showsKeys() ? "after " + from : "after its checkpoint";
            Log.info("the container begins " + (from.isEmpty() ? "at the beginning" : place));
            var access = run.connector().clientAccess(handover.passwordFile());
            handover.writePassword(access);
            handover.begin(BeginFile.of(
                    access.environment(), name(), mine, from, run.ledger().schema()));
            return token;
        }
    }

    /** The first argument of the function {@code checkpoint}, such as {@code chat/DataMigration/messages-mood}. */
    private String name() {
        var migration = run.plan().migration();
        return migration.scope() + "/" + migration.kind() + "/" + migration.name();
    }

    /** @throws MigrationFailure if another plan ran or runs under this name */
    private boolean isApplied(Connection connection, MigrationRow row) throws SQLException {
        run.progress().attempts(row.attempts());
        var checkpoint = run.ledger().checkpoints().read(connection);
        checkpoint.ifPresent(found -> CheckpointPoller.tell(run, found));
        boolean same = row.isOf(run.checksum());
        if (row.state() == State.APPLIED && same) return true;
        boolean hasBegun = checkpoint.isPresent() && checkpoint.get().cursor() != null;
        if (!same && (row.state() == State.APPLIED || (row.state() == State.RUNNING && hasBegun)))
            throw new MigrationFailure(
                    Reason.ChecksumMismatch,
                    run.plan().migration() + (row.state() == State.APPLIED ? " was applied" : " is under way")
                            + " with another plan (" + row.checksum() + ", and this one is "
                            + row.inItsFormat(run.checksum())
                            + "): restore that one, or add a new migration");
        return false;
    }

    /**
     * Decides by the exit code. Only 0 means done. The end of a command that was asked to stop does not mean that it is
     * done.
     */
    private Result conclude(EndFile ended, UUID token) throws SQLException {
        Log.info("the command ended: " + ended);
        if (ended.stopped()) throw stopped();
        if (ended.exitCode() != 0 || ended.error() != null) throw failure(ended);
        try (var connection = run.connectionAfterLoss()) {
            // If this process hangs during verify, the next start ends this session.
            Transaction.run(connection, c -> run.ledger().migrations().rejoin(c, token));
            if (work.verify() != null) new Verification(run).require(connection, work.verify());
            Transaction.run(connection, c -> {
                c.createStatement().execute("SET LOCAL lock_timeout = '10s'");
                run.ledger().checkpoints().close(c);
                run.ledger().checkpoints().read(c).ifPresent(row -> CheckpointPoller.tell(run, row));
                start.applied(c);
            });
        }
        run.progress().activity(Activity.Done);
        var progress = run.progress().progress();
        return new Result(
                Reason.Applied,
                "the container has done %d rows in %d attempt%s"
                        .formatted(progress.rows(), progress.attempts(), progress.attempts() == 1 ? "" : "s"));
    }

    private MigrationFailure stopped() {
        try (var connection = run.connector().connect()) {
            run.ledger().event(connection, "Stopped", null);
        } catch (SQLException e) {
            Log.info("the stop is not in the ledger: " + e.getMessage());
        }
        return new MigrationFailure(
                Reason.Stopped, "stopped on request; it goes on from its checkpoint with the next start");
    }

    private MigrationFailure failure(EndFile ended) {
        if (ended.error() != null)
            return new MigrationFailure(
                    Reason.InvalidSpec,
                    "the command of the container cannot be started: " + ended.error()
                            + "; correct spec.container.command or the image");
        var said = ended.message() == null ? "" : ": " + ended.message().strip();
        if (work.isPermanent(ended.exitCode()))
            return new MigrationFailure(
                    Reason.ContainerFailed,
                    "the container ended with exit code " + ended.exitCode() + ", which says not to try again" + said);
        return new MigrationFailure(
                Reason.ContainerCrashed,
                "the container ended with exit code " + ended.exitCode() + ", see its log" + said);
    }
}
