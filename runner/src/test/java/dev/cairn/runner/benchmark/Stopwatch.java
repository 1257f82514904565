package dev.cairn.runner.benchmark;

/** Time that something took. */
final class Stopwatch {
    private Stopwatch() {}

    static double seconds(Runnable work) {
        long began = System.nanoTime();
        work.run();
        return secondsSince(began);
    }

    /** @param began by {@link System#nanoTime()} */
    static double secondsSince(long began) {
        return (System.nanoTime() - began) / 1e9;
    }
}
