package dev.cairn.runner;

import dev.cairn.plan.Outcome;
import dev.cairn.plan.Progress;

/** The runner in this JVM, where a test can look at its progress. */
public record RunnerInside(Main main) {
    /** Runs to the end. */
    public Outcome run() {
        return main.run();
    }

    /** How far it is. */
    public Progress progress() {
        return main.progress();
    }
}
