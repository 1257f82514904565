package dev.cairn.runner.schema;

import dev.cairn.plan.Reason;
import dev.cairn.runner.end.MigrationFailure;
import dev.cairn.runner.session.Transaction;
import dev.cairn.runner.sql.TransactionMode;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * CREATE INDEX CONCURRENTLY. Interrupted or failed, it leaves an INVALID index, which takes part in every write and
 * answers no query. Such an index is dropped only where the ledger recorded that the name was free before our attempt.
 */
record IndexBuild(TransactionMode.BuildIndex build) implements Effect {
    /** A note that opens with it says that the index it names did not exist before our attempt. */
    private static final String ABSENT = "absent before: ";

    @Override
    public boolean letsTrafficPass() {
        return true;
    }

    @Override
    public @Nullable String prepare(Session session) throws SQLException {
        var found = IndexState.of(session.connection(), build);
        return switch (found.standing()) {
            case ABSENT -> ABSENT + found.name();
            // IF NOT EXISTS leaves it as it is; without it the server refuses, in its own words.
            case VALID, NO_TABLE -> null;
            case INVALID ->
                throw failure(found.name() + " exists but is INVALID, and this migration did not begin it: see in "
                        + "pg_stat_progress_create_index whether it is still being built; "
                        + "if not, DROP INDEX CONCURRENTLY " + found.name() + " and start again");
            case FOREIGN -> throw failure(found.name() + " exists already and is not an index on " + build.table());
        };
    }

    @Override
    public Left afterInterruption(Session session, @Nullable String note) throws SQLException {
        LeftoverIndex.dropRenamed(session);
        if (IndexState.of(session.connection(), build).standing() != IndexState.Standing.NO_TABLE)
            awaitOtherBuilds(session, build.table());
        var found = IndexState.of(session.connection(), build);
        return switch (found.standing()) {
            case VALID -> Left.DONE;
            case ABSENT, NO_TABLE -> Left.NOT_DONE;
            case FOREIGN -> throw failure(found.name() + " exists already and is not an index on " + build.table());
            case INVALID -> {
                if (!(ABSENT + found.name()).equals(note))
                    throw failure(found.name() + " is INVALID, and it was there before this migration's attempt: "
                            + "DROP INDEX CONCURRENTLY " + found.name() + " if nobody builds it, and start again");
                var leftover = LeftoverIndex.named(session.connection(), found.name());
                // Mended or dropped meanwhile: looks again.
                yield leftover.isPresent() && leftover.get().drop(session)
                        ? Left.NOT_DONE
                        : afterInterruption(session, note);
            }
        };
    }

    @Override
    public @Nullable String afterFailure(Session session, @Nullable String note) throws SQLException {
        if (note == null || !note.startsWith(ABSENT)) return null;
        var index = note.substring(ABSENT.length());
        var leftover = LeftoverIndex.named(session.connection(), index);
        return leftover.isEmpty() ? null : leftover.get().dropInTime(session);
    }

    @Override
    public void confirm(Session session) throws SQLException {
        var found = IndexState.of(session.connection(), build);
        if (found.standing() != IndexState.Standing.VALID)
            throw failure(found.name() + " is not valid after its build: see the server's log, and start again");
    }

    /** Every build holds this lock on its table: a lost session's build may still be running. */
    static void awaitOtherBuilds(Session session, String table) throws SQLException {
        Transaction.run(
                session.connection(),
                ignored -> session.execute("LOCK TABLE " + table + " IN SHARE UPDATE EXCLUSIVE MODE"));
    }

    /**
     * Drops what a build left that nobody will finish.
     *
     * @param note of that build
     */
    static void clear(Session session, @Nullable String note) throws SQLException {
        if (note == null || !note.startsWith(ABSENT)) return;
        session.lockTimeout(0, false);
        LeftoverIndex.dropRenamed(session);
        var leftover = LeftoverIndex.named(session.connection(), note.substring(ABSENT.length()));
        if (leftover.isPresent()) leftover.get().drop(session);
    }

    private static MigrationFailure failure(String why) {
        return new MigrationFailure(Reason.InvalidSpec, "index " + why);
    }
}
