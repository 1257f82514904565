package dev.cairn.operator.report;

import dev.cairn.crds.MigrationStatus;
import dev.cairn.plan.Forecast;
import java.time.Duration;

/** The estimate of a dry run, in the form of the status. */
final class Forecasts {
    private Forecasts() {}

    static MigrationStatus.Forecast of(Forecast told) {
        return new MigrationStatus.Forecast(
                told.rows(),
                told.changes(),
                told.batches(),
                told.batchRows(),
                NumberFormat.duration(Duration.ofSeconds(told.seconds())),
                told.measured(),
                told.key(),
                told.warnings().isEmpty() ? null : told.warnings(),
                told.queryPlan().isEmpty() ? null : told.queryPlan());
    }

    /** The columns of kubectl. */
    static MigrationStatus.Display display(MigrationStatus.Forecast forecast) {
        return new MigrationStatus.Display(
                "~" + NumberFormat.count(forecast.rows()) + " rows", null, "~" + forecast.duration());
    }
}
