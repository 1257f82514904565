package dev.cairn.runner.schema;

import dev.cairn.runner.ledger.Ledger;
import dev.cairn.runner.ledger.StepRow;
import dev.cairn.runner.session.Transaction;
import dev.cairn.runner.sql.PinnedSql;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The parts' lines in the ledger, as this start writes them: inside the transaction that the session is in. */
final class PartLines {
    /** Undoes what a step may have set. Of synchronous_commit, what is stricter stays. */
    private static final String OURS_AGAIN = PinnedSql.of("""
        SELECT pg_catalog.set_config('statement_timeout', '0', true),
               pg_catalog.set_config('synchronous_commit', CASE WHEN durable = 'off' OR durable = 'local' THEN 'on' ELSE durable END,
                                     true)
          FROM pg_catalog.current_setting('synchronous_commit') AS durable
        """);

    /** After its end, the ledger is written by the role that logged in, whatever role the statements took on. */
    private static final String OURS_AND_OUR_ROLE_AGAIN = "RESET SESSION AUTHORIZATION; RESET ROLE; " + OURS_AGAIN;

    private final Ledger ledger;
    private final UUID token;

    PartLines(Ledger ledger, UUID token) {
        this.ledger = ledger;
        this.token = token;
    }

    /**
     * Names the session as the one that works on the migration, from the commit on.
     *
     * @throws dev.cairn.runner.ledger.FencedException if another start owns the migration
     */
    void join(Session session) throws SQLException {
        ledger.migrations().rejoin(session.connection(), token);
    }

    /**
     * Locks the migration's line until the transaction ends, which waits for the end of a session that was lost.
     *
     * @return the part's line, empty before its first attempt
     * @throws dev.cairn.runner.ledger.FencedException if another start owns the migration
     */
    Optional<StepRow> claim(Session session, Part part) throws SQLException {
        ledger.migrations().rejoin(session.connection(), token);
        return ledger.steps().find(session.connection(), part.ordinal());
    }

    /** @param note what {@link Effect#prepare} found */
    void started(Session session, Part part, @Nullable String note) throws SQLException {
        session.execute(OURS_AGAIN);
        write(session, part, false, note);
    }

    /** @param andThen what commits with it */
    void done(Session session, Part part, @Nullable String note, Transaction.Effect andThen) throws SQLException {
        session.execute(OURS_AND_OUR_ROLE_AGAIN);
        write(session, part, true, note);
        andThen.on(session.connection());
    }

    /** The next start begins the part as if it had never been begun. */
    void forget(Session session, int ordinal) throws SQLException {
        ledger.migrations().rejoin(session.connection(), token);
        ledger.steps().forget(session.connection(), ordinal);
    }

    private void write(Session session, Part part, boolean isDone, @Nullable String note) throws SQLException {
        var row = new StepRow(part.ordinal(), part.name(), part.checksum(), isDone, note, part.covers());
        ledger.steps().write(session.connection(), row);
    }
}
