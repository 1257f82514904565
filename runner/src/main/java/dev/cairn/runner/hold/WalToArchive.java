package dev.cairn.runner.hold;

import dev.cairn.runner.sql.PinnedSql;
import java.sql.Connection;
import java.sql.SQLException;

/** WAL segments that wait for the archiver. A role without pg_monitor is refused by the server. */
final class WalToArchive implements Signal {
    private static final String READY =
            PinnedSql.of("SELECT count(*) FROM pg_catalog.pg_ls_archive_statusdir() WHERE name ~~ '%.ready'");

    @Override
    public Reading read(Connection primary) throws SQLException {
        try (var statement = primary.createStatement();
                var rows = statement.executeQuery(READY)) {
            rows.next();
            return Reading.Amount.of(rows.getLong(1));
        }
    }
}
