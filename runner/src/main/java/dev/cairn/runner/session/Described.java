package dev.cairn.runner.session;

/**
 * Asks what columns a query gives, without running it. The driver's own way leaves a named statement in the session, which
 * behind a pool is somebody else's next.
 */
public final class Described {
    private Described() {}

    /** The query with its columns and no rows: it is planned, and nothing of it is run. */
    public static String withoutRows(String query) {
        return "SELECT * FROM (\n" + query + "\n) cairn_described LIMIT 0";
    }
}
