package dev.cairn.runner.schema;

import dev.cairn.runner.ledger.Ledger;
import dev.cairn.runner.ledger.StepRow;
import dev.cairn.runner.session.Transaction;
import dev.cairn.runner.sql.PinnedSql;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Writes the parts' rows in the ledger, inside the session's transaction. */
final class PartLines {
    /** Undoes settings of a step. A stricter synchronous_commit stays. */
    private static final String OURS_AGAIN = PinnedSql.of("""
        SELECT pg_catalog.set_config('statement_timeout', '0', true),
               pg_catalog.set_config('synchronous_commit', CASE WHEN durable = 'off' OR durable = 'local' THEN 'on' ELSE durable END,
                                     true)
          FROM pg_catalog.current_setting('synchronous_commit') AS durable
        """);

    /** After the statements, the login role writes the ledger, also where the statements changed the role. */
    private static final String OURS_AND_OUR_ROLE_AGAIN = "RESET SESSION AUTHORIZATION; RESET ROLE; " + OURS_AGAIN;

    private final Ledger ledger;
    private final UUID token;

    PartLines(Ledger ledger, UUID token) {
        this.ledger = ledger;
        this.token = token;
    }

    /**
     * Registers the session as the migration's worker, from the commit on.
     *
     * @throws dev.cairn.runner.ledger.FencedException if another start owns the migration
     */
    void join(Session session) throws SQLException {
        ledger.migrations().rejoin(session.connection(), token);
    }

    /**
     * Locks the migration's row until the transaction ends. It waits for the end of a lost session.
     *
     * @return the part's row, empty before its first attempt
     * @throws dev.cairn.runner.ledger.FencedException if another start owns the migration
     */
    Optional<StepRow> claim(Session session, Part part) throws SQLException {
        ledger.migrations().rejoin(session.connection(), token);
        return ledger.steps().find(session.connection(), part.ordinal());
    }

    /** @param note the note of {@link Effect#prepare} */
    void started(Session session, Part part, @Nullable String note) throws SQLException {
        session.execute(OURS_AGAIN);
        write(session, part, false, note);
    }

    /** @param andThen commits with it */
    void done(Session session, Part part, @Nullable String note, Transaction.Effect andThen) throws SQLException {
        session.execute(OURS_AND_OUR_ROLE_AGAIN);
        write(session, part, true, note);
        andThen.on(session.connection());
    }

    /** Deletes the part's row, so that the next start begins the part from the start. */
    void forget(Session session, int ordinal) throws SQLException {
        ledger.migrations().rejoin(session.connection(), token);
        ledger.steps().forget(session.connection(), ordinal);
    }

    private void write(Session session, Part part, boolean isDone, @Nullable String note) throws SQLException {
        var row = new StepRow(part.ordinal(), part.name(), part.checksum(), isDone, note, part.covers());
        ledger.steps().write(session.connection(), row);
    }
}
