package dev.cairn.runner.backfill.dryrun;

import dev.cairn.plan.Reason;
import dev.cairn.runner.backfill.batch.KeyList;
import dev.cairn.runner.backfill.key.BatchKeys;
import dev.cairn.runner.backfill.key.KeyArrays;
import dev.cairn.runner.backfill.table.KeyScan;
import dev.cairn.runner.backfill.table.Limits;
import dev.cairn.runner.backfill.table.Quantiles;
import dev.cairn.runner.backfill.table.QueryPlan;
import dev.cairn.runner.backfill.table.TableFamily;
import dev.cairn.runner.backfill.table.WalkedTable;
import dev.cairn.runner.end.MigrationFailure;
import dev.cairn.runner.session.SqlFailures;
import dev.cairn.runner.session.Transaction;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Batches as a walk has them, each only once. */
sealed interface SampleBatches {
    /** The next batch, of at most this many rows; empty when there are no more. */
    Optional<BatchKeys> next(Connection connection, long rows) throws SQLException;

    /** How many rows there are to walk: counted, or as the server's statistics estimate. */
    long rows(Connection connection) throws SQLException;

    /** Batches from several places of a table in turn. */
    final class OfTable implements SampleBatches {
        private static final int PLACES = 5;
        private static final Limits LIMITS = new Limits(Duration.ofSeconds(10));

        private final String table;
        private final KeyScan bounds;
        private final Deque<Place> places = new ArrayDeque<>();

        private record Place(@Nullable List<String> after, List<String> end) {}

        /** @param end the table's last key */
        OfTable(Connection connection, WalkedTable table, TableFamily parts, List<String> end) throws SQLException {
            this.table = table.name();
            this.bounds = new KeyScan(table);
            var cuts = new ArrayList<>(new Quantiles(table, parts).cuts(connection, end, PLACES));
            cuts.add(end);
            @Nullable List<String> from = null;
            for (var to : cuts) {
                places.add(new Place(from, to));
                from = to;
            }
            // The first sample comes from the middle: the first rows of a table often differ from the rest.
            for (int n = 0; n < cuts.size() / 2; n++) places.addLast(places.removeFirst());
        }

        @Override
        public Optional<BatchKeys> next(Connection connection, long rows) throws SQLException {
            while (!places.isEmpty()) {
                var place = places.removeFirst();
                var slice = Transaction.in(connection, c -> bounds.next(c, LIMITS, place.after, place.end, rows));
                if (!slice.upTo().equals(place.end)) places.addLast(new Place(slice.upTo(), place.end));
                if (slice.size() > 0) return Optional.of(slice);
            }
            return Optional.empty();
        }

        @Override
        public long rows(Connection connection) throws SQLException {
            return QueryPlan.of(connection, "SELECT FROM " + table).estimatedRows();
        }
    }

    /** Batches from the keys that a query returns. */
    final class OfList implements SampleBatches {
        private static final int MOST = 5000;
        private static final Duration LONGEST = Duration.ofSeconds(60);

        private final String query;
        private final int columns;
        private final Deque<List<String>> keys;
        private final int known;

        OfList(Connection connection, WalkedTable table, KeyList list, String query) throws SQLException {
            this.query = query;
            this.columns = table.key().columns().size();
            this.keys = new ArrayDeque<>(QueryPlan.guarded(connection, c -> {
                try (var limit = c.createStatement()) {
                    limit.execute("SET LOCAL statement_timeout = '" + LONGEST.toMillis() + "ms'");
                }
                return asked(list, c, query);
            }));
            this.known = keys.size();
        }

        private static List<List<String>> asked(KeyList list, Connection connection, String query) throws SQLException {
            try {
                return list.some(connection, query, MOST);
            } catch (SQLException e) {
                if ("57014".equals(e.getSQLState()))
                    throw refused(e, "gave no key in " + LONGEST.toSeconds() + " s, and a dry run waits no longer");
                if ("25006".equals(e.getSQLState())) throw refused(e, "writes, which a dry run does not allow it");
                throw e;
            }
        }

        private static MigrationFailure refused(SQLException e, String why) {
            return new MigrationFailure(
                    Reason.SqlError,
                    "over.query " + why + ": " + SqlFailures.text(e) + "; a migration asks it once, when it begins",
                    e.getSQLState(),
                    null,
                    e);
        }

        @Override
        public Optional<BatchKeys> next(Connection connection, long rows) {
            if (keys.isEmpty()) return Optional.empty();
            var arrays = new KeyArrays(columns);
            var first = keys.getFirst();
            var last = first;
            while (arrays.size() < rows && !keys.isEmpty()) {
                var key = keys.removeFirst();
                last = key;
                arrays.add(key);
            }
            return Optional.of(new BatchKeys.Keys(arrays.literals(), first, last, arrays.size()));
        }

        @Override
        public long rows(Connection connection) throws SQLException {
            return known < MOST
                    ? known
                    : Math.max(known, QueryPlan.of(connection, query).estimatedRows());
        }
    }
}
