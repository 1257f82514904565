package dev.cairn.operator.job;

import dev.cairn.crds.DataMigration;
import dev.cairn.crds.DataMigrationSpec;
import dev.cairn.crds.DataMigrationSpec.Repeat;
import dev.cairn.crds.Migration;
import dev.cairn.crds.SchemaMigration;
import dev.cairn.crds.SchemaMigrationSpec;
import dev.cairn.operator.decide.PlanProblem;
import dev.cairn.plan.Identity;
import dev.cairn.plan.Plan;
import dev.cairn.plan.Work;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Makes the plan of a migration. */
public final class PlanBuilder {
    private static final String STEP = ".sql";

    private PlanBuilder() {}

    /** The ConfigMaps of the plan, in the spec's order. */
    public static List<String> sources(Migration migration) {
        return switch (migration) {
            case SchemaMigration schema ->
                schema.getSpec().stepsFrom().stream()
                        .map(source -> source.configMapRef().name())
                        .toList();
            case DataMigration ignored -> List.of();
        };
    }

    /** The keys of a ConfigMap that are steps, with their texts. */
    public static Map<String, String> files(Map<String, String> configMap) {
        var files = new TreeMap<>(configMap);
        files.keySet().removeIf(key -> !key.endsWith(STEP));
        return files;
    }

    /**
     * The plan of the spec.
     *
     * @param sources the keys and texts of each of {@link #sources}
     * @throws IllegalArgumentException if the spec gives no valid plan; the message names the problem
     */
    public static Plan plan(Migration migration, String scope, Map<String, Map<String, String>> sources) {
        var identity = new Identity(
                scope, migration.migrationKind(), migration.getMetadata().getName());
        return switch (migration) {
            case SchemaMigration schema -> new Plan(identity, new Work.Schema(steps(schema.getSpec(), sources)));
            case DataMigration data -> new Plan(identity, work(data.getSpec()), dryRun(data.getSpec()));
        };
    }

    private static Plan.@Nullable DryRun dryRun(DataMigrationSpec spec) {
        if (spec.mode() != DataMigrationSpec.Mode.DryRun) return null;
        var how = spec.dryRun();
        return new Plan.DryRun(how != null && how.execute());
    }

    private static Work work(DataMigrationSpec spec) {
        var container = spec.container();
        if (container != null)
            return new Work.Container(
                    container.image(), container.command(), container.permanentExitCodes(), spec.verify());
        var sql = spec.sql();
        if (sql == null) throw new IllegalArgumentException("exactly one of sql and container is required");
        var over = spec.over();
        return over == null
                ? new Work.Once(sql, spec.verify())
                : new Work.Backfill(
                        new Work.Over(over.table(), over.key(), over.as(), over.query()),
                        sql,
                        spec.verify(),
                        spec.skipErrors(),
                        HoldMapper.queries(spec.pace()),
                        spec.repeat() == Repeat.UntilVerified ? Work.Repeat.UntilVerified : null);
    }

    private static List<Work.Step> steps(SchemaMigrationSpec spec, Map<String, Map<String, String>> sources) {
        if (!sources.isEmpty()) return stepsFrom(sources);
        var steps = new ArrayList<Work.Step>();
        for (var step : spec.steps()) steps.add(new Work.Step(String.valueOf(steps.size() + 1), step.sql()));
        return steps;
    }

    private static List<Work.Step> stepsFrom(Map<String, Map<String, String>> sources) {
        var ordered = new TreeMap<String, String>(new FileOrder());
        sources.forEach((source, files) -> files.forEach((name, sql) -> {
            if (name.endsWith(STEP) && ordered.put(name, sql) != null)
                throw new PlanProblem.KeyTwice(name, source).asException();
        }));
        if (ordered.isEmpty()) throw new PlanProblem.NoStep(sources.keySet(), STEP).asException();
        return ordered.entrySet().stream()
                .map(file -> new Work.Step(file.getKey(), file.getValue()))
                .toList();
    }
}
