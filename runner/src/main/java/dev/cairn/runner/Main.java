package dev.cairn.runner;

import dev.cairn.plan.Checksum;
import dev.cairn.plan.Mounts;
import dev.cairn.plan.Outcome;
import dev.cairn.plan.Progress;
import dev.cairn.plan.Reason;
import dev.cairn.plan.Work;
import dev.cairn.runner.backfill.Backfill;
import dev.cairn.runner.backfill.dryrun.DryRun;
import dev.cairn.runner.container.ContainerEngine;
import dev.cairn.runner.container.Handover;
import dev.cairn.runner.end.Ending;
import dev.cairn.runner.end.MigrationFailure;
import dev.cairn.runner.end.Stop;
import dev.cairn.runner.ledger.FencedException;
import dev.cairn.runner.ledger.Ledger;
import dev.cairn.runner.ledger.WorkerPod;
import dev.cairn.runner.report.Footprint;
import dev.cairn.runner.report.Log;
import dev.cairn.runner.report.ProgressServer;
import dev.cairn.runner.report.Tracker;
import dev.cairn.runner.run.Result;
import dev.cairn.runner.run.Run;
import dev.cairn.runner.schema.OnceEngine;
import dev.cairn.runner.schema.SchemaEngine;
import dev.cairn.runner.session.Connector;
import dev.cairn.runner.session.SqlFailures;
import java.io.IOException;
import java.sql.SQLException;

/**
 * Carries out one plan, or only reads the ledger. Arguments: the plan's hash, or {@value Mounts#READ_LEDGER} and the
 * question's hash. {@link dev.cairn.plan.ExitCode} has the exit codes.
 */
public final class Main {
    private final RunnerEnvironment place;
    private final String expectedHash;
    private final Tracker progress = new Tracker();
    private final Stop stop = new Stop();

    Main(RunnerEnvironment place, String expectedHash) {
        this.place = place;
        this.expectedHash = expectedHash;
    }

    /** @param args of the Job */
    public static void main(String[] args) {
        Log.useUtf8();
        if (args.length == 2 && args[0].equals(Mounts.READ_LEDGER)) {
            var code = new LedgerReader(RunnerEnvironment.of(System.getenv()), args[1]).run();
            System.exit(code.code());
        }
        var main = new Main(RunnerEnvironment.of(System.getenv()), args.length == 1 ? args[0] : "none");
        var ending = new Ending(main.place.at(Mounts.TERMINATION_LOG), main.progress::progress, main.stop);
        ending.onSigterm();
        ending.keepProgress();
        var outcome = main.run();
        Log.info("memory peaked at " + Footprint.peakMemory());
        ending.exit(outcome);
    }

    /** Runs the plan; every failure becomes an outcome. */
    Outcome run() {
        try (var endpoint = ProgressServer.start(place.port(), progress)) {
            Footprint.began().ifPresent(instant -> Log.info("process began at " + instant));
            Log.info("progress on port " + endpoint.port());
            var handover = new Handover(place.at(Mounts.RUN));
            return handover.isBesideAContainer() ? handover.conclude(this::attempt, stop) : attempt();
        } catch (IOException e) {
            return outcome(Reason.InternalError, "cannot answer on port " + place.port() + ": " + e);
        }
    }

    private Outcome attempt() {
        try {
            var result = carryOut(read());
            return new Outcome(result.reason(), result.message(), null, null, progress.progress(), result.forecast());
        } catch (MigrationFailure e) {
            return outcome(e);
        } catch (FencedException e) {
            return outcome(Reason.Fenced, String.valueOf(e.getMessage()));
        } catch (SQLException e) {
            return outcome(SqlFailures.failure("the ledger or the catalogue", e));
        } catch (Throwable e) {
            Log.defect("internal error", e);
            return outcome(Reason.InternalError, "internal error, a defect of Cairn: " + e + "; the log has more");
        }
    }

    Progress progress() {
        return progress.progress();
    }

    private Run read() {
        var settings = new SettingsFile(place.at(Mounts.SETTINGS).resolve(Mounts.SETTINGS_FILE));
        var plan = PlanFiles.read(place.at(Mounts.PLAN), expectedHash);
        var migration = plan.migration();
        Log.info(migration + " of scope " + migration.scope() + ", plan " + expectedHash);
        var connector = new Connector(
                place.at(Mounts.SECRET), place.at(Mounts.ROOT_CERT), settings, Run.applicationName(migration));
        var ledger = new Ledger(
                settings.get().connection().ledgerSchema(), migration, new WorkerPod(place.pod(), place.image()));
        return new Run(plan, Checksum.of(plan), settings, connector, ledger, progress, stop);
    }

    private Result carryOut(Run run) throws SQLException {
        return switch (run.plan().work()) {
            case Work.Backfill backfill -> {
                var dryRun = run.plan().dryRun();
                yield dryRun == null
                        ? new Backfill(run, backfill).run()
                        : new DryRun(run, backfill, dryRun.execute()).run();
            }
            case Work.Schema schema -> new SchemaEngine(run, schema).run();
            case Work.Once once -> new OnceEngine(run, once).run();
            case Work.Container container ->
                new ContainerEngine(run, container, new Handover(place.at(Mounts.RUN))).run();
        };
    }

    private Outcome outcome(MigrationFailure failure) {
        return new Outcome(failure.reason(), failure.text(), failure.sqlState(), failure.hint(), progress.progress());
    }

    private Outcome outcome(Reason reason, String message) {
        return new Outcome(reason, message, null, null, progress.progress());
    }
}
