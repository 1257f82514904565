package dev.cairn.runner.schema;

import dev.cairn.plan.Reason;
import dev.cairn.runner.end.MigrationFailure;
import dev.cairn.runner.ledger.StepRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A comparison of a plan's parts with the ledger.
 *
 * @param undone the parts that are left, in order; of a part that is partly done, the rest
 * @param abandoned the row of a part that was started and then edited, if there is one
 */
record AppliedParts(List<Part> undone, Optional<StepRow> abandoned) {

    /**
     * Compares them. Statements that are done must be unchanged. Others may change, and more may follow.
     *
     * @throws MigrationFailure with {@link Reason#ChecksumMismatch}
     */
    static AppliedParts of(List<Part> parts, List<StepRow> lines) {
        var cursor = new StatementCursor(parts);
        int done = 0;
        for (var line : lines) {
            if (!line.done()) continue;
            if (!cursor.pass(line)) throw mismatch(line, rest(parts, cursor, done));
            done = line.ordinal();
        }
        var undone = rest(parts, cursor, done);
        var abandoned = lines.stream()
                .filter(line -> !line.done() && undone.stream().noneMatch(part -> isStart(line, part)))
                .findFirst();
        return new AppliedParts(undone, abandoned);
    }

    /** The parts that are left, numbered after the existing rows. */
    private static List<Part> rest(List<Part> parts, StatementCursor cursor, int lines) {
        var left = new ArrayList<Part>();
        for (var part : parts) for (var rest : cursor.rest(part)) left.add(rest.at(lines + left.size() + 1));
        return List.copyOf(left);
    }

    private static boolean isStart(StepRow line, Part part) {
        return line.ordinal() == part.ordinal() && line.checksum().equals(part.checksum());
    }

    private static MigrationFailure mismatch(StepRow line, List<Part> left) {
        if (left.isEmpty())
            return mismatch(line.name() + " was applied (" + line.checksum() + ") and the plan has it no more");
        var part = left.getFirst();
        return mismatch(
                line.name() + " was applied as " + line.checksum() + " and is " + part.checksum() + " in the plan");
    }

    private static MigrationFailure mismatch(String difference) {
        return new MigrationFailure(
                Reason.ChecksumMismatch, difference + ": restore it, and put the change into a new migration");
    }
}
