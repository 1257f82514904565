package dev.cairn.runner.schema;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * DROP INDEX CONCURRENTLY. An interrupted attempt leaves the index, maybe INVALID, and can run again.
 *
 * @param index its name as it is written
 */
record IndexDrop(String index) implements Effect {
    @Override
    public boolean letsTrafficPass() {
        return true;
    }

    @Override
    public Left afterInterruption(Session session, @Nullable String note) throws SQLException {
        try (var query = session.connection().prepareStatement("SELECT pg_catalog.to_regclass(?) IS NULL")) {
            query.setString(1, index);
            try (var rows = query.executeQuery()) {
                return rows.next() && rows.getBoolean(1) ? Left.DONE : Left.NOT_DONE;
            }
        }
    }
}
