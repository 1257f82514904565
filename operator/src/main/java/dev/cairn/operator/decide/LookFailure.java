package dev.cairn.operator.decide;

/** Why a resource could not be reconciled. */
public sealed interface LookFailure {
    /** An error of the operator itself. */
    record OwnError(String error) implements LookFailure {}

    /** There is no connection to the API server. */
    record Unreachable(String error) implements LookFailure {}

    /** The API server is busy or fails, for example because a webhook fails. */
    record ServerError(String answer) implements LookFailure {}

    /** The API server refuses the request. */
    record Refused(String answer) implements LookFailure {}

    /** @param self such as {@code SchemaMigration/messages-add-mood} */
    default String message(String self) {
        return "%s is held up: %s; it is tried again by itself.".formatted(self, cause());
    }

    private String cause() {
        return switch (this) {
            case OwnError(var error) ->
                "the operator met an error of its own (%s), which its log has in full: report it".formatted(error);
            case Unreachable(var error) -> "the API server cannot be reached (%s)".formatted(error);
            case ServerError(var answer) -> failsAt("it", answer);
            case Refused(var answer) ->
                "the API server refuses what it needs (%s): change what that names".formatted(answer);
        };
    }

    /** @param what the object of the request, such as {@code the Job that reads the ledger} */
    static String failsAt(String what, String answer) {
        return "the API server fails at %s (%s): look at its log and at the webhooks that it calls"
                .formatted(what, answer);
    }
}
