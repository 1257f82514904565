package dev.cairn.runner.schema;

import dev.cairn.runner.ledger.StepRow;
import dev.cairn.runner.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A place between the statements of a plan, moved along the lines that the ledger has as done. A line says by its checksum
 * which statements it covers, however the step was cut into parts when it was written: another version may cut it
 * elsewhere, and what is applied stays applied.
 */
final class StatementCursor {
    /** How a part's name ends, where its step has several. The ledger has such names for ever. */
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

    /** Whether nothing is left behind it. */
    boolean isAtTheEnd() {
        return step == steps.size();
    }

    /**
     * Moves past what a line covers.
     *
     * @return false, and nothing moves, if the plan does not go on with what the line covers
     */
    boolean pass(StepRow line) {
        if (isAtTheEnd()) return false;
        int end = endOf(line.checksum());
        boolean endsStep = end == steps.get(step).size();
        // What follows the last statement of a step that was done was added to it later.
        if (end < 0 || (endedItsStep(line) && !endsStep)) return false;
        statement = endsStep ? 0 : end;
        if (endsStep) step++;
        return true;
    }

    /** What is left of a part: all of it, its last statements, or nothing. */
    List<Part> rest(Part part) {
        if (part.step() < step) return List.of();
        if (part.step() > step) return List.of(part);
        int covered = statement - (part.firstStatement() - 1);
        if (covered <= 0) return List.of(part);
        return covered < part.statements().size() ? List.of(part.after(covered)) : List.of();
    }

    /** How many statements of this step are covered when those up to there have this checksum; -1 for none. */
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
