package dev.cairn.operator.act;

import dev.cairn.crds.Migration;
import dev.cairn.crds.MigrationTarget;
import dev.cairn.operator.cache.ClusterCache;
import dev.cairn.operator.decide.Reach;
import dev.cairn.operator.decide.ReaderStep;
import dev.cairn.operator.decide.ReadingFailure;
import dev.cairn.operator.decide.StartFailure;
import dev.cairn.operator.job.LedgerReaderJob;
import dev.cairn.operator.job.Names;
import dev.cairn.operator.job.RunnerImage;
import dev.cairn.operator.observe.EventRouting;
import dev.cairn.operator.observe.LedgerAnswers;
import dev.cairn.operator.observe.LedgerAnswers.Asked;
import dev.cairn.operator.observe.LedgerAnswers.Round;
import dev.cairn.operator.observe.LedgerQuestions;
import dev.cairn.operator.observe.LedgerQuestions.Item;
import dev.cairn.operator.observe.ReaderReading;
import dev.cairn.operator.observe.TargetQueue;
import dev.cairn.plan.LedgerAnswer;
import dev.cairn.plan.LedgerQuestion;
import dev.cairn.plan.LedgerQuestion.Entry;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Starts the reads of targets' ledgers where they are needed, and stores the answers. One Job at a time for a target.
 */
public final class LedgerReaders {
    /** After this time a created Job is in the cache, or was deleted. */
    private static final Duration UNSEEN = Duration.ofSeconds(30);

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** Each read costs the API server some ten writes. */
    private static final int READINGS_AT_ONCE = 5;

    private static final Duration BETWEEN_READINGS = Duration.ofMillis(500);

    private final ReaderJobs jobs;
    private final ClusterCache cache;
    private final LedgerQuestions questions;
    private final LedgerAnswers answers;
    private final EventRouting.Passes passes;
    private final InstantSource clock;
    private final Turns turns = new Turns(READINGS_AT_ONCE, BETWEEN_READINGS);
    private final Map<String, Memory> memories = new ConcurrentHashMap<>();

    public LedgerReaders(
            KubernetesClient client,
            ClusterCache cache,
            LedgerQuestions questions,
            LedgerAnswers answers,
            RunnerImage image,
            EventRouting.Passes passes,
            InstantSource clock) {
        this.jobs = new ReaderJobs(client, cache, image);
        this.cache = cache;
        this.questions = questions;
        this.answers = answers;
        this.passes = passes;
        this.clock = clock;
    }

    /**
     * The result of a pass for a target.
     *
     * @param round the present round of reads
     * @param reach what is known about its database
     * @param again the pause before the next pass without a change
     */
    public record Tended(Round round, Reach reach, Optional<Duration> again) {}

    /** What this process knows about one target. A new process starts without it. */
    private static final class Memory {
        private @Nullable Reading reading;
        private @Nullable Round round;
        private @Nullable Round reached;
        private Instant turn = Instant.MAX;
        private @Nullable Instant began;
        private @Nullable Instant failed;
        private @Nullable Instant failingSince;
        private @Nullable Instant manySince;
        private Reach.@Nullable Failed failure;
    }

    private record Reading(String job, Instant began, Round round, LedgerQuestion question, List<Asked> asked) {}

    /**
     * Stores an answer that has come, and starts the next read when it is due.
     *
     * @param migrations of the target, in queue order
     */
    public Tended tend(MigrationTarget target, List<Migration> migrations) {
        var meta = target.getMetadata();
        var key = LedgerAnswers.key(meta.getNamespace(), meta.getName());
        var memory = memories.computeIfAbsent(key, ignored -> new Memory());
        var round = new Round(
                target.getMetadata().getUid(), LedgerReaderJob.connection(target.getSpec()), Names.retryToken(target));
        synchronized (memory) {
            boolean wait = false;
            try {
                answers.retain(key, migrations);
                if (!round.equals(memory.round)) startAnew(memory, round);
                var working = takeIn(target, key, memory, round);
                var seen = look(target, key, memory, round, migrations);
                var step = ReaderStep.next(seen);
                if (step instanceof ReaderStep.Ask(var uids)) ask(target, key, memory, round, migrations, uids);
                wait = memory.failed == null && ReaderStep.isWorthWaiting(seen);
                return new Tended(round, reach(memory, seen, working), again(step, seen));
            } finally {
                // If this pass fails, no migration waits for an answer that does not come.
                hold(target, key, wait);
            }
        }
    }

    /** Forgets what was known: facts about another database do not count for this one. */
    private void startAnew(Memory memory, Round round) {
        memory.round = round;
        memory.turn = turns.take(clock.instant());
        memory.began = null;
        memory.failed = null;
        memory.failingSince = null;
        memory.failure = null;
    }

    /** @return what prevents the start of the reader's Job, null for nothing */
    private @Nullable StartFailure takeIn(MigrationTarget target, String key, Memory memory, Round round) {
        var reading = memory.reading;
        if (reading == null) return null;
        if (!reading.round().equals(round)) {
            // The target has changed in the meantime: this answer is about another database.
            memory.reading = null;
            return null;
        }
        return switch (ReaderReading.read(cache, target, reading.job(), jobs::pods)) {
            case ReaderReading.Missing() -> {
                if (clock.instant().isAfter(reading.began().plus(UNSEEN)))
                    failed(memory, reading, new ReadingFailure.Deleted(reading.job()));
                yield null;
            }
            case ReaderReading.Working(var obstacle) -> obstacle;
            case ReaderReading.Failed(var failure) -> {
                failed(memory, reading, failure);
                yield null;
            }
            case ReaderReading.Answered(var answer) -> {
                answered(target, key, memory, reading, answer);
                yield null;
            }
        };
    }

    private void answered(MigrationTarget target, String key, Memory memory, Reading reading, LedgerAnswer answer) {
        if (!answer.question().equals(reading.question().hash())) {
            failed(memory, reading, new ReadingFailure.OtherQuestion(reading.job()));
            return;
        }
        answers.add(key, reading.round(), reading.job(), reading.asked(), answer);
        memory.reached = reading.round();
        memory.failed = null;
        memory.failingSince = null;
        memory.failure = null;
        memory.reading = null;
        var entries = reading.question().entries();
        for (var entry : entries)
            passes.migration(entry.kind(), target.getMetadata().getNamespace(), entry.name());
    }

    private void failed(Memory memory, Reading reading, ReadingFailure failure) {
        memory.failed = clock.instant();
        if (memory.failingSince == null) memory.failingSince = reading.began();
        memory.failure = new Reach.Failed(failure);
        memory.reading = null;
    }

    private ReaderStep.Seen look(
            MigrationTarget target, String key, Memory memory, Round round, List<Migration> migrations) {
        var candidates = migrations.stream()
                .map(migration -> LedgerQuestions.candidate(migration, key, round, answers))
                .toList();
        var status = target.getStatus();
        var read = status == null ? null : status.ledger();
        boolean isNew = read == null
                || !read.connection().equals(round.connection())
                || !round.request().equals(read.request() == null ? "" : read.request());
        var seen = new ReaderStep.Seen(
                candidates,
                isNew,
                round.equals(memory.reached),
                memory.reading != null,
                memory.began,
                memory.failed,
                memory.failingSince,
                memory.manySince,
                memory.turn,
                clock.instant());
        if (!seen.hasMany()) memory.manySince = null;
        else if (memory.manySince == null) memory.manySince = seen.now();
        return seen;
    }

    private void ask(
            MigrationTarget target,
            String key,
            Memory memory,
            Round round,
            List<Migration> migrations,
            List<String> uids) {
        var byUid = migrations.stream()
                .collect(Collectors.toMap(
                        migration -> migration.getMetadata().getUid(), Function.identity(), (one, other) -> one));
        var asked = new ArrayList<Asked>();
        var entries = new ArrayList<Entry>();
        for (var uid : uids) {
            var migration = byUid.get(uid);
            if (migration == null) continue;
            var item = item(migration, target);
            var entry = item.entry();
            if (entry == null) {
                answers.addUnknown(key, round, item.asked());
                continue;
            }
            asked.add(item.asked());
            entries.add(entry);
        }
        if (entries.isEmpty() && round.equals(memory.reached) && memory.failed == null) return;
        begin(target, memory, round, new LedgerQuestion(target.getSpec().scope(), entries), asked);
    }

    private Item item(Migration migration, MigrationTarget target) {
        try {
            return questions.item(migration, target.getSpec());
        } catch (KubernetesClientException e) {
            if (!Refusals.isRefusal(e)) throw e;
            // The pass for this migration reports the refusal. The question still includes the others.
            return LedgerQuestions.withoutPlan(migration);
        }
    }

    private void begin(MigrationTarget target, Memory memory, Round round, LedgerQuestion question, List<Asked> asked) {
        var now = clock.instant();
        var name = LedgerReaderJob.name(target, question, now.toString());
        var reading = new Reading(name, now, round, question, asked);
        memory.began = now;
        try {
            var refusal = jobs.replace(target, name, question);
            if (refusal.isEmpty()) memory.reading = reading;
            else failed(memory, reading, refusal.get());
        } catch (IllegalArgumentException e) {
            failed(memory, reading, new ReadingFailure.InvalidTarget(String.valueOf(e.getMessage())));
        }
    }

    /** Makes the new migrations of the target wait for the answer, or continue. */
    private void hold(MigrationTarget target, String key, boolean wait) {
        boolean waited = answers.isAwaited(key);
        answers.await(key, wait);
        if (!waited || wait) return;
        var meta = target.getMetadata();
        TargetQueue.waiting(cache, meta.getNamespace(), meta.getName())
                .forEach(migration -> passes.migration(
                        migration.migrationKind(),
                        meta.getNamespace(),
                        migration.getMetadata().getName()));
    }

    private static Reach reach(Memory memory, ReaderStep.Seen seen, @Nullable StartFailure obstacle) {
        if (memory.failure != null) return memory.failure;
        if (seen.reached()) return new Reach.Reached(!seen.isNew() || ReaderStep.isComplete(seen));
        var reading = memory.reading;
        var connecting = new Reach.Connecting(reading == null ? null : reading.job(), obstacle);
        return seen.isNew() ? connecting : new Reach.Unconfirmed(connecting);
    }

    private static Optional<Duration> again(ReaderStep.Step step, ReaderStep.Seen seen) {
        return switch (step) {
            case ReaderStep.Nothing() -> Optional.empty();
            // The Job's events trigger the next pass. This pause is for a Job that goes without an event, and for
            // waiting migrations.
            case ReaderStep.AtWork _, ReaderStep.Ask _ -> Optional.of(PATIENCE);
            case ReaderStep.Later(var pause) ->
                Optional.of(seen.hasMany() && pause.compareTo(PATIENCE) > 0 ? PATIENCE : pause);
        };
    }
}
