package dev.cairn.runner.report;

import dev.cairn.plan.Progress;
import dev.cairn.plan.Progress.Activity;

/** Progress in the text format of Prometheus. */
final class Metrics {
    private Metrics() {}

    static String text(Progress progress) {
        var text = new StringBuilder();
        add(text, "cairn_rows_changed_total", "counter", "Rows changed by all attempts.", progress.rows());
        add(
                text,
                "cairn_keys_walked_total",
                "counter",
                "Keys walked by all attempts, in this walk.",
                progress.walked());
        add(
                text,
                "cairn_rows_per_second",
                "gauge",
                "Keys walked a second, over ten seconds.",
                progress.rowsPerSecond());
        add(text, "cairn_batch_size_rows", "gauge", "Rows of the next batch.", progress.batchSize());
        add(text, "cairn_attempts", "gauge", "Starts so far, this one included.", progress.attempts());
        add(text, "cairn_steps_done", "gauge", "Schema steps that are applied.", progress.stepsDone());
        add(text, "cairn_steps", "gauge", "Schema steps of the migration.", progress.steps());
        var estimated = progress.estimatedRows();
        if (estimated != null)
            add(text, "cairn_estimated_keys", "gauge", "Keys to walk, by the server's statistics.", estimated);
        if (progress.checkpointAtMillis() > 0)
            add(
                    text,
                    "cairn_checkpoint_timestamp_seconds",
                    "gauge",
                    "When the last batch was committed.",
                    progress.checkpointAtMillis() / 1000.0);
        add(text, "cairn_rows_skipped", "gauge", "Rows that failed and were skipped.", progress.skipped());
        var impact = progress.impact();
        if (impact != null) add(text, impact);
        text.append("# HELP cairn_activity What the runner does now.\n# TYPE cairn_activity gauge\n");
        for (var activity : Activity.values())
            text.append("cairn_activity{activity=\"")
                    .append(activity)
                    .append("\"} ")
                    .append(activity == progress.activity() ? 1 : 0)
                    .append('\n');
        return text.toString();
    }

    private static void add(StringBuilder text, Progress.Impact impact) {
        add(
                text,
                "cairn_transaction_rows",
                "gauge",
                "Most rows of a batch, over ten seconds.",
                impact.rowsPerTransaction());
        add(
                text,
                "cairn_lock_seconds",
                "gauge",
                "Longest hold of row locks, over ten seconds.",
                impact.lockMillis() / 1e3);
        var hot = impact.hotPercent();
        if (hot != null) add(text, "cairn_hot_ratio", "gauge", "Updated rows that stayed on their page.", hot / 100.0);
        var growth = impact.heapGrowthBytes();
        if (growth != null)
            add(text, "cairn_heap_growth_bytes", "gauge", "Growth of the table since the start.", growth);
        var wal = impact.walBytesPerRow();
        if (wal != null) add(text, "cairn_wal_bytes_per_row", "gauge", "WAL of the server for each changed row.", wal);
    }

    private static void add(StringBuilder text, String name, String type, String meaning, Number value) {
        text.append("# HELP ").append(name).append(' ').append(meaning).append('\n');
        text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
        text.append(name).append(' ').append(value).append('\n');
    }
}
