package dev.cairn.plan;

/** The one way in which records of this package refuse a value. */
final class Check {
    private Check() {}

    static void require(boolean holds, String otherwise) {
        if (!holds) throw new IllegalArgumentException(otherwise);
    }
}
