package dev.cairn.operator.observe;

import dev.cairn.crds.Migration;
import dev.cairn.crds.MigrationTargetSpec;
import dev.cairn.operator.decide.Observation;
import dev.cairn.plan.Plan;
import dev.cairn.plan.Settings;
import org.jspecify.annotations.Nullable;

/**
 * What was gathered: the facts that a decision is made from, and the objects that acting on it takes.
 *
 * @param migration whose it is, as it was when the facts were gathered
 * @param facts for the decision
 * @param target of the migration, null for none
 * @param plan that the spec asks for, null where it was not made
 * @param settings that the specs ask for, null where there are none that can be used
 */
public record ObservedMigration(
        Migration migration,
        Observation facts,
        @Nullable MigrationTargetSpec target,
        @Nullable Plan plan,
        @Nullable Settings settings) {}
