package dev.cairn.operator.job;

import dev.cairn.crds.Migration;
import dev.cairn.crds.MigrationTargetSpec;
import dev.cairn.plan.Plan;
import dev.cairn.plan.Settings;

/**
 * The inputs of a Job and its files.
 *
 * @param name of the Job
 * @param migration its owner
 * @param target the target's spec
 * @param plan the plan
 * @param settings the settings
 * @param image the runner's image
 * @param attempt the Job's number among those of this plan, from 1
 * @param startsFrom the known progress of the migration, in the form of {@link Labels#STARTED_FROM}
 */
public record JobInputs(
        String name,
        Migration migration,
        MigrationTargetSpec target,
        Plan plan,
        Settings settings,
        RunnerImage image,
        int attempt,
        String startsFrom) {}
