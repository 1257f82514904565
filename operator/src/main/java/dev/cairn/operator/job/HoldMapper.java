package dev.cairn.operator.job;

import dev.cairn.crds.DataMigration;
import dev.cairn.crds.DurationText;
import dev.cairn.crds.Hold;
import dev.cairn.crds.Migration;
import dev.cairn.crds.MigrationTargetSpec;
import dev.cairn.crds.Pace;
import dev.cairn.crds.SchemaMigration;
import dev.cairn.plan.HoldCondition;
import dev.cairn.plan.HoldSignal;
import io.fabric8.kubernetes.api.model.IntOrString;
import java.math.BigDecimal;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Maps the holds of a migration and its target to those of a Job. */
final class HoldMapper {
    private HoldMapper() {}

    /**
     * The queries that are part of a plan, also those of suspended holds. The target's queries are never part of a
     * plan.
     */
    static List<String> queries(@Nullable Pace own) {
        return listOf(own).stream().map(Hold::query).filter(Objects::nonNull).toList();
    }

    /**
     * The holds of a migration: its own list if it has one, else the target's.
     *
     * @throws IllegalArgumentException if a value is out of range; the message opens with its name
     */
    static List<HoldCondition> holds(Migration migration, MigrationTargetSpec target) {
        var own = own(migration);
        boolean ofPlan = own != null && own.holdWhile() != null;
        return effective(migration, target).stream()
                .filter(hold -> !hold.suspend())
                .map(hold -> hold(hold, ofPlan))
                .toList();
    }

    /** The Secrets of replicas that the pod needs, also those of suspended holds, which may be resumed. */
    static List<String> replicas(Migration migration, MigrationTargetSpec target) {
        return effective(migration, target).stream()
                .map(Hold::secretRef)
                .filter(Objects::nonNull)
                .map(Hold.SecretRef::name)
                .distinct()
                .toList();
    }

    /**
     * The migration's list replaces the target's. A migration without batches has no holds, since it has no place to
     * wait.
     */
    private static List<Hold> effective(Migration migration, MigrationTargetSpec target) {
        return switch (migration) {
            case SchemaMigration ignored -> List.of();
            case DataMigration data when data.getSpec().over() == null -> List.of();
            case DataMigration data -> {
                var own = data.getSpec().pace();
                yield listOf(own != null && own.holdWhile() != null ? own : target.pace());
            }
        };
    }

    private static @Nullable Pace own(Migration migration) {
        return switch (migration) {
            case SchemaMigration ignored -> null;
            case DataMigration data -> data.getSpec().pace();
        };
    }

    private static List<Hold> listOf(@Nullable Pace pace) {
        return pace == null || pace.holdWhile() == null ? List.of() : pace.holdWhile();
    }

    private static HoldCondition hold(Hold hold, boolean ofPlan) {
        var query = hold.query();
        if (query != null) return new HoldCondition.Query(query, number(hold.above()), ofPlan);
        var signal = hold.signal();
        var above = text(hold.above());
        if (signal == null || above == null)
            throw new IllegalArgumentException("pace.holdWhile: a query, or a signal with its limit in above");
        long limit = switch (signal.unit()) {
            case NUMBER -> count(above);
            case MILLIS -> millis(above);
        };
        if (signal != HoldSignal.REPLICATION_LAG) return new HoldCondition.Signal(signal, limit);
        var secret = hold.secretRef();
        var replicas = hold.replicas();
        return secret != null
                ? HoldCondition.Signal.replicaLag(limit, secret.name())
                : HoldCondition.Signal.replicationLag(limit, replicas == null ? Hold.DEFAULT_REPLICAS : replicas);
    }

    private static long millis(String above) {
        try {
            return DurationText.parse(above).toMillis();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("pace.holdWhile.above: " + e.getMessage(), e);
        }
    }

    private static long count(String above) {
        try {
            return Long.parseLong(above);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("pace.holdWhile.above: not a whole number: \"" + above + "\"", e);
        }
    }

    private static @Nullable BigDecimal number(@Nullable IntOrString above) {
        var text = text(above);
        try {
            return text == null ? null : new BigDecimal(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("pace.holdWhile.above: not a number: \"" + text + "\"", e);
        }
    }

    /** An integer may be written without quotes. */
    private static @Nullable String text(@Nullable IntOrString above) {
        if (above == null) return null;
        return above.getIntVal() != null ? String.valueOf(above.getIntVal()) : above.getStrVal();
    }
}
