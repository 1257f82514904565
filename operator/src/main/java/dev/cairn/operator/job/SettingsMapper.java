package dev.cairn.operator.job;

import dev.cairn.crds.DataMigration;
import dev.cairn.crds.DurationText;
import dev.cairn.crds.Migration;
import dev.cairn.crds.MigrationTargetSpec;
import dev.cairn.crds.Pace;
import dev.cairn.crds.SchemaMigration;
import dev.cairn.plan.Settings;

/** Maps a migration and its target to the settings, which may change while the Job runs. */
public final class SettingsMapper {
    private SettingsMapper() {}

    /** @throws IllegalArgumentException if a value is out of range; the message opens with its name */
    public static Settings settings(Migration migration, MigrationTargetSpec target) {
        var settings = new Settings(connection(target), locks(migration, target), pace(migration, target));
        var report = target.report();
        return report == null ? settings : settings.with(new Settings.Report(report.keys()));
    }

    static Settings.Connection connection(MigrationTargetSpec target) {
        var connection = target.connection();
        var cert = connection.sslRootCert();
        return new Settings.Connection(
                connection.secretRef().name(),
                connection.host(),
                connection.port(),
                connection.database(),
                connection.effectiveSslMode(),
                cert == null
                        ? null
                        : cert.secretKeyRef().name() + "/" + cert.secretKeyRef().key(),
                target.place().schema());
    }

    private static Settings.Locks locks(Migration migration, MigrationTargetSpec target) {
        var locks = target.locks() == null ? MigrationTargetSpec.Locks.DEFAULTS : target.locks();
        var owner = " of MigrationTarget/" + migration.spec().targetRef().name();
        long timeout = millis("spec.locks.timeout" + owner, locks.timeout());
        if (timeout == 0)
            throw new IllegalArgumentException("spec.locks.timeout%s is %s, and must be more than zero, such as 2s"
                    .formatted(owner, locks.timeout()));
        return new Settings.Locks(timeout, millis("spec.locks.retryFor" + owner, locks.retryFor()));
    }

    private static long millis(String field, String duration) {
        try {
            return DurationText.parse(duration).toMillis();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(field + ": " + e.getMessage(), e);
        }
    }

    private static Settings.Pace pace(Migration migration, MigrationTargetSpec target) {
        var own = switch (migration) {
            case DataMigration data -> data.getSpec().pace();
            case SchemaMigration ignored -> null;
        };
        var pace = (own == null ? new Pace(null, null, null, null, null) : own)
                .or(target.pace())
                .or(Pace.DEFAULTS);
        var size = pace.batchSize();
        if (pace.batchDuration() == null
                || size == null
                || size.initial() == null
                || size.min() == null
                || size.max() == null
                || pace.parallelism() == null
                || pace.order() == null) throw new IllegalStateException("Pace.DEFAULTS leaves something open");
        // Each object is consistent by itself. Where two objects disagree, the upper limit wins.
        long min = Math.min(size.min(), size.max());
        return new Settings.Pace(
                millis("pace.batchDuration", pace.batchDuration()),
                Math.clamp(size.initial(), min, size.max()),
                min,
                size.max(),
                pace.maxRowsPerSecond(),
                pace.parallelism(),
                pace.order(),
                HoldMapper.holds(migration, target));
    }
}
