package dev.cairn.operator.decide;

import dev.cairn.plan.LedgerQuestion;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Decides whether to read a target's ledger now, and about which migrations. It is a pure function. */
public final class ReaderStep {
    /** From this many new migrations on, one Job for all of them is cheaper than a Job for each. */
    static final int MANY = 10;

    /** While migrations arrive in turn, each Job asks about those of the last seconds. */
    private static final Duration BETWEEN_READINGS = Duration.ofSeconds(5);

    private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(10);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

    /** New migrations wait this long for the common answer. Then each one's own Job asks. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private ReaderStep() {}

    /** The state of a migration, for the decision to ask the ledger. */
    public enum Standing {
        /** It has not begun. */
        FRESH,
        /** It is Applied. */
        DONE,
        /** It was applied, but its ledger does not have it; a later read may find it again. */
        LOST,
        /** It is active or ended in another way: its own Jobs ask. */
        OTHER
    }

    /**
     * A migration of the target.
     *
     * @param uid of the resource
     * @param standing its state
     * @param asked whether the ledger was asked about its present form
     * @param retried whether there is a retry that was not acted on
     */
    public record Candidate(String uid, Standing standing, boolean asked, boolean retried) {
        boolean isFresh() {
            return standing == Standing.FRESH && !asked;
        }

        private boolean mustBeAsked(boolean everybody) {
            return !asked
                    && switch (standing) {
                        case DONE -> everybody || retried;
                        case LOST -> true;
                        case FRESH, OTHER -> false;
                    };
        }
    }

    /**
     * The facts about a target.
     *
     * @param candidates its migrations, in queue order
     * @param isNew whether its status does not have this place of the ledger yet, or a person requests another read
     * @param reached whether this process has read that ledger, for at least some of them
     * @param atWork whether a Job reads it at present
     * @param began when the last Job was created, null for none
     * @param failed when the last Job failed, null where it did not
     * @param failingSince the time of the first of the failures in a row, null for none
     * @param manySince since when many new migrations wait for an answer, null if they do not
     * @param turn the earliest time for a read of this target, so that many targets are not read in the same second
     * @param now the clock
     */
    public record Seen(
            List<Candidate> candidates,
            boolean isNew,
            boolean reached,
            boolean atWork,
            @Nullable Instant began,
            @Nullable Instant failed,
            @Nullable Instant failingSince,
            @Nullable Instant manySince,
            Instant turn,
            Instant now) {
        /** Copies the list. */
        public Seen {
            candidates = List.copyOf(candidates);
        }

        /** Whether there are many new ones, which the ledger may have. */
        public boolean hasMany() {
            return candidates.stream().filter(Candidate::isFresh).limit(MANY).count() == MANY;
        }
    }

    /** What to do about the ledger. */
    public sealed interface Step {}

    /** No migration needs a read. */
    public record Nothing() implements Step {}

    /** A Job reads it. Its end triggers the next pass. */
    public record AtWork() implements Step {}

    /** Check again after this pause. */
    public record Later(Duration pause) implements Step {}

    /** Ask about these migrations, by UID. An empty list only checks whether the database is reachable. */
    public record Ask(List<String> uids) implements Step {
        /** Copies the list. */
        public Ask {
            uids = List.copyOf(uids);
        }
    }

    /** The next step. */
    public static Step next(Seen seen) {
        if (seen.atWork()) return new AtWork();
        var must = seen.candidates().stream()
                .filter(candidate -> candidate.mustBeAsked(seen.isNew()))
                .toList();
        boolean wanted = !seen.reached() || !must.isEmpty() || seen.hasMany() || seen.failed() != null;
        if (!wanted) return new Nothing();
        var earliest = earliest(seen);
        var pause = Duration.between(seen.now(), earliest.isBefore(seen.turn()) ? seen.turn() : earliest);
        if (pause.isPositive()) return new Later(pause);
        return new Ask(Stream.concat(must.stream(), seen.candidates().stream().filter(Candidate::isFresh))
                .limit(LedgerQuestion.MOST_ENTRIES)
                .map(Candidate::uid)
                .toList());
    }

    /** Whether new migrations wait for the answer. It saves a Job for each migration that the database already has. */
    public static boolean isWorthWaiting(Seen seen) {
        var since = seen.manySince();
        return seen.hasMany()
                && seen.failed() == null
                && (since == null || seen.now().isBefore(since.plus(PATIENCE)));
    }

    /** Whether all questions about a new target are answered. */
    public static boolean isComplete(Seen seen) {
        return seen.reached() && seen.candidates().stream().noneMatch(candidate -> candidate.mustBeAsked(true));
    }

    /** While the database is unreachable, the pauses grow with the time of the outage. */
    private static Instant earliest(Seen seen) {
        var failed = seen.failed();
        if (failed != null) {
            var since = seen.failingSince();
            var half = since == null
                    ? SHORTEST_PAUSE
                    : Duration.between(since, failed).dividedBy(2);
            if (half.compareTo(SHORTEST_PAUSE) < 0) return failed.plus(SHORTEST_PAUSE);
            return failed.plus(half.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : half);
        }
        var began = seen.began();
        return began == null ? Instant.MIN.plusSeconds(1) : began.plus(BETWEEN_READINGS);
    }
}
