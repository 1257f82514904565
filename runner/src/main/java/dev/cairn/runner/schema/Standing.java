package dev.cairn.runner.schema;

import dev.cairn.plan.Reason;
import dev.cairn.runner.end.MigrationFailure;
import dev.cairn.runner.ledger.StepRow;
import java.util.List;
import java.util.Optional;

/**
 * How a plan's parts compare with what the ledger holds.
 *
 * @param done how many parts are done; they are the first ones
 * @param undone those that are left, in order
 * @param abandoned the line of a part that was started and then edited, if there is one
 */
record Standing(int done, List<Part> undone, Optional<StepRow> abandoned) {

    /**
     * Parts that are done must be as they were; others may change, and more may follow.
     *
     * @throws MigrationFailure with {@link Reason#ChecksumMismatch}
     */
    static Standing of(List<Part> parts, List<StepRow> lines) {
        int done = 0;
        Optional<StepRow> abandoned = Optional.empty();
        for (var line : lines) {
            if (line.done()) {
                requireSame(parts, line);
                done = line.ordinal();
            } else if (!line.checksum().equals(checksumAt(parts, line.ordinal()))) {
                abandoned = Optional.of(line);
            }
        }
        return new Standing(done, parts.subList(done, parts.size()), abandoned);
    }

    private static void requireSame(List<Part> parts, StepRow line) {
        if (line.ordinal() > parts.size())
            throw mismatch(line.name() + " was applied (" + line.checksum() + ") and the plan has it no more");
        var part = parts.get(line.ordinal() - 1);
        if (!part.checksum().equals(line.checksum()))
            throw mismatch(
                    part.name() + " was applied as " + line.checksum() + " and is " + part.checksum() + " in the plan");
    }

    private static String checksumAt(List<Part> parts, int ordinal) {
        return ordinal > parts.size() ? "" : parts.get(ordinal - 1).checksum();
    }

    private static MigrationFailure mismatch(String difference) {
        return new MigrationFailure(
                Reason.ChecksumMismatch, difference + ": restore it, and put the change into a new migration");
    }
}
