package dev.cairn.plan;

/** Refuses a value. All records of this package use it. */
final class Check {
    private Check() {}

    static void require(boolean holds, String otherwise) {
        if (!holds) throw new IllegalArgumentException(otherwise);
    }
}
