package dev.cairn.runner.schema;

import dev.cairn.plan.Json;
import dev.cairn.plan.Reason;
import dev.cairn.runner.end.MigrationFailure;
import dev.cairn.runner.schema.ReindexScope.Suspect;
import dev.cairn.runner.sql.TransactionMode;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * REINDEX … CONCURRENTLY. An interrupted or failed attempt leaves an INVALID index: the new one ({@code _ccnew}) or,
 * after the exchange, the old one ({@code _ccold}). The server drops neither. Cairn drops such an index only in one
 * case: the ledger recorded that its name was free before this migration's attempt, and another index of the table has
 * the same definition.
 */
record ConcurrentReindex(TransactionMode.Reindex reindex) implements Effect {
    private static final String PREFIX = "reindex: ";

    /**
     * What the ledger records before the first attempt.
     *
     * @param scope the indexes that the command may rebuild
     * @param transientNames of the indexes in it that had a name in the form of REINDEX CONCURRENTLY
     */
    private record Before(ReindexScope scope, List<String> transientNames) {
        static @Nullable Before of(@Nullable String note) {
            return note == null || !note.startsWith(PREFIX)
                    ? null
                    : Json.read(note.substring(PREFIX.length()), Before.class);
        }

        boolean isOurs(Suspect suspect) {
            return suspect.invalid()
                    && suspect.transientName()
                    && suspect.copy()
                    && !transientNames.contains(suspect.name());
        }
    }

    @Override
    public boolean letsTrafficPass() {
        return true;
    }

    @Override
    public String prepare(Session session) throws SQLException {
        var scope = ReindexScope.of(session.connection(), reindex);
        var suspects = scope.suspects(session.connection());
        // REINDEX INDEX rebuilds its index, also an INVALID one. The other forms skip an INVALID index.
        if (scope.of() != TransactionMode.Reindex.Of.INDEX) requireNone(suspects);
        var names = suspects.stream()
                .filter(Suspect::transientName)
                .map(Suspect::name)
                .toList();
        return PREFIX + Json.write(new Before(scope, names));
    }

    @Override
    public Left afterInterruption(Session session, @Nullable String note) throws SQLException {
        clear(session, note);
        var suspects = ReindexScope.of(session.connection(), reindex).suspects(session.connection());
        boolean isKnown = Before.of(note) != null;
        if (scopeIsWide() || !isKnown)
            requireNone(suspects.stream()
                    .filter(suspect -> scopeIsWide() || (suspect.transientName() && suspect.copy()))
                    .toList());
        return Left.NOT_DONE;
    }

    @Override
    public @Nullable String afterFailure(Session session, @Nullable String note) throws SQLException {
        var before = Before.of(note);
        if (before == null) return null;
        var said = new ArrayList<String>();
        for (var suspect : before.scope().suspects(session.connection())) {
            var leftover = leftover(session, before, suspect);
            if (leftover.isPresent()) said.add(leftover.get().dropInTime(session));
        }
        return said.isEmpty() ? null : String.join("; ", said);
    }

    @Override
    public void confirm(Session session) throws SQLException {
        requireNone(ReindexScope.of(session.connection(), reindex).suspects(session.connection()).stream()
                .filter(suspect -> scopeIsWide() || suspect.named())
                .toList());
    }

    /**
     * Drops the leftovers of an attempt that will not be finished. First it waits for builds that may still run.
     *
     * @param note of that attempt; with the note of another statement this does nothing
     */
    static void clear(Session session, @Nullable String note) throws SQLException {
        var before = Before.of(note);
        if (before == null) return;
        session.lockTimeout(0, false);
        LeftoverIndex.dropRenamed(session);
        for (var suspect : before.scope().suspects(session.connection())) {
            if (!before.isOurs(suspect)) continue;
            // DROP INDEX CONCURRENTLY takes the same lock. That is enough for tables that LOCK TABLE does not accept.
            if (suspect.lockable()) IndexBuild.awaitOtherBuilds(session, suspect.table());
            var leftover = leftover(session, before, suspect);
            if (leftover.isPresent()) leftover.get().drop(session);
        }
    }

    private static Optional<LeftoverIndex> leftover(Session session, Before before, Suspect suspect)
            throws SQLException {
        return before.isOurs(suspect) ? LeftoverIndex.named(session.connection(), suspect.name()) : Optional.empty();
    }

    private boolean scopeIsWide() {
        return reindex.of() != TransactionMode.Reindex.Of.INDEX;
    }

    private static void requireNone(List<Suspect> suspects) {
        for (var suspect : suspects) {
            if (!suspect.invalid() || suspect.busy()) continue;
            throw new MigrationFailure(
                    Reason.InvalidSpec,
                    "index " + suspect.name() + " is INVALID, and this migration did not make it: REINDEX CONCURRENTLY "
                            + "does not mend it here. DROP INDEX CONCURRENTLY " + suspect.name()
                            + " if it is the leftover of a build"
                            + (suspect.transientName() ? "" : ", or REINDEX INDEX CONCURRENTLY " + suspect.name())
                            + ", and start again");
        }
    }
}
