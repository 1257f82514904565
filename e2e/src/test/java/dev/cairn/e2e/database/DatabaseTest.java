package dev.cairn.e2e.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DatabaseTest {
    @Test
    void keepsItsDataOverAStopAndACrashAndIsFoundAgain() throws Exception {
        // given a database outside of every private folder, as its own account cannot enter those
        var everybody = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x"));
        var folder = Files.createTempDirectory(Path.of("/tmp"), "cairn-database", everybody)
                .resolve("server");
        var database = Database.start(folder, "127.0.0.1", Map.of("fsync", "off"));
        try {
            database.create("chat");
            execute(database, "CREATE TABLE messages AS SELECT 7 AS n");

            // when it is stopped, crashes, and another process finds it
            database.stop();
            database.start();
            execute(database, "CHECKPOINT");
            database.crash();
            Database.in(folder).start();

            // then the data is there, and the connection is encrypted
            try (var connection = database.connect("chat", "chat");
                    var rows = connection.createStatement().executeQuery("""
                            SELECT n, ssl FROM messages, pg_stat_ssl WHERE pid = pg_backend_pid()""")) {
                assertThat(rows.next()).isTrue();
                assertThat(rows.getInt(1)).isEqualTo(7);
                assertThat(rows.getBoolean(2)).isTrue();
            }
        } finally {
            database.remove();
            Files.delete(folder.getParent());
        }
        assertThat(folder).doesNotExist();
    }

    private static void execute(Database database, String sql) throws SQLException {
        try (var connection = database.connect("chat", sql.equals("CHECKPOINT") ? "postgres" : "chat");
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
