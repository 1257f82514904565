package dev.cairn.runner.backfill.dryrun;

import dev.cairn.runner.backfill.key.KeyColumn;
import dev.cairn.runner.backfill.key.UniqueIndex;
import dev.cairn.runner.backfill.table.QueryPlan;
import dev.cairn.runner.backfill.table.TableFamily;
import dev.cairn.runner.backfill.table.TableStatistics;
import dev.cairn.runner.backfill.table.TableStatistics.Column;
import dev.cairn.runner.backfill.table.WalkedTable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** The warnings about a walk before it starts: sentences with their remedies, the worst first. */
final class DryRunWarnings {
    /** To read a smaller table whole is as fast as by an index. */
    private static final long FEWEST_ROWS = 10_000;

    /** Below this correlation, rows with neighbouring keys are far apart on the disk. */
    private static final double SCATTERED = 0.5;

    private static final double ORDERED = 0.9;

    private final WalkedTable table;
    private final TableStatistics facts;
    private final List<UniqueIndex> candidates;

    /** @param candidates the table's indexes that can serve as a key, the present one included */
    DryRunWarnings(WalkedTable table, TableStatistics facts, List<UniqueIndex> candidates) {
        this.table = table;
        this.facts = facts;
        this.candidates = candidates;
    }

    /**
     * @param names of the table and its partitions
     * @param rows of the table
     * @param batch the planner's plan of one batch
     * @param batchRows of that batch
     */
    List<String> of(TableFamily names, long rows, QueryPlan batch, long batchRows) {
        var found = new ArrayList<String>();
        if (rows >= FEWEST_ROWS && batchRows * 10 < rows) access(names, batch).ifPresent(found::add);
        if (rows >= FEWEST_ROWS) scatter(batchRows).ifPresent(found::add);
        if (facts.neverAnalysed() > 0)
            found.add((facts.tables() == 1
                            ? table.name() + " has never been analysed"
                            : facts.neverAnalysed() + " of the " + facts.tables() + " partitions of " + table.name()
                                    + " have never been analysed")
                    + ", so these figures are guesses: run ANALYZE " + table.name());
        if (!facts.rowTriggers().isEmpty())
            found.add("triggers fire for each changed row (" + String.join(", ", facts.rowTriggers())
                    + "), and statistics know nothing of their cost: measure it with dryRun.execute: true");
        return found;
    }

    private Optional<String> access(TableFamily names, QueryPlan batch) {
        var ours = facts.keyIndexes();
        if (batch.readsWhole(names.names()))
            return Optional.of("for one batch the server reads " + table.name() + " from end to end instead of by "
                    + one(ours) + ": each batch would take as long. Run ANALYZE " + table.name()
                    + "; where that does not help, simplify the statement, or walk over a list of keys (over.query)");
        if (batch.indexes().stream().anyMatch(ours::contains)) return Optional.empty();
        return Optional.of("for one batch the server does not use the key's index " + one(ours)
                + (batch.indexes().isEmpty() ? "" : " but " + String.join(", ", batch.indexes()))
                + ": a batch may read far more than its rows. Run ANALYZE " + table.name());
    }

    private Optional<String> scatter(long batchRows) {
        var lead = table.key().columns().getFirst().name();
        var column = column(lead);
        if (column.isEmpty() || Math.abs(column.get().correlation()) >= SCATTERED) return Optional.empty();
        return Optional.of(String.format(
                Locale.ROOT,
                "the order of %s has little to do with that of the rows on the disk (correlation %.2f): a batch of %d rows touches up to %d pages. %s",
                lead,
                column.get().correlation(),
                batchRows,
                Math.min(batchRows, Math.max(1, facts.pages())),
                better()));
    }

    /** Suggests an existing index first, then a new one. */
    private String better() {
        var index = candidates.stream()
                .filter(candidate -> column(candidate.names().getFirst())
                        .filter(c -> Math.abs(c.correlation()) >= ORDERED)
                        .isPresent())
                .findFirst();
        if (index.isPresent())
            return "A better key is there: over.key: ["
                    + String.join(", ", index.get().names()) + "] ("
                    + index.get().name() + ")";
        var own = table.key().columns().stream().map(KeyColumn::name).toList();
        if (facts.tables() > 1) return "No other unique index of it has a better order";
        return facts.columns().stream()
                .filter(c -> c.hasManyValues() && Math.abs(c.correlation()) >= ORDERED && !own.contains(c.name()))
                .findFirst()
                .map(c -> {
                    var key = c.name() + ", " + String.join(", ", own);
                    return "A unique index on (" + key + "), built CONCURRENTLY, would be a better key: over.key: ["
                            + key + "]";
                })
                .orElse("No column of it has a better order");
    }

    private Optional<Column> column(String name) {
        return facts.columns().stream().filter(c -> c.name().equals(name)).findFirst();
    }

    private static String one(Collection<String> indexes) {
        return indexes.stream().limit(3).collect(Collectors.joining(", "));
    }
}
