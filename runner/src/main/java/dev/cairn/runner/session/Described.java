package dev.cairn.runner.session;

/**
 * Asks which columns a query returns, without running it. The driver's own method leaves a named statement in the
 * session. Behind a pool, another client gets that session next.
 */
public final class Described {
    private Described() {}

    /**
     * The query with its columns and without rows: PostgreSQL plans it and runs nothing of it. Its columns are fields
     * of a row, not columns of a table. For columns of a table the driver would query the catalogue, with operators
     * from the role's path.
     */
    public static String withoutRows(String query) {
        return "SELECT (cairn_row).* FROM (SELECT cairn_given AS cairn_row FROM (\n" + query
                + "\n) cairn_given) cairn_described LIMIT 0";
    }
}
