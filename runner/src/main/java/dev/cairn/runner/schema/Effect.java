package dev.cairn.runner.schema;

import dev.cairn.runner.sql.TransactionMode;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** What a statement outside a transaction does to the catalogue, and how to tell whether it did. */
interface Effect {
    /** What an interrupted attempt asks for. */
    enum Left {
        /** The effect is there. */
        DONE,
        /** It is not, and nothing is in the way: the statement runs again. */
        NOT_DONE,
        /** Nothing can tell. */
        UNKNOWN
    }

    /** The effect of a part that is alone. */
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

    /** Whether reads and writes go on while it waits for its locks, so that it may wait as long as it takes. */
    boolean letsTrafficPass();

    /**
     * Looks before the first attempt.
     *
     * @return what to remember of it, null for nothing
     * @throws dev.cairn.runner.end.MigrationFailure if what is there already makes the statement fail or do nothing
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

    /** Whether a failure of {@link #execute} that the server told says that nothing took effect, so that nobody has to look. */
    default boolean failsWhole() {
        return false;
    }

    /**
     * Looks after an interrupted attempt, and clears away what it left.
     *
     * @param note what {@link #prepare} returned
     */
    Left afterInterruption(Session session, @Nullable String note) throws SQLException;

    /**
     * Clears away at once what an attempt left that failed for good, and waits no longer for locks than the target allows.
     *
     * @param note what {@link #prepare} returned
     * @return what became of it, for the failure's message; null if there was nothing
     */
    default @Nullable String afterFailure(Session session, @Nullable String note) throws SQLException {
        return null;
    }

    /** @throws dev.cairn.runner.end.MigrationFailure if the statement succeeded without having its effect */
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
