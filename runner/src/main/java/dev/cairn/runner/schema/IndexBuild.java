package dev.cairn.runner.schema;

import dev.cairn.plan.Reason;
import dev.cairn.runner.end.MigrationFailure;
import dev.cairn.runner.session.Transaction;
import dev.cairn.runner.sql.TransactionMode;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * CREATE INDEX CONCURRENTLY. An interrupted or failed attempt leaves an INVALID index, which every write updates and no
 * query uses. Cairn drops such an index only if the ledger recorded that its name was free before this migration's
 * attempt.
 */
record IndexBuild(TransactionMode.BuildIndex build) implements Effect {
    /** A note that begins with this text says that its index did not exist before this migration's attempt. */
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
            // With IF NOT EXISTS the index stays as it is. Without it the server refuses the statement.
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
                            + "DROP INDEX CONCURRENTLY " + found.name() + " if no session builds it, and start again");
                var leftover = LeftoverIndex.named(session.connection(), found.name());
                // Another session rebuilt or dropped it meanwhile: checks again.
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

    /** Every build holds this lock on its table. The build of a lost session may still run. */
    static void awaitOtherBuilds(Session session, String table) throws SQLException {
        Transaction.run(
                session.connection(),
                ignored -> session.execute("LOCK TABLE " + table + " IN SHARE UPDATE EXCLUSIVE MODE"));
    }

    /**
     * Drops the leftover of a build that will not be finished.
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
