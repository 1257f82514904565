package dev.cairn.operator.observe;

import dev.cairn.crds.Migration;
import dev.cairn.crds.MigrationTargetSpec;
import dev.cairn.operator.decide.Observation;
import dev.cairn.plan.Plan;
import dev.cairn.plan.Settings;
import org.jspecify.annotations.Nullable;

/**
 * The result of an observation: the facts for a decision, and the objects for carrying it out.
 *
 * @param migration the migration at the time of the observation
 * @param facts for the decision
 * @param target of the migration, null for none
 * @param plan of the spec, null where it was not made
 * @param settings of the specs, null where they are unusable
 */
public record ObservedMigration(
        Migration migration,
        Observation facts,
        @Nullable MigrationTargetSpec target,
        @Nullable Plan plan,
        @Nullable Settings settings) {}
