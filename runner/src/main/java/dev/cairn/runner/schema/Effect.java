package dev.cairn.runner.schema;

import dev.cairn.runner.sql.TransactionMode;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** The effect of a statement outside a transaction on the catalogue, and how to find out whether it took place. */
interface Effect {
    /** The state after an interrupted attempt. */
    enum Left {
        /** The statement took effect. */
        DONE,
        /** It took no effect, and the statement can run again. */
        NOT_DONE,
        /** The catalogue does not show whether it took effect. */
        UNKNOWN
    }

    /** The effect of a part that runs alone. */
    static Effect of(Part part) {
        return switch (part.nature()) {
            case TransactionMode.BuildIndex build -> new IndexBuild(build);
            case TransactionMode.DropIndex drop -> new IndexDrop(drop.index());
            case TransactionMode.Detach detach -> new PartitionDetach(detach);
            case TransactionMode.Reindex reindex -> new ConcurrentReindex(reindex);
            case TransactionMode.Repeatable repeatable -> new Repetition(repeatable.letsTrafficPass());
            case TransactionMode.Untraceable ignored -> new NoTrace();
            case TransactionMode.Call ignored -> new ProcedureCall();
            case TransactionMode.InTransaction ignored ->
                throw new IllegalArgumentException("the ledger tells what a transaction did");
        };
    }

    /** Whether reads and writes continue while it waits for its locks, so that the wait needs no limit. */
    boolean letsTrafficPass();

    /**
     * Checks the catalogue before the first attempt.
     *
     * @return a note for the ledger, null for none
     * @throws dev.cairn.runner.end.MigrationFailure if existing objects make the statement fail or do nothing
     */
    default @Nullable String prepare(Session session) throws SQLException {
        return null;
    }

    /**
     * Runs the statement.
     *
     * @param sql the statement as it is sent
     */
    default void execute(Session session, String sql) throws SQLException {
        session.execute(sql);
    }

    /**
     * Whether a failure of {@link #execute} that the server reported means that nothing took effect, so that a person
     * need not check.
     */
    default boolean failsWhole() {
        return false;
    }

    /**
     * Checks the catalogue after an interrupted attempt, and removes its leftovers.
     *
     * @param note what {@link #prepare} returned
     */
    Left afterInterruption(Session session, @Nullable String note) throws SQLException;

    /**
     * Removes the leftovers of an attempt that failed permanently, at once. It waits for locks no longer than the
     * target allows.
     *
     * @param note what {@link #prepare} returned
     * @return a clause about the leftovers for the failure's message; null if there were none
     */
    default @Nullable String afterFailure(Session session, @Nullable String note) throws SQLException {
        return null;
    }

    /** @throws dev.cairn.runner.end.MigrationFailure if the statement succeeded but took no effect */
    default void confirm(Session session) throws SQLException {}

    /** VACUUM, CLUSTER and the like. */
    record Repetition(boolean letsTrafficPass) implements Effect {
        @Override
        public Left afterInterruption(Session session, @Nullable String note) {
            return Left.NOT_DONE;
        }
    }

    /** CREATE DATABASE and the like. */
    record NoTrace() implements Effect {
        @Override
        public boolean letsTrafficPass() {
            return false;
        }

        @Override
        public Left afterInterruption(Session session, @Nullable String note) {
            return Left.UNKNOWN;
        }

        @Override
        public boolean failsWhole() {
            return true;
        }
    }
}
