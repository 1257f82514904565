package dev.cairn.runner.ledger;

/**
 * How keys are assigned to the stripes of their window. The stripe depends only on the key. So inserted and deleted
 * rows do not move other rows to another stripe.
 *
 * @param by the part of the key that decides
 * @param stripes in a window, a power of two; the lowest bits decide
 */
public record Striping(By by, int stripes) {
    /** For every key. */
    public static final Striping HASHED = new Striping(By.HASH, 16);

    /** For consecutive numbers, which it spreads over a page more evenly than a hash. */
    public static final Striping NUMBERED = new Striping(By.NUMBER, 8);

    /** The part of a key that decides. */
    public enum By {
        /** The server's hash of all its columns. */
        HASH,
        /** The last column that is an integer. */
        NUMBER
    }

    /**
     * The value of the column {@code stripes}. It is negative for numbers, so that runners that only know the hash
     * cannot continue.
     */
    int written() {
        return by == By.HASH ? stripes : -stripes;
    }

    static Striping of(int written) {
        return new Striping(written > 0 ? By.HASH : By.NUMBER, Math.abs(written));
    }
}
