package dev.cairn.runner.container;

import org.jspecify.annotations.Nullable;

/**
 * How the user's command ended, as the launcher saw it.
 *
 * @param exitCode its own, or 128 and the number of the signal that ended it
 * @param stopped whether the pod was asked to stop before
 * @param error why it could not be started, null if it was
 * @param message what it left as its termination message, null for nothing
 */
record EndFile(
        int exitCode,
        boolean stopped,
        @Nullable String error,
        @Nullable String message) {}
