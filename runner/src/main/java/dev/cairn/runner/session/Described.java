package dev.cairn.runner.session;

/**
 * Asks what columns a query gives, without running it. The driver's own way leaves a named statement in the session, which
 * behind a pool is somebody else's next.
 */
public final class Described {
    private Described() {}

    /**
     * The query with its columns and no rows: it is planned, and nothing of it is run. Its columns are fields of a row and
     * no table's own: for a table's the driver would ask the catalogue, by operators that the role's path finds.
     */
    public static String withoutRows(String query) {
        return "SELECT (cairn_row).* FROM (SELECT cairn_given AS cairn_row FROM (\n" + query
                + "\n) cairn_given) cairn_described LIMIT 0";
    }
}
