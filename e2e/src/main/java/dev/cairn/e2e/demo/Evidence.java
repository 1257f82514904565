package dev.cairn.e2e.demo;

import dev.cairn.e2e.database.Database;
import java.io.PrintStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;

/** The state of the database after the migrations. */
final class Evidence {
    private static final String LEDGER = """
        SELECT kind, name, state, attempts,
               to_char(started, 'HH24:MI:SS.MS') AS started, to_char(finished, 'HH24:MI:SS.MS') AS finished
          FROM cairn.migration ORDER BY migration.started
        """;
    private static final String WALK = """
        SELECT name, rows, walked, batches, cursor FROM cairn.range ORDER BY name, ordinal
        """;
    private static final String COLUMNS = """
        SELECT string_agg(attname, ', ' ORDER BY attnum) FROM pg_attribute
         WHERE attrelid = 'messages'::regclass AND attnum > 0 AND NOT attisdropped
        """;
    private static final String INDEXES = """
        SELECT indexrelid::regclass || CASE WHEN indisvalid THEN ' (valid)' ELSE ' (INVALID)' END
          FROM pg_index WHERE indrelid = 'messages'::regclass ORDER BY 1
        """;

    private final PrintStream out;

    Evidence(PrintStream out) {
        this.out = out;
    }

    /** @return whether all of it is right */
    boolean show(Database server, long rowsBefore) throws SQLException {
        try (var connection = server.connect(Messages.DATABASE, Messages.DATABASE)) {
            out.println("\nThe ledger, in the order in which things started:");
            print(connection, LEDGER);
            out.println("\nThe walk over the table and its checkpoint:");
            print(connection, WALK);
            out.println("\nThe table:");
            print(connection, COLUMNS);
            print(connection, INDEXES);
            var content = Messages.read(connection);
            out.printf(
                    "  %,d rows before, %,d after: %,d loved, %,d neutral, %,d with the wrong mood%n",
                    rowsBefore, content.rows(), content.loved(), content.neutral(), content.wrong());
            return content.rows() == rowsBefore && content.wrong() == 0;
        }
    }

    private void print(Connection connection, String query) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(query)) {
            int columns = rows.getMetaData().getColumnCount();
            var lines = new ArrayList<String[]>();
            var widths = new int[columns];
            while (rows.next()) {
                var line = new String[columns];
                for (int i = 0; i < columns; i++) {
                    line[i] = String.valueOf(rows.getString(i + 1));
                    widths[i] = Math.max(widths[i], line[i].length());
                }
                lines.add(line);
            }
            for (var line : lines) {
                var text = new StringBuilder(" ");
                for (int i = 0; i < columns; i++) text.append(' ').append(pad(line[i], widths[i] + 1));
                out.println(text.toString().stripTrailing());
            }
        }
    }

    private static String pad(String text, int width) {
        return text + " ".repeat(width - text.length());
    }
}
