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
    // The rules have no optional types (a.?b): the API server assumes texts of unlimited length in them when it
    // estimates their cost.
    static final String STARTED = "(has(oldSelf.status) && has(oldSelf.status.phase)"
            + " && (oldSelf.status.phase in ['Running', 'Applied', 'Lost'] || (oldSelf.status.phase != 'Failed'"
            + " && has(oldSelf.status.attempts) && oldSelf.status.attempts > 0)))";
    static final String NOT_ITSELF = "!has(self.spec.dependsOn)"
            + " || !self.spec.dependsOn.exists(d, d.kind == self.kind && d.name == self.metadata.name)";

    static final String EDITED = "a migration that has started cannot be edited: add a new migration";

    private Api() {}
}
