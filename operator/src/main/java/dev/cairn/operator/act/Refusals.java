package dev.cairn.operator.act;

import dev.cairn.operator.decide.LookFailure;
import io.fabric8.kubernetes.client.KubernetesClientException;

/** Classifies failures of requests to the API server. */
public final class Refusals {
    /** The reason of Events about such failures. */
    public static final String REASON = "ReconcileFailed";

    private static final int TOO_MANY_REQUESTS = 429;
    private static final int CONFLICT = 409;
    private static final int UNAUTHORIZED = 401;
    private static final int SERVER_ERROR = 500;
    private static final int LONGEST = 600;

    private Refusals() {}

    /** Whether the next attempt may succeed: the API server is busy, fails or is unreachable. */
    public static boolean mayPassAtOnce(RuntimeException failure) {
        return failure instanceof KubernetesClientException answer && !isRefusal(answer);
    }

    /** Whether the API server refused the request, and will refuse it until a person changes something. */
    static boolean isRefusal(KubernetesClientException answer) {
        int code = answer.getCode();
        return code >= 400
                && code < SERVER_ERROR
                && code != TOO_MANY_REQUESTS
                && code != CONFLICT
                && code != UNAUTHORIZED;
    }

    /** Whether the API server failed, for example because a webhook failed. */
    static boolean isServerError(KubernetesClientException answer) {
        return answer.getCode() >= SERVER_ERROR;
    }

    /** The cause of a failed pass. */
    public static LookFailure cause(RuntimeException failure) {
        if (!(failure instanceof KubernetesClientException answer))
            return new LookFailure.OwnError(cut(failure.toString()));
        if (answer.getCode() == 0) return new LookFailure.Unreachable(cut(String.valueOf(answer.getMessage())));
        return isServerError(answer) || answer.getCode() == TOO_MANY_REQUESTS
                ? new LookFailure.ServerError(answer(answer))
                : new LookFailure.Refused(answer(answer));
    }

    /** The server's own message, with the HTTP code. */
    static String answer(KubernetesClientException answer) {
        var status = answer.getStatus();
        var words = status == null || status.getMessage() == null ? answer.getMessage() : status.getMessage();
        return "HTTP " + answer.getCode() + ", " + cut(String.valueOf(words));
    }

    private static String cut(String text) {
        var line = text.strip().replaceAll("\\s+", " ");
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST - 1) + "…";
    }
}
