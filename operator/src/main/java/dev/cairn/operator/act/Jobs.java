package dev.cairn.operator.act;

import dev.cairn.crds.Migration;
import dev.cairn.operator.cache.ClusterCache;
import dev.cairn.operator.cache.Kept;
import dev.cairn.operator.decide.Decision;
import dev.cairn.operator.decide.Impediment;
import dev.cairn.operator.decide.ProgressMark;
import dev.cairn.operator.job.ConfigMaps;
import dev.cairn.operator.job.JobConditions;
import dev.cairn.operator.job.JobInputs;
import dev.cairn.operator.job.JobManifest;
import dev.cairn.operator.job.Labels;
import dev.cairn.operator.job.RunnerImage;
import dev.cairn.operator.observe.JobReading;
import dev.cairn.operator.observe.ObservedMigration;
import dev.cairn.operator.observe.PlanRoom;
import dev.cairn.operator.observe.SerialReads;
import dev.cairn.operator.observe.TargetQueue;
import dev.cairn.plan.Plan;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Creates, stops, resumes, replaces and deletes Jobs. */
final class Jobs {
    private final JobApi api;
    private final JobFiles files;
    private final ClusterCache cache;
    private final RunnerImage image;

    /** One lock for each target, so that two of its migrations cannot both find it free. */
    private final Map<String, Object> locks = new ConcurrentHashMap<>();

    Jobs(KubernetesClient client, ClusterCache cache, RunnerImage image, PlanRoom room, SerialReads reads) {
        this.cache = cache;
        this.image = image;
        api = new JobApi(client, reads);
        files = new JobFiles(client, room, reads);
    }

    Decision start(Decision.Start start, ObservedMigration observed) {
        var migration = observed.migration();
        var plan = required(observed.plan(), migration);
        var past = observed.facts().past();
        var mark = plan.hash().equals(past.planHash()) ? past.mark() : ProgressMark.NONE;
        synchronized (lock(migration)) {
            var occupant = occupant(migration);
            if (occupant.isPresent()) return behind(occupant.get()).inPlaceOf(start, observed.facts());
            var other = unseen(migration, start.job());
            if (other.isPresent())
                return new Impediment.EarlierJob(name(other.get())).inPlaceOf(start, observed.facts());
            clearAway(migration, start.job());
            return create(start, start.job(), plan, 1, mark, observed);
        }
    }

    Decision replace(Decision.Replace replace, ObservedMigration observed) {
        var migration = observed.migration();
        var name = replace.former().name();
        synchronized (lock(migration)) {
            var occupant = occupant(migration);
            if (occupant.isPresent()) return behind(occupant.get()).inPlaceOf(replace, observed.facts());
            var former = api.get(migration, name);
            var plan = former.flatMap(job -> planOf(job, observed));
            if (former.isEmpty() || plan.isEmpty()) {
                // Its files are gone. The next pass starts from the spec, and the ledger compares the plan.
                api.delete(migration, name);
                return new Decision.Discard(replace.verdict(), name);
            }
            if (!JobReading.isReplaced(former.get())) api.giveWay(migration, name);
            replace.former().lostPods().forEach(pod -> api.forget(migration, pod));
            var atWork = api.podAtWork(migration, former.get(), replace.former().lostPods());
            if (atWork.isPresent())
                return new Impediment.PodAtWork(name, name(atWork.get())).inPlaceOf(replace, observed.facts());
            var done = create(
                    replace,
                    replace.job(),
                    plan.get(),
                    JobReading.attempt(former.get()) + 1,
                    replace.startsFrom(),
                    observed);
            if (done instanceof Decision.Refused) return done;
            // Only now: until the successor has the plan, the former Job must keep it.
            replace.old().jobs().forEach(old -> api.delete(migration, old));
            if (!replace.former().evidence()) api.delete(migration, name);
            return done;
        }
    }

    private Decision create(
            Decision decision, String name, Plan plan, int attempt, ProgressMark mark, ObservedMigration observed) {
        var migration = observed.migration();
        var settings = required(observed.settings(), migration);
        var pieces = ConfigMaps.pieces(plan);
        var order = new JobInputs(
                name, migration, required(observed.target(), migration), plan, settings, image, attempt, mark.toText());
        var manifest = JobManifest.job(order, pieces.size());
        var job = api.create(manifest, migration);
        if (job.isEmpty()) return taken(manifest).inPlaceOf(decision, observed.facts());
        return files.complete(migration, job.get(), pieces, settings)
                .map(inTheWay -> taken(inTheWay).inPlaceOf(decision, observed.facts()))
                .orElse(decision);
    }

    /** A migration that has started keeps its plan, also if its sources have changed. */
    private Optional<Plan> planOf(Job former, ObservedMigration observed) {
        return files.plan(former)
                .or(() -> Optional.ofNullable(observed.plan())
                        .filter(plan -> plan.hash().equals(JobReading.planHash(former))));
    }

    Decision resume(Decision.Resume resume, ObservedMigration observed) {
        var migration = observed.migration();
        synchronized (lock(migration)) {
            var occupant = occupant(migration);
            if (occupant.isPresent()) return behind(occupant.get()).inPlaceOf(resume, observed.facts());
            api.setSuspend(migration, resume.job(), false);
            return resume;
        }
    }

    Decision suspend(Decision.Suspend suspend, ObservedMigration observed) {
        api.setSuspend(observed.migration(), suspend.job(), true);
        return suspend;
    }

    Decision discard(Decision.Discard discard, ObservedMigration observed) {
        api.delete(observed.migration(), discard.job());
        return discard;
    }

    /** Reads live, not from a cache: a Job created a moment ago counts. */
    private Optional<Job> occupant(Migration migration) {
        var onTarget = Labels.onTarget(
                migration.migrationKind(), migration.spec().targetRef().name());
        return TargetQueue.occupants(cache, api.notSucceeded(migration, onTarget).stream(), migration)
                .findAny();
    }

    /** Another Job of the same migration that the cache does not have yet, or that is still being deleted. */
    private Optional<Job> unseen(Migration migration, String wanted) {
        return api
                .notSucceeded(
                        migration, Map.of(Labels.UID, migration.getMetadata().getUid()))
                .stream()
                .filter(job -> !job.getMetadata().getName().equals(wanted)
                        && JobConditions.isUnfinished(job)
                        && !JobReading.isReplaced(job)
                        && JobFiles.isLive(job, migration))
                .findAny();
    }

    private static Impediment behind(Job occupant) {
        return Kept.jobs().isOurs(occupant)
                ? new Impediment.TargetBusy()
                : new Impediment.TargetBusyWith(name(occupant));
    }

    private static Impediment taken(HasMetadata object) {
        return new Impediment.NameTaken(object.getKind(), name(object));
    }

    private static String name(HasMetadata object) {
        return object.getMetadata().getName();
    }

    private Object lock(Migration migration) {
        var target = migration.getMetadata().getNamespace() + "/"
                + migration.spec().targetRef().name();
        return locks.computeIfAbsent(target, key -> new Object());
    }

    /** Deletes the Jobs of earlier plans and retries. Their files are deleted with them. */
    private void clearAway(Migration migration, String present) {
        cache.jobsOf(migration)
                .map(job -> job.getMetadata().getName())
                .filter(name -> !name.equals(present))
                .forEach(name -> api.delete(migration, name));
    }

    private static <T> T required(@Nullable T value, Migration migration) {
        if (value == null) throw new IllegalStateException(migration.reference() + " was started without a plan");
        return value;
    }
}
