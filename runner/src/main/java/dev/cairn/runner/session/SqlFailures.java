package dev.cairn.runner.session;

import dev.cairn.plan.Reason;
import dev.cairn.runner.end.MigrationFailure;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** Classifies PostgreSQL's failures by SQLSTATE and never by message: messages are translated and reworded. */
public final class SqlFailures {
    private static final Set<String> REPEAT = Set.of("40001", "40P01", "55P03");
    // 25006: a former primary. 25P03 and 25P04: the server ended a session with a transaction that took too long.
    private static final Set<String> LOST =
            Set.of("57P01", "57P02", "57P03", "57P04", "57P05", "25006", "25P03", "25P04");

    private SqlFailures() {}

    /** What a failed statement or connection requires. */
    public enum Kind {
        /**
         * A retry: a deadlock, a serialization failure, or a lock that was not available. The rows of a batch are halved
         * first; any other transaction is the same again.
         */
        REPEAT,
        /** A new connection. Then the ledger says what was committed. */
        CONNECTION_LOST,
        /** A later retry: the server is short of disk, memory or connections. */
        SERVER_FAULT,
        /** A retry with new credentials: the server refused these. */
        ACCESS_DENIED,
        /** The statement was cancelled, by this runner or by another client. */
        CANCELLED,
        /** No retry: the same statement would fail again. */
        PERMANENT
    }

    /** The kind, by the SQLSTATE of the exception. */
    public static Kind kind(SQLException e) {
        var state = e.getSQLState();
        // The driver gives no state where its own I/O failed.
        if (state == null) return Kind.CONNECTION_LOST;
        if (REPEAT.contains(state)) return Kind.REPEAT;
        if (LOST.contains(state)) return Kind.CONNECTION_LOST;
        if (state.equals("57014")) return Kind.CANCELLED;
        return switch (state.substring(0, Math.min(2, state.length()))) {
            case "08" -> Kind.CONNECTION_LOST;
            case "53", "58" -> Kind.SERVER_FAULT;
            case "28" -> Kind.ACCESS_DENIED;
            default -> Kind.PERMANENT;
        };
    }

    /**
     * The server's message and detail without the contents of rows, for status and log. Without a message of the
     * server, the driver's message. {@link #words} has the whole text.
     */
    public static String text(SQLException e) {
        var server = serverMessage(e);
        if (server == null) return ofDriver(e);
        if (isBeforeAnyStatement(e)) return whole(server);
        return new RowContents(server, statement(e)).text();
    }

    /**
     * The failure of a statement, with the statement's text: {@link #text} shows only names that are in it.
     *
     * @param statement as it was sent, with values of rows as parameters
     */
    public static SQLException ofStatement(String statement, SQLException e) {
        return StatementRefused.of(statement, e);
    }

    /** The failure of a connection that has not read a row yet: {@link #text} shows the whole message. */
    static SQLException beforeAnyStatement(SQLException e) {
        return StatementRefused.of(null, e);
    }

    private static boolean isBeforeAnyStatement(SQLException e) {
        return e instanceof StatementRefused refused && refused.statement() == null;
    }

    /**
     * The statement's text; empty where unknown. Then only objects are shown that the server names in separate fields.
     */
    private static String statement(SQLException e) {
        var statement = e instanceof StatementRefused refused ? refused.statement() : null;
        return statement == null ? "" : statement;
    }

    private static String whole(ServerErrorMessage said) {
        var detail = said.getDetail();
        return said.getMessage() + (detail == null ? "" : " (" + detail + ")");
    }

    /** The server's whole text, with values of rows. It is for the ledger only: the values stay in the database. */
    public static String words(SQLException e) {
        var server = serverMessage(e);
        if (server == null) return ofDriver(e);
        var words = new StringBuilder(String.valueOf(server.getMessage()));
        if (server.getDetail() != null)
            words.append(" (").append(server.getDetail()).append(')');
        if (server.getHint() != null) words.append("; hint: ").append(server.getHint());
        if (server.getWhere() != null) words.append("; context: ").append(server.getWhere());
        return words.toString();
    }

    /** Whether {@link #text} leaves something out. */
    private static boolean isCut(SQLException e) {
        var server = serverMessage(e);
        if (server == null) return false;
        return !text(e).equals(whole(server));
    }

    /** The driver puts the message of the network into the cause. */
    private static String ofDriver(SQLException e) {
        if (e.getCause() instanceof SilentServer silent) return String.valueOf(silent.getMessage());
        return e.getCause() instanceof IOException io
                ? e.getMessage() + " (" + io + ")"
                : String.valueOf(e.getMessage());
    }

    /** The server's hint; null for none, and where it may contain values of rows. */
    public static @Nullable String hint(SQLException e) {
        var server = serverMessage(e);
        if (server == null) return null;
        return isBeforeAnyStatement(e) ? server.getHint() : new RowContents(server, statement(e)).hint();
    }

    /** The position in the statement's text, in characters from 1; 0 where the server did not name one. */
    public static int position(SQLException e) {
        var server = serverMessage(e);
        return server == null ? 0 : server.getPosition();
    }

    /**
     * The failure that ends the run.
     *
     * @param context the task that failed, such as {@code step 2 (add mood)}; the message opens with it
     */
    public static MigrationFailure failure(String context, SQLException e) {
        var reason = switch (kind(e)) {
            case REPEAT -> Reason.LockTimeout;
            case CONNECTION_LOST -> Reason.ConnectionLost;
            case SERVER_FAULT -> Reason.ServerFault;
            case ACCESS_DENIED -> Reason.AccessDenied;
            case CANCELLED, PERMANENT -> Reason.SqlError;
        };
        var cut = isCut(e)
                ? " (values of rows are left out here; the database keeps the server's full message in the ledger's"
                        + " table event: cairn.event by default, WHERE event = 'ServerSaid')"
                : "";
        return new MigrationFailure(reason, context + ": " + text(e) + cut, e.getSQLState(), hint(e), words(e), e);
    }

    private static @Nullable ServerErrorMessage serverMessage(SQLException e) {
        return e instanceof PSQLException server ? server.getServerErrorMessage() : null;
    }
}
