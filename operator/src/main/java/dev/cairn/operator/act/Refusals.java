package dev.cairn.operator.act;

import dev.cairn.operator.decide.LookFailure;
import io.fabric8.kubernetes.client.KubernetesClientException;

/** What the API server says where it does not do what it is asked. */
public final class Refusals {
    /** The reason of Events about it. */
    public static final String REASON = "ReconcileFailed";

    private static final int TOO_MANY_REQUESTS = 429;
    private static final int CONFLICT = 409;
    private static final int UNAUTHORIZED = 401;
    private static final int SERVER_ERROR = 500;
    private static final int LONGEST = 600;

    private Refusals() {}

    /** Whether the next try may well succeed: a busy or failing API server, or one that cannot be reached. */
    public static boolean mayPassAtOnce(RuntimeException failure) {
        return failure instanceof KubernetesClientException answer && !isRefusal(answer);
    }

    /** Whether the API server answered no to what was asked, and would do so again until somebody changes something. */
    static boolean isRefusal(KubernetesClientException answer) {
        int code = answer.getCode();
        return code >= 400
                && code < SERVER_ERROR
                && code != TOO_MANY_REQUESTS
                && code != CONFLICT
                && code != UNAUTHORIZED;
    }

    /** Whether the API server failed at what was asked, as it does where a webhook that it calls fails. */
    static boolean isServerError(KubernetesClientException answer) {
        return answer.getCode() >= SERVER_ERROR;
    }

    /** Why a look failed. */
    public static LookFailure cause(RuntimeException failure) {
        if (!(failure instanceof KubernetesClientException answer))
            return new LookFailure.OwnError(cut(failure.toString()));
        if (answer.getCode() == 0) return new LookFailure.Unreachable(cut(String.valueOf(answer.getMessage())));
        return isServerError(answer) || answer.getCode() == TOO_MANY_REQUESTS
                ? new LookFailure.ServerError(answer(answer))
                : new LookFailure.Refused(answer(answer));
    }

    /** The server's own words, with the code where they do not say what it was. */
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
