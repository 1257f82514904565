package dev.cairn.operator.job;

import dev.cairn.crds.Migration;
import dev.cairn.crds.MigrationTargetSpec;
import dev.cairn.plan.Plan;
import dev.cairn.plan.Settings;

/**
 * All that a Job and its files are rendered from.
 *
 * @param name the Job's
 * @param migration its owner
 * @param target where it runs
 * @param plan what it does
 * @param settings how
 * @param image the runner
 * @param attempt which Job of this plan it is, from 1
 * @param startsFrom how far the migration is known to be, in the words of {@link Labels#STARTED_FROM}
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
