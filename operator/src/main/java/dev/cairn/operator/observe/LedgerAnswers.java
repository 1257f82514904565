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
 * The answers of targets' ledgers since this process began. They are only in memory. An answer counts only for the
 * migration in the form at the time of the question. A new process asks again where needed. Thread-safe.
 */
public final class LedgerAnswers {
    private final Map<String, Map<String, Answer>> byTarget = new ConcurrentHashMap<>();
    private final Set<String> awaited = ConcurrentHashMap.newKeySet();

    /**
     * What a read of a ledger is for.
     *
     * @param uid of the target: a target created again under the same name has no answer yet
     * @param connection digest of the database's address
     * @param request the last value of the target's retry annotation; empty for none
     */
    public record Round(String uid, String connection, String request) {}

    /**
     * A migration in the form at the time of the question.
     *
     * @param uid of the resource
     * @param generation of its spec
     * @param job in its status, null for none: it changes with every run
     * @param planHash of its spec's plan, null where any checksum counts
     * @param retry the annotation's value, empty for none
     */
    public record Asked(
            String uid,
            @Nullable Long generation,
            @Nullable String job,
            @Nullable String planHash,
            String retry) {}

    private record Answer(Round round, String reader, Asked asked, LedgerState state) {}

    /** The key of a target's answers. */
    public static String key(String namespace, String target) {
        return namespace + "/" + target;
    }

    /** Stores the answer of a reader's Job. */
    public void add(String target, Round round, String reader, List<Asked> asked, LedgerAnswer answer) {
        var states = answer.all();
        for (int n = 0; n < Math.min(asked.size(), states.size()); n++)
            add(target, new Answer(round, reader, asked.get(n), states.get(n)));
    }

    /**
     * Records that no question is possible about a migration in its present form: no plan can be made, or it is a dry
     * run.
     */
    public void addUnknown(String target, Round round, Asked asked) {
        add(target, new Answer(round, "", asked, LedgerState.Unknown));
    }

    private void add(String target, Answer answer) {
        byTarget.computeIfAbsent(target, key -> new ConcurrentHashMap<>()).put(answer.asked.uid(), answer);
    }

    /** Forgets all other migrations of a target. */
    public void retain(String target, List<Migration> migrations) {
        var known = byTarget.get(target);
        if (known == null) return;
        var uids = new HashSet<String>();
        migrations.forEach(migration -> uids.add(migration.getMetadata().getUid()));
        known.keySet().retainAll(uids);
    }

    /** Whether the ledger has answered for a migration in its present form, in this round. */
    public boolean has(String target, Round round, Asked now) {
        return find(target, now.uid())
                .filter(answer -> answer.round.equals(round)
                        && Objects.equals(answer.asked.generation(), now.generation())
                        && (Objects.equals(answer.asked.job(), now.job()) || answer.reader.equals(now.job()))
                        && answer.asked.retry().equals(now.retry()))
                .isPresent();
    }

    /** Sets whether a target's migrations without an answer wait for it. */
    public void await(String target, boolean wait) {
        if (wait) awaited.add(target);
        else awaited.remove(target);
    }

    /** Whether they wait. */
    public boolean isAwaited(String target) {
        return awaited.contains(target);
    }

    /**
     * The answer about a migration, while the migration has the same form.
     *
     * @param connection digest of its target's present address
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
