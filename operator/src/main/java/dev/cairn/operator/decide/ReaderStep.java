package dev.cairn.operator.decide;

import dev.cairn.plan.LedgerQuestion;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Whether a target's ledger is read now, and about which of its migrations: a pure function of what is seen. */
public final class ReaderStep {
    /** From this many new migrations on, one Job that asks about all is cheaper than a Job for each. */
    static final int MANY = 10;

    /** While migrations arrive one after the other, each Job asks about those of the last seconds. */
    private static final Duration BETWEEN_READINGS = Duration.ofSeconds(5);

    private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(10);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

    /** New migrations wait this long for the answer about all of them; then each asks for itself. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private ReaderStep() {}

    /** Where a migration stands, as far as asking the ledger is concerned. */
    public enum Standing {
        /** Nothing of it has begun. */
        FRESH,
        /** It is Applied. */
        DONE,
        /** It was applied, and its ledger said otherwise; a later reading may find it again. */
        LOST,
        /** It is at work, or ended in another way: its own Jobs ask. */
        OTHER
    }

    /**
     * A migration of the target.
     *
     * @param uid of the resource
     * @param standing where it is
     * @param asked whether the ledger was asked about it as it is now
     * @param retried whether somebody asks for a retry that was not answered
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
     * What is seen of a target.
     *
     * @param candidates its migrations, in the order of their turn
     * @param isNew whether its status does not speak of a ledger at this place yet, or somebody asks to read it again
     * @param reached whether this process has read that ledger, for some of them at least
     * @param atWork whether a Job reads it at the moment
     * @param began when the last Job was created, null for none
     * @param failed when the last one failed, null where it did not
     * @param failingSince when the first of the failures in a row was, null where there is none
     * @param manySince since when many new migrations wait for an answer, null where they do not
     * @param turn before which this target is not read, so that many are not read in the same second
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

        /** Whether there are many new ones of which the ledger may know some. */
        public boolean hasMany() {
            return candidates.stream().filter(Candidate::isFresh).limit(MANY).count() == MANY;
        }
    }

    /** What to do about the ledger. */
    public sealed interface Step {}

    /** Nobody waits for it. */
    public record Nothing() implements Step {}

    /** A Job reads it; its end brings the next look. */
    public record AtWork() implements Step {}

    /** Look again then. */
    public record Later(Duration pause) implements Step {}

    /** Ask about these migrations, by UID; about none to see whether the database can be reached. */
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

    /** Whether new migrations wait for the answer: asking first saves a Job for each that the database has already. */
    public static boolean isWorthWaiting(Seen seen) {
        var since = seen.manySince();
        return seen.hasMany()
                && seen.failed() == null
                && (since == null || seen.now().isBefore(since.plus(PATIENCE)));
    }

    /** Whether nothing is left to be asked because the target is new. */
    public static boolean isComplete(Seen seen) {
        return seen.reached() && seen.candidates().stream().noneMatch(candidate -> candidate.mustBeAsked(true));
    }

    /** While the database cannot be reached, the pauses grow with the time that it could not. */
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
