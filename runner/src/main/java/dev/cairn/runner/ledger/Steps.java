package dev.cairn.runner.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The table {@code step}: one row for each schema step that was begun. */
public final class Steps {
    private static final String SELECT = """
        SELECT ordinal, step_name, checksum, state, note, step, first_statement, last_statement FROM %s.step
         WHERE scope = ? AND kind = ? AND name = ?
        """;
    private static final String ALL = SELECT + " ORDER BY ordinal";
    private static final String ONE = SELECT + " AND ordinal = ?";

    /** Writes the row and its event in one statement. */
    private static final String WRITE = """
        WITH told AS (INSERT INTO %1$s.event (scope, kind, name, event, worker, detail) VALUES (?, ?, ?, ?, ?, ?))
        INSERT INTO %1$s.step (scope, kind, name, ordinal, step_name, checksum, state, started, finished, note,
                             step, first_statement, last_statement)
        VALUES (?, ?, ?, ?, ?, ?, ?, pg_catalog.now(), CASE WHEN ? THEN clock_timestamp() END, ?, ?, ?, ?)
        ON CONFLICT (scope, kind, name, ordinal) DO UPDATE
           SET step_name = excluded.step_name, checksum = excluded.checksum, state = excluded.state,
               finished = excluded.finished, note = excluded.note, step = excluded.step,
               first_statement = excluded.first_statement, last_statement = excluded.last_statement
        """;

    private static final String FORGET = """
        DELETE FROM %s.step WHERE scope = ? AND kind = ? AND name = ? AND ordinal = ?
        """;

    private final Ledger ledger;

    Steps(Ledger ledger) {
        this.ledger = ledger;
    }

    /** All rows, in order. */
    public List<StepRow> read(Connection connection) throws SQLException {
        try (var query = ledger.prepare(connection, ALL)) {
            ledger.identity(query, 1);
            return rows(query);
        }
    }

    /** The row with this number; empty if it was not begun. */
    public Optional<StepRow> find(Connection connection, int ordinal) throws SQLException {
        try (var query = ledger.prepare(connection, ONE)) {
            ledger.identity(query, 1);
            query.setInt(4, ordinal);
            return rows(query).stream().findFirst();
        }
    }

    private static List<StepRow> rows(PreparedStatement query) throws SQLException {
        var found = new ArrayList<StepRow>();
        try (var rows = query.executeQuery()) {
            while (rows.next())
                found.add(new StepRow(
                        rows.getInt("ordinal"),
                        rows.getString("step_name"),
                        rows.getString("checksum"),
                        rows.getString("state").equals("done"),
                        rows.getString("note"),
                        covers(rows)));
        }
        return List.copyOf(found);
    }

    private static StepRow.@Nullable Statements covers(ResultSet row) throws SQLException {
        int step = row.getInt("step");
        return row.wasNull()
                ? null
                : new StepRow.Statements(step, row.getInt("first_statement"), row.getInt("last_statement"));
    }

    /** Writes a row before or after the step's effect. It replaces an older row with the same number. */
    public void write(Connection connection, StepRow step) throws SQLException {
        try (var write = ledger.prepare(connection, WRITE)) {
            ledger.identity(write, 1);
            write.setString(4, step.done() ? "StepDone" : "StepStarted");
            write.setString(5, ledger.worker().pod());
            write.setString(6, step.name());
            ledger.identity(write, 7);
            write.setInt(10, step.ordinal());
            write.setString(11, step.name());
            write.setString(12, step.checksum());
            write.setString(13, step.done() ? "done" : "started");
            write.setBoolean(14, step.done());
            write.setString(15, step.note());
            var covers = step.covers();
            write.setObject(16, covers == null ? null : covers.step(), Types.INTEGER);
            write.setObject(17, covers == null ? null : covers.first(), Types.INTEGER);
            write.setObject(18, covers == null ? null : covers.last(), Types.INTEGER);
            write.executeUpdate();
        }
    }

    /** Deletes a row whose step is known to have had no effect. */
    public void forget(Connection connection, int ordinal) throws SQLException {
        try (var delete = ledger.prepare(connection, FORGET)) {
            ledger.identity(delete, 1);
            delete.setInt(4, ordinal);
            delete.executeUpdate();
        }
    }
}
