package dev.cairn.cases;

import java.util.Random;

/**
 * Runs a property for cases drawn at random, each from a seed of its own. A case that fails names its seed;
 * {@code -Dcairn.seed=…} then runs that case alone.
 */
public final class Cases {
    private static final String SEED = "cairn.seed";

    private Cases() {}

    /** What holds for every case. */
    @FunctionalInterface
    public interface Property {
        /**
         * Returns where it holds for a case.
         *
         * @throws Exception or an assertion's error, where it does not
         */
        void check(Any any) throws Exception;
    }

    /**
     * Checks a property.
     *
     * @param count how many cases
     * @throws AssertionError for the first case that fails, with its seed; the failure is its cause
     */
    public static void check(int count, Property property) {
        var given = Long.getLong(SEED);
        if (given != null) {
            check(given, property);
            return;
        }
        var seeds = new Random();
        for (int i = 0; i < count; i++) check(seeds.nextLong(), property);
    }

    private static void check(long seed, Property property) {
        try {
            property.check(new Any(new Random(seed)));
        } catch (Exception | AssertionError failure) {
            throw new AssertionError("Repeat this case with -D" + SEED + "=" + seed + ". " + failure, failure);
        }
    }
}
