package dev.cairn.runner.hold;

import dev.cairn.plan.Checksum;
import dev.cairn.plan.HoldCondition;
import dev.cairn.plan.Identity;
import dev.cairn.plan.MigrationKind;
import dev.cairn.plan.Plan;
import dev.cairn.plan.Settings;
import dev.cairn.plan.Work;
import dev.cairn.runner.TestDatabase;
import dev.cairn.runner.end.Stop;
import dev.cairn.runner.ledger.Ledger;
import dev.cairn.runner.ledger.WorkerPod;
import dev.cairn.runner.report.Tracker;
import dev.cairn.runner.run.Run;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A poller of a database of a test, outside of any walk. */
final class Looking implements AutoCloseable {
    final Path root;
    final Tracker tracker = new Tracker();
    final Stop stop = new Stop();
    final Run run;
    final SignalPoller poller;

    /** @param planned the queries of the plan */
    Looking(TestDatabase database, String... planned) {
        this(database, database.settings(), planned);
    }

    Looking(TestDatabase database, Settings settings, String... planned) {
        try {
            root = Files.createTempDirectory("cairn-holds");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var identity = new Identity("test", MigrationKind.DataMigration, "it");
        var work = new Work.Backfill(
                new Work.Over("t", List.of(), null),
                "UPDATE t SET n = 1 WHERE :batch",
                null,
                null,
                List.of(planned),
                null);
        var plan = new Plan(identity, work);
        run = new Run(
                plan,
                Checksum.of(plan),
                () -> settings,
                database.connector(root.resolve("secret"), () -> settings),
                new Ledger("cairn", identity, new WorkerPod("pod", "image")),
                tracker,
                stop);
        poller = new SignalPoller(run, work);
    }

    Looking as(String user) {
        try {
            Files.writeString(root.resolve("secret/username"), user);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What holds, by one look. */
    List<String> at(HoldCondition... holds) {
        return poller.look(List.of(holds));
    }

    /** Of the plan. */
    static HoldCondition query(String sql) {
        return new HoldCondition.Query(sql, null, true);
    }

    /** Of the plan. */
    static HoldCondition query(String sql, String above) {
        return new HoldCondition.Query(sql, new BigDecimal(above), true);
    }

    @Override
    public void close() {
        poller.close();
    }
}
