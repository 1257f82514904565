package dev.cairn.runner.benchmark;

import dev.cairn.runner.TestDatabase;
import java.sql.SQLException;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What a way to change every row cost.
 *
 * @param seconds it took
 * @param hotPercent of the updates
 * @param heapPercent growth of the table
 * @param indexPercent growth of its indexes
 * @param walMegabytes written
 */
record Measurement(double seconds, double hotPercent, double heapPercent, double indexPercent, double walMegabytes) {
    private static final String WAL = "SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')";
    private static final String HEAP = "SELECT pg_relation_size('t')";
    private static final String INDEXES = "SELECT pg_indexes_size('t')";

    static Measurement of(Contestant contestant, TestDatabase database) throws SQLException {
        double wal = number(database, WAL);
        double heap = number(database, HEAP);
        double indexes = number(database, INDEXES);
        double seconds = contestant.run(database);
        double walAfter = number(database, WAL);
        if (!database.query("SELECT 1 FROM t WHERE n <> 1 LIMIT 1").isEmpty())
            throw new IllegalStateException(contestant.label() + ": not every row was changed once");
        return new Measurement(
                seconds,
                number(
                        database,
                        "SELECT 100.0 * n_tup_hot_upd / greatest(n_tup_upd, 1) FROM pg_stat_user_tables WHERE relname = 't'"),
                100 * number(database, HEAP) / heap - 100,
                100 * number(database, INDEXES) / indexes - 100,
                (walAfter - wal) / 1e6);
    }

    /** Each figure's own median. */
    static Measurement median(List<Measurement> rounds) {
        return new Measurement(
                median(rounds, Measurement::seconds),
                median(rounds, Measurement::hotPercent),
                median(rounds, Measurement::heapPercent),
                median(rounds, Measurement::indexPercent),
                median(rounds, Measurement::walMegabytes));
    }

    /** The median of one figure. */
    static <T> double median(List<T> rounds, ToDoubleFunction<T> figure) {
        return rounds.stream().mapToDouble(figure).sorted().toArray()[rounds.size() / 2];
    }

    private static double number(TestDatabase database, String query) {
        return Double.parseDouble(database.value(query));
    }
}
