package dev.cairn.runner.ledger;

/**
 * The results of the walks before the present one, where a backfill walks again until its verify query is true.
 *
 * @param count how many
 * @param rows that they changed
 * @param idle whether the last of them changed no row
 */
public record EarlierWalks(int count, long rows, boolean idle) {
    /** Before the first walk. */
    public static final EarlierWalks NONE = new EarlierWalks(0, 0, false);

    /** These walks and one more. */
    public EarlierWalks plus(long changed) {
        return new EarlierWalks(count + 1, rows + changed, changed == 0);
    }
}
