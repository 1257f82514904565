package dev.cairn.operator.report;

import dev.cairn.crds.MigrationStatus;
import dev.cairn.crds.MigrationStatus.Change;
import dev.cairn.operator.decide.Verdict;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The last changes of phase. Where a migration alternates between two phases, as between work and holds, the middle is
 * left out.
 */
final class History {
    private static final int LONGEST = 20;

    private History() {}

    static List<Change> after(@Nullable MigrationStatus before, Verdict verdict, Instant now) {
        var history = new ArrayList<Change>();
        if (before != null && before.history() != null) history.addAll(before.history());
        if (before != null && before.phase() == verdict.phase()) return List.copyOf(history);
        var event = event(verdict);
        int size = history.size();
        if (size >= 4 && goesToAndFro(history.subList(size - 4, size), event))
            history.subList(size - 3, size - 1).clear();
        history.add(new Change(now.truncatedTo(ChronoUnit.SECONDS).toString(), event));
        return List.copyOf(history.subList(Math.max(0, history.size() - LONGEST), history.size()));
    }

    /** Whether it returns to the phase before its last change. */
    static boolean goesBack(@Nullable MigrationStatus before, Verdict verdict) {
        var history = before == null || before.history() == null ? List.<Change>of() : before.history();
        return history.size() >= 2 && history.get(history.size() - 2).event().equals(event(verdict));
    }

    private static String event(Verdict verdict) {
        return verdict.phase() + "/" + verdict.reason();
    }

    private static boolean goesToAndFro(List<Change> lastFour, String event) {
        return lastFour.get(0).event().equals(event)
                && lastFour.get(2).event().equals(event)
                && lastFour.get(1).event().equals(lastFour.get(3).event());
    }
}
