package dev.cairn.runner.ledger;

/**
 * What the walks before the present one did, where a backfill walks again until its verify query is true.
 *
 * @param count how many
 * @param rows that they changed
 * @param idle whether the last of them changed none
 */
public record EarlierWalks(int count, long rows, boolean idle) {
    /** Before the first walk. */
    public static final EarlierWalks NONE = new EarlierWalks(0, 0, false);

    /** With one more, which changed so many rows. */
    public EarlierWalks plus(long changed) {
        return new EarlierWalks(count + 1, rows + changed, changed == 0);
    }
}
