package dev.cairn.runner.container;

import org.jspecify.annotations.Nullable;

/**
 * The end of the user's command, as the launcher reports it.
 *
 * @param exitCode the command's exit code, or 128 plus the number of the signal that ended it
 * @param stopped whether the pod was asked to stop before the end
 * @param error why the command did not start, null if it started
 * @param message the command's termination message, null for none
 */
record EndFile(
        int exitCode,
        boolean stopped,
        @Nullable String error,
        @Nullable String message) {}
