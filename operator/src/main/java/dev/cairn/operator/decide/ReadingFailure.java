package dev.cairn.operator.decide;

import dev.cairn.plan.Outcome;

/** Why a target's ledger was not read. */
public sealed interface ReadingFailure {
    /** The runner ended with a reason. */
    record Ended(Outcome outcome) implements ReadingFailure {}

    /**
     * The Job has failed without an answer.
     *
     * @param how the middle of a sentence
     */
    record NoAnswer(String job, String how) implements ReadingFailure {}

    /** The Job has completed, and its pod is gone. */
    record NothingLeft(String job) implements ReadingFailure {}

    /** Somebody deleted the Job. */
    record Deleted(String job) implements ReadingFailure {}

    /** The Job answered another question. */
    record OtherQuestion(String job) implements ReadingFailure {}

    /** The API server refuses the Job. */
    record Refused(String answer) implements ReadingFailure {}

    /** The API server fails at the Job. */
    record ServerError(String answer) implements ReadingFailure {}

    /**
     * The target's spec cannot be used.
     *
     * @param problem the end of a sentence
     */
    record InvalidTarget(String problem) implements ReadingFailure {}

    /** One word, for the target's condition. */
    default String reason() {
        return switch (this) {
            case Ended(var outcome) ->
                switch (outcome.reason()) {
                    case CredentialsMissing, AccessDenied, InvalidSpec ->
                        outcome.reason().name();
                    default -> "Unreachable";
                };
            case NoAnswer _, NothingLeft _, Deleted _, OtherQuestion _ -> "Unreachable";
            case Refused _, ServerError _ -> "Refused";
            case InvalidTarget _ -> "InvalidSpec";
        };
    }

    /** One sentence or more. */
    default String message() {
        var text = words();
        return text.endsWith(".") ? text : text + ".";
    }

    private String words() {
        return switch (this) {
            case Ended(var outcome) -> outcome.message();
            case NoAnswer(var job, var how) -> "Job %s left no answer: %s".formatted(job, how);
            case NothingLeft(var job) -> "Job %s and its pod left no answer".formatted(job);
            case Deleted(var job) -> "Job %s was deleted".formatted(job);
            case OtherQuestion(var job) -> "Job %s answered another question".formatted(job);
            case Refused(var answer) ->
                "the API server refuses the Job that reads the ledger (%s): raise the quota, or correct the policy or spec.job"
                        .formatted(answer);
            case ServerError(var answer) -> LookFailure.failsAt("the Job that reads the ledger", answer);
            case InvalidTarget(var problem) -> "its spec is to be corrected: " + problem;
        };
    }
}
