package dev.cairn.operator.observe;

import dev.cairn.crds.Migration;
import dev.cairn.crds.MigrationTarget;
import dev.cairn.operator.cache.ClusterCache;
import dev.cairn.operator.decide.Graph;
import dev.cairn.operator.decide.Observation;
import dev.cairn.operator.decide.Observation.Past;
import dev.cairn.operator.decide.Observation.PlanSeen;
import dev.cairn.operator.decide.Observation.Sighting;
import dev.cairn.operator.job.JobConditions;
import dev.cairn.operator.job.LedgerReaderJob;
import dev.cairn.operator.job.Names;
import dev.cairn.operator.job.Rendering;
import dev.cairn.operator.job.RunnerImage;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Gathers the facts about one migration. It reads the caches. Only the ConfigMaps of a plan are read live. */
public final class Observer {
    private static final Comparator<Job> BY_AGE = Comparator.comparing(
                    (Job job) -> job.getMetadata().getCreationTimestamp())
            .thenComparingInt(JobReading::attempt);

    private final ClusterCache cache;
    private final PlanReading plans;
    private final ProgressPolls polls;
    private final FinalProgress finalProgress;
    private final LedgerAnswers ledgers;
    private final RunnerImage image;
    private final InstantSource clock;

    public Observer(
            ClusterCache cache,
            PlanReading plans,
            ProgressPolls polls,
            FinalProgress finalProgress,
            LedgerAnswers ledgers,
            RunnerImage image,
            InstantSource clock) {
        this.cache = cache;
        this.plans = plans;
        this.polls = polls;
        this.finalProgress = finalProgress;
        this.ledgers = ledgers;
        this.image = image;
        this.clock = clock;
    }

    /** @param migration as cached, with its last written status */
    public ObservedMigration observe(Migration migration) {
        var namespace = migration.getMetadata().getNamespace();
        var targetName = migration.spec().targetRef().name();
        var target = cache.target(namespace, targetName).map(MigrationTarget::getSpec);
        var past = LastStatus.read(migration.status());
        var unfinished = unfinishedJob(migration).or(() -> withoutSuccessor(migration, past));
        var dependencies = new Dependencies(cache, namespace);
        var dependsOn = dependencies.identities(migration);
        var planned = target.map(spec -> hasItsPlan(past, unfinished)
                        ? PlanReading.settings(migration, spec, dependsOn)
                        : plans.readAgain(migration, spec, dependsOn))
                .orElse(PlanReading.Read.NOTHING);
        var job = unfinished.or(() -> currentJob(migration, planned.seen()));
        var facts = new Observation(
                migration.reference(),
                migration.spec().suspend(),
                Names.retryToken(migration),
                PolicyReading.read(migration, target),
                planned.seen(),
                dependencies.of(migration),
                cache.isInCircle(migration)
                        ? Graph.cycle(migration.reference(), reference -> dependencies.open(reference, migration))
                        : List.of(),
                past,
                job.map(found -> JobReading.read(found, migration, cache)).orElse(null),
                job.map(found -> sighting(migration, found)).orElse(Sighting.NONE),
                TargetQueue.ahead(cache, migration),
                target.map(spec -> ledgers.of(
                                LedgerAnswers.key(namespace, targetName),
                                LedgerReaderJob.connection(spec),
                                migration,
                                past))
                        .orElse(null),
                ledgers.isAwaited(LedgerAnswers.key(namespace, targetName)),
                image.name(),
                target.map(spec -> Rendering.digest(migration, spec, image)).orElse(""),
                clock.instant());
        return new ObservedMigration(migration, facts, target.orElse(null), planned.plan(), planned.settings());
    }

    /**
     * Whether the Job's plan counts. After the first attempt it does: the sources of the plan may have changed since.
     */
    private static boolean hasItsPlan(Past past, Optional<Job> unfinished) {
        return unfinished.isPresent() && past.attempts() > 0 && !JobReading.isDryRun(unfinished.get());
    }

    private Optional<Job> unfinishedJob(Migration migration) {
        return cache.jobsOf(migration)
                .filter(job -> JobConditions.isUnfinished(job) && !JobReading.isReplaced(job))
                .max(BY_AGE);
    }

    /**
     * A replaced Job without a successor: the operator ended before it made the next one. The Job still has the plan
     * and its files.
     */
    private Optional<Job> withoutSuccessor(Migration migration, Past past) {
        return cache.jobsOf(migration)
                .max(BY_AGE)
                .filter(job -> JobReading.isReplaced(job)
                        && (past.phase() == null || job.getMetadata().getName().equals(past.job())));
    }

    private Optional<Job> currentJob(Migration migration, PlanSeen plan) {
        if (!(plan instanceof Observation.Planned(var hash, var ignored))) return Optional.empty();
        return cache.jobsOf(migration)
                .filter(job -> job.getMetadata().getName().equals(Names.job(migration, hash, JobReading.attempt(job))))
                .max(Comparator.comparingInt(JobReading::attempt));
    }

    private Sighting sighting(Migration migration, Job job) {
        return cache.podsOf(migration)
                .filter(pod -> JobReading.belongs(pod, job))
                .max(Comparator.comparing((Pod pod) -> pod.getMetadata().getCreationTimestamp())
                        .thenComparing(pod -> pod.getMetadata().getName()))
                .map(pod -> polls.of(pod.getMetadata().getUid()))
                .orElseGet(() -> finalProgress.of(job));
    }
}
