package dev.cairn.operator.observe;

import dev.cairn.crds.DataMigration;
import dev.cairn.crds.Migration;
import dev.cairn.crds.MigrationTargetSpec;
import dev.cairn.crds.Phase;
import dev.cairn.crds.SchemaMigration;
import dev.cairn.operator.decide.EffectivePolicy;
import dev.cairn.operator.job.AllowedImages;
import dev.cairn.operator.job.SettingsMapper;
import java.util.Optional;

/** Reads what a target allows a migration at present. */
final class PolicyReading {
    private PolicyReading() {}

    /** @param target of the migration, empty where there is none */
    static EffectivePolicy read(Migration migration, Optional<MigrationTargetSpec> target) {
        var name = migration.spec().targetRef().name();
        if (target.isEmpty()) return new EffectivePolicy.Missing(name);
        var moved = moved(migration, name, target.get());
        if (moved.isPresent()) return moved.get();
        if (target.get().suspend()) return new EffectivePolicy.Frozen(name);
        try {
            var _ = SettingsMapper.settings(migration, target.get());
            var image = image(migration);
            if (image.isPresent()) AllowedImages.require(image.get(), name, target.get());
            return new EffectivePolicy.Open(name);
        } catch (IllegalArgumentException e) {
            return new EffectivePolicy.Unusable(name, String.valueOf(e.getMessage()));
        }
    }

    private static Optional<EffectivePolicy> moved(Migration migration, String name, MigrationTargetSpec target) {
        var status = migration.status();
        if (status == null || status.ledger() == null) return Optional.empty();
        var place = target.place();
        boolean begun = status.attempts() != null || status.phase() == Phase.Applied || status.phase() == Phase.Lost;
        return begun && !place.equals(status.ledger())
                ? Optional.of(new EffectivePolicy.Moved(name, status.ledger().toString(), place.toString()))
                : Optional.empty();
    }

    private static Optional<String> image(Migration migration) {
        return switch (migration) {
            case SchemaMigration ignored -> Optional.empty();
            case DataMigration data ->
                Optional.ofNullable(data.getSpec().container()).map(container -> container.image());
        };
    }
}
