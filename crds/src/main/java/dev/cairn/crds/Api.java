package dev.cairn.crds;

/** Names that are part of the API. */
public final class Api {
    /** The API group. */
    public static final String GROUP = "cairn.dev";

    /** The API version. */
    public static final String VERSION = "v1alpha1";

    /** The category: {@code kubectl get migrations}. */
    public static final String CATEGORY = "migrations";

    /** An annotation whose new value starts a failed migration again. */
    public static final String RETRY = GROUP + "/retry";

    static final String DURATION = "^([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?$";
    static final String NAME = "^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$";
    static final String STARTED = "(oldSelf.?status.?phase.orValue('') in ['Running', 'Applied']"
            + " || (oldSelf.?status.?attempts.orValue(0) > 0 && oldSelf.?status.?phase.orValue('') != 'Failed'))";

    private Api() {}
}
