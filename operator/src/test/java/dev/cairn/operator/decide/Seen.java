package dev.cairn.operator.decide;

import dev.cairn.crds.Phase;
import dev.cairn.operator.decide.Observation.DependencySeen;
import dev.cairn.operator.decide.Observation.LedgerSeen;
import dev.cairn.operator.decide.Observation.Past;
import dev.cairn.operator.decide.Observation.PlanSeen;
import dev.cairn.operator.decide.Observation.Planned;
import dev.cairn.operator.decide.Observation.Sighting;
import dev.cairn.plan.Forecast;
import dev.cairn.plan.LedgerState;
import dev.cairn.plan.Outcome;
import dev.cairn.plan.Progress;
import dev.cairn.plan.Progress.Activity;
import dev.cairn.plan.Reason;
import java.time.Instant;
import java.util.List;

/** Observations for tests: begins with a migration that may start at once. */
public final class Seen {
    public static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
    public static final String SELF = "DataMigration/backfill";
    public static final String IMAGE = "cairn/runner:1";
    public static final String JOB = "dmig-backfill-1";
    public static final String READER = "mtgt-chat-1";
    public static final String HASH = "sha256:1";
    public static final String RENDERED = "0123456789abcdef";
    public static final String SUCCESSOR = "dmig-backfill-2nd";

    /** Of the first Job of a plan. */
    public static final Attempt FIRST = new Attempt(RENDERED, ProgressMark.NONE, SUCCESSOR, false, null, List.of());

    private boolean suspended;
    private String retry = "";
    private EffectivePolicy policy = new EffectivePolicy.Open("chat");
    private PlanSeen plan = new Planned(HASH, JOB);
    private List<DependencySeen> dependencies = List.of();
    private List<String> cycle = List.of();
    private Past past = Past.NONE;
    private JobSeen job;
    private Sighting progress = Sighting.NONE;
    private List<String> ahead = List.of();
    private LedgerSeen ledger;
    private boolean ledgerAwaited;
    private String image = IMAGE;

    public Observation build() {
        return new Observation(
                SELF,
                suspended,
                retry,
                policy,
                plan,
                dependencies,
                cycle,
                past,
                job,
                progress,
                ahead,
                ledger,
                ledgerAwaited,
                image,
                RENDERED,
                NOW);
    }

    public Seen suspended() {
        suspended = true;
        return this;
    }

    public Seen target(boolean exists, boolean isSuspended) {
        if (!exists) policy = new EffectivePolicy.Missing("chat");
        else policy = isSuspended ? new EffectivePolicy.Frozen("chat") : new EffectivePolicy.Open("chat");
        return this;
    }

    public Seen unusable(String problem) {
        policy = new EffectivePolicy.Unusable("chat", problem);
        return this;
    }

    public Seen movedTarget() {
        policy = new EffectivePolicy.Moved("chat", "scope chat, schema cairn", "scope other, schema cairn");
        return this;
    }

    public Seen retry(String token) {
        retry = token;
        return this;
    }

    public Seen plan(PlanSeen seen) {
        plan = seen;
        return this;
    }

    public Seen dependsOn(DependencySeen... seen) {
        dependencies = List.of(seen);
        return this;
    }

    public Seen cycle(String... path) {
        cycle = List.of(path);
        return this;
    }

    public Seen past(Phase phase, StatusReason reason, String hash, String jobName, int attempts) {
        past = new Past(phase, new Verdict(reason, "as told before"), hash, jobName, "", attempts, ProgressMark.NONE);
        return this;
    }

    public Seen job(JobSeen seen) {
        job = seen;
        return this;
    }

    public Seen job(PodSeen... pods) {
        return job(aJob(new JobSeen.Unfinished(), false, pods));
    }

    public Seen says(Activity activity, String cause) {
        progress = new Sighting(progress(activity, cause), 0);
        return this;
    }

    public Seen heldBy(String... holds) {
        progress = new Sighting(progress(Activity.Held, null).with(null, List.of(), List.of(holds)), 0);
        return this;
    }

    public Seen silentFor(int polls) {
        progress = new Sighting(null, polls);
        return this;
    }

    public Seen ahead(String... references) {
        ahead = List.of(references);
        return this;
    }

    /** What the ledger says of the plan with {@link #HASH}. */
    public Seen ledger(LedgerState state) {
        ledger = new LedgerSeen(state, READER, HASH, retry);
        return this;
    }

    /** The same, where any checksum will do. */
    public Seen ledgerOfAnyPlan(LedgerState state) {
        ledger = new LedgerSeen(state, READER, null, retry);
        return this;
    }

    public Seen ledgerAwaited() {
        ledgerAwaited = true;
        return this;
    }

    public Seen operatorImage(String name) {
        image = name;
        return this;
    }

    public static JobSeen aJob(JobSeen.State state, boolean suspended, PodSeen... pods) {
        int failed = (int) List.of(pods).stream()
                .filter(pod -> pod.state() instanceof PodSeen.Ended)
                .count();
        return new JobSeen(JOB, HASH, IMAGE, false, state, suspended, failed, null, List.of(pods), FIRST);
    }

    /** A dry run that is over; what it foretells is null where its pod has left nothing. */
    public static JobSeen dryRun(Forecast forecast) {
        var words = "would walk about 10 rows along t_pkey (id), in about 2 min; nothing was changed";
        var pods = forecast == null
                ? List.<PodSeen>of()
                : List.of(ended(
                        0,
                        "Completed",
                        new Outcome(Reason.DryRunComplete, words, null, null, Progress.NONE, forecast)));
        return new JobSeen(JOB, HASH, IMAGE, true, new JobSeen.Complete(), false, 0, null, pods, FIRST);
    }

    public static Forecast forecast(String... warnings) {
        return new Forecast(6_000_000, 5L, 6000, 1000, 720, false, "t_pkey (id)", List.of(warnings), "Update on t");
    }

    /** A pod whose image does not exist. */
    public static PodSeen withoutImage() {
        return pending(new StartFailure.ImageNotPulled("pod-new", "fill:1", StartFailure.Pull.NO_SUCH_IMAGE, true));
    }

    public static PodSeen pending(StartFailure obstacle) {
        return new PodSeen("pod-new", NOW, false, false, new PodSeen.Pending(obstacle));
    }

    public static PodSeen running() {
        return new PodSeen("pod-new", NOW, false, false, new PodSeen.Running());
    }

    public static PodSeen ended(Reason reason, String message, String sqlState) {
        var outcome = new Outcome(reason, message, sqlState, null, progress(Activity.Running, null));
        return ended(reason.exitCode().code(), "Error", outcome);
    }

    public static PodSeen ended(int exitCode, String cause, Outcome outcome) {
        return new PodSeen(
                "pod-old",
                NOW.minusSeconds(60),
                true,
                false,
                new PodSeen.Ended(exitCode, cause, outcome, NOW.minusSeconds(1)));
    }

    public static Progress progress(Activity activity, String cause) {
        return new Progress(activity, cause, 1, 0, 0, 10, 10, 1000L, 100, 50, 0, List.of());
    }
}
