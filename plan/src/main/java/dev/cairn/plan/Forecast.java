package dev.cairn.plan;

import static dev.cairn.plan.Check.require;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a dry run of a backfill expects. All numbers are estimates.
 *
 * @param rows keys to walk
 * @param changes rows that the statement would change; null where unknown
 * @param batches transactions
 * @param batchRows keys of each
 * @param seconds duration of the whole walk, with the workers and the limit of its pace
 * @param measured true: the speed was measured on batches that were rolled back; false: it comes from statistics
 * @param key the index whose order the walk follows, such as {@code messages_pkey (id)}
 * @param warnings sentences, each with its remedy, the worst first; at most {@value #MAX_WARNINGS}
 * @param queryPlan the server's plan for one batch, as EXPLAIN prints it
 */
public record Forecast(
        long rows,
        @Nullable Long changes,
        long batches,
        long batchRows,
        long seconds,
        boolean measured,
        String key,
        List<String> warnings,
        String queryPlan) {
    /** A person reads no more than this. */
    public static final int MAX_WARNINGS = 8;

    /** @throws IllegalArgumentException if a number is negative or there are too many warnings */
    public Forecast {
        require(
                rows >= 0 && (changes == null || changes >= 0) && batches >= 0 && batchRows >= 0 && seconds >= 0,
                "forecast: no number below zero");
        warnings = warnings == null ? List.of() : List.copyOf(warnings);
        require(warnings.size() <= MAX_WARNINGS, "warnings: at most " + MAX_WARNINGS);
    }

    /** The same with shorter texts. */
    public Forecast with(List<String> warnings, String queryPlan) {
        return new Forecast(rows, changes, batches, batchRows, seconds, measured, key, warnings, queryPlan);
    }
}
