package dev.cairn.runner.ledger;

/**
 * Which stripe of its window a key is in. It depends on the key alone: rows that come and go do not move others into
 * another stripe.
 *
 * @param by what of the key
 * @param stripes in a window, a power of two; the lowest bits decide
 */
public record Striping(By by, int stripes) {
    /** For every key. About one row in 16 moves to another page. */
    public static final Striping HASHED = new Striping(By.HASH, 16);

    /** For consecutive numbers, which it spreads more evenly over a page than a hash does. */
    public static final Striping NUMBERED = new Striping(By.NUMBER, 8);

    /** What of a key decides. */
    public enum By {
        /** The server's hash of all its columns. */
        HASH,
        /** The last column that is an integer. */
        NUMBER
    }

    /** As the column {@code stripes} has it. Runners that know no other way than the hash cannot go on with a negative number. */
    int written() {
        return by == By.HASH ? stripes : -stripes;
    }

    static Striping of(int written) {
        return new Striping(written > 0 ? By.HASH : By.NUMBER, Math.abs(written));
    }
}
