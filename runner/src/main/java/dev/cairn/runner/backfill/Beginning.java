package dev.cairn.runner.backfill;

import dev.cairn.plan.Json;
import dev.cairn.plan.Reason;
import dev.cairn.runner.end.MigrationFailure;
import dev.cairn.runner.ledger.RangeRow;
import dev.cairn.runner.ledger.WalkRow;
import dev.cairn.runner.report.Log;
import dev.cairn.runner.run.Run;
import dev.cairn.runner.session.Transaction;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/** Freezes a walk when it first starts, and makes sure that a later start finds the same table and key. */
final class Beginning {
    private static final Duration LOCK_TIMEOUT = Duration.ofSeconds(10);

    private final Run run;
    private final WalkedTable table;
    private final UUID token;

    Beginning(Run run, WalkedTable table, UUID token) {
        this.run = run;
        this.table = table;
        this.token = token;
    }

    /** The ranges as the ledger has them; made if this is the first start that gets here. */
    List<RangeRow> ranges(Connection connection) throws SQLException {
        var walks = run.ledger().walks();
        var frozen = walks.read(connection);
        if (frozen.isPresent()) requireSame(frozen.get());
        else freeze(connection);
        return walks.ranges(connection);
    }

    private void freeze(Connection connection) throws SQLException {
        new OlderWriters(run, table).awaitEnd(connection);
        long estimate = Explained.of(connection, "SELECT FROM " + table.name()).estimatedRows();
        Transaction.run(connection, c -> {
            LocalSettings.apply(c, LOCK_TIMEOUT);
            run.ledger().migrations().lockMine(c, token);
            var end = new Bounds(table).highest(c);
            // One range for now; workers will share several.
            var range = RangeRow.open(0, null, end.orElse(null));
            run.ledger().walks().begin(c, token, table.frozen(), List.of(range));
            run.ledger().migrations().estimate(c, token, end.isEmpty() ? 0 : estimate);
            run.ledger()
                    .event(
                            c,
                            "WalkBegun",
                            table.name() + " up to " + end.map(Key::shown).orElse("nothing: it is empty"));
        });
        Log.info("walk over " + table.name() + " along "
                + Json.write(table.frozen().columns()) + ", about " + estimate + " rows");
    }

    private void requireSame(WalkRow frozen) {
        var now = table.frozen();
        if (frozen.equals(now)) return;
        throw new MigrationFailure(
                Reason.InvalidSpec,
                "the walk over " + frozen.relation() + " cannot go on: it began along " + described(frozen)
                        + ", now it is " + now.relation() + " along " + described(now)
                        + "; restore the table and key, or add a new migration");
    }

    private static String described(WalkRow walk) {
        var text = new StringBuilder();
        for (int n = 0; n < walk.columns().size(); n++)
            text.append(n == 0 ? "" : ", ")
                    .append(walk.columns().get(n))
                    .append(' ')
                    .append(walk.types().get(n))
                    .append(
                            walk.collations().get(n).isEmpty()
                                    ? ""
                                    : " collate " + walk.collations().get(n))
                    .append(
                            walk.collationVersions().get(n).isEmpty()
                                    ? ""
                                    : " (version " + walk.collationVersions().get(n) + ")");
        return text.toString();
    }
}
