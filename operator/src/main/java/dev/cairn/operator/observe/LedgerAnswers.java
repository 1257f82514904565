package dev.cairn.operator.observe;

import dev.cairn.crds.Migration;
import dev.cairn.operator.decide.Observation.LedgerSeen;
import dev.cairn.operator.decide.Observation.Past;
import dev.cairn.plan.LedgerAnswer;
import dev.cairn.plan.LedgerState;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What the ledgers of targets have said since this process began. It is kept in memory alone: an answer counts only for
 * the migration as it was when it was asked, and a new process asks again where it has to. Thread-safe.
 */
public final class LedgerAnswers {
    private final Map<String, Map<String, Answer>> byTarget = new ConcurrentHashMap<>();
    private final Set<String> awaited = ConcurrentHashMap.newKeySet();

    /**
     * For what a ledger was read.
     *
     * @param uid of the target: one that was made anew under its name has not been reached yet
     * @param connection digest of where it is
     * @param request what somebody asked for last, by the target's annotation; empty for nothing
     */
    public record Round(String uid, String connection, String request) {}

    /**
     * A migration, as it was when its ledger was asked about it.
     *
     * @param uid of the resource
     * @param generation of its spec
     * @param job in its status, null for none: it changes with every run
     * @param planHash that its spec asked for, null where the checksum did not matter
     * @param retry the annotation's value, empty for none
     */
    public record Asked(
            String uid,
            @Nullable Long generation,
            @Nullable String job,
            @Nullable String planHash,
            String retry) {}

    private record Answer(Round round, String reader, Asked asked, LedgerState state) {}

    /** Under which the answers for a target are kept. */
    public static String key(String namespace, String target) {
        return namespace + "/" + target;
    }

    /** Keeps what a reader's Job has answered. */
    public void add(String target, Round round, String reader, List<Asked> asked, LedgerAnswer answer) {
        var states = answer.all();
        for (int n = 0; n < Math.min(asked.size(), states.size()); n++)
            add(target, new Answer(round, reader, asked.get(n), states.get(n)));
    }

    /** Keeps that nothing can be asked about a migration as it is now: no plan can be made, or it is a dry run. */
    public void addUnknown(String target, Round round, Asked asked) {
        add(target, new Answer(round, "", asked, LedgerState.Unknown));
    }

    private void add(String target, Answer answer) {
        byTarget.computeIfAbsent(target, key -> new ConcurrentHashMap<>()).put(answer.asked.uid(), answer);
    }

    /** Forgets the migrations of a target that are not among these. */
    public void retain(String target, List<Migration> migrations) {
        var known = byTarget.get(target);
        if (known == null) return;
        var uids = new HashSet<String>();
        migrations.forEach(migration -> uids.add(migration.getMetadata().getUid()));
        known.keySet().retainAll(uids);
    }

    /** Whether the ledger has answered for a migration as it is now, in this round. */
    public boolean has(String target, Round round, Asked now) {
        return find(target, now.uid())
                .filter(answer -> answer.round.equals(round)
                        && Objects.equals(answer.asked.generation(), now.generation())
                        && (Objects.equals(answer.asked.job(), now.job()) || answer.reader.equals(now.job()))
                        && answer.asked.retry().equals(now.retry()))
                .isPresent();
    }

    /** Sets whether the migrations of a target that have no answer yet wait for it. */
    public void await(String target, boolean wait) {
        if (wait) awaited.add(target);
        else awaited.remove(target);
    }

    /** Whether they wait. */
    public boolean isAwaited(String target) {
        return awaited.contains(target);
    }

    /**
     * What was said of a migration, as long as it is what it was then.
     *
     * @param connection digest of where its target's ledger is now
     */
    @Nullable
    LedgerSeen of(String target, String connection, Migration migration, Past past) {
        return find(target, migration.getMetadata().getUid())
                .filter(answer ->
                        answer.round.connection().equals(connection) && Objects.equals(answer.asked.job(), past.job()))
                .map(answer ->
                        new LedgerSeen(answer.state, answer.reader, answer.asked.planHash(), answer.asked.retry()))
                .orElse(null);
    }

    private Optional<Answer> find(String target, String uid) {
        return Optional.ofNullable(byTarget.get(target)).map(answers -> answers.get(uid));
    }
}
