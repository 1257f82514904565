package dev.cairn.runner.schema;

import dev.cairn.runner.ledger.StepRow;
import dev.cairn.runner.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A place between the statements of a plan. It moves along the ledger's rows that are done. The checksum of a row shows
 * which statements it covers. So it does not matter how the step was cut into parts at that time. Another version may
 * cut it differently, and applied statements stay applied.
 */
final class StatementCursor {
    /** The end of a part's name, where its step has several parts. The ledger keeps such names for ever. */
    private static final Pattern PART = Pattern.compile(", part (\\d+) of (\\d+)$");

    /** The statements of each step. */
    private final List<List<Statement>> steps = new ArrayList<>();

    private int step;
    private int statement;

    StatementCursor(List<Part> parts) {
        for (var part : parts) {
            if (part.step() == steps.size()) steps.add(new ArrayList<>());
            steps.getLast().addAll(part.statements());
        }
    }

    /** Whether no statement is left. */
    boolean isAtTheEnd() {
        return step == steps.size();
    }

    /**
     * Moves past the statements that a row covers.
     *
     * @return false if the next statements of the plan are not those of the row; then the cursor stays
     */
    boolean pass(StepRow line) {
        if (isAtTheEnd()) return false;
        int end = endOf(line.checksum());
        boolean endsStep = end == steps.get(step).size();
        // The row ended its step, and the plan has more statements there: they were added later.
        if (end < 0 || (endedItsStep(line) && !endsStep)) return false;
        statement = endsStep ? 0 : end;
        if (endsStep) step++;
        return true;
    }

    /** The rest of a part: all of it, its last statements, or nothing. */
    List<Part> rest(Part part) {
        if (part.step() < step) return List.of();
        if (part.step() > step) return List.of(part);
        int covered = statement - (part.firstStatement() - 1);
        if (covered <= 0) return List.of(part);
        return covered < part.statements().size() ? List.of(part.after(covered)) : List.of();
    }

    /** The number of statements of this step up to the one where the checksum matches; -1 for no match. */
    private int endOf(String checksum) {
        var statements = steps.get(step);
        var digest = new StatementDigest();
        if (statements.isEmpty()) return digest.value().equals(checksum) ? 0 : -1;
        for (int i = statement; i < statements.size(); i++) {
            digest.add(statements.get(i));
            if (digest.value().equals(checksum)) return i + 1;
        }
        return -1;
    }

    private static boolean endedItsStep(StepRow line) {
        var part = PART.matcher(line.name());
        return !part.find() || part.group(1).equals(part.group(2));
    }
}
