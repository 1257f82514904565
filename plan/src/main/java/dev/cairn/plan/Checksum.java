package dev.cairn.plan;

import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/**
 * The checksums by which the ledger recognizes a plan. Each is {@code sha256:} and 64 hexadecimal digits.
 *
 * @param format1 over the plan's JSON, without a dry run. Version 0.1 of Cairn writes and compares it
 * @param format2 over {@link ChecksumText}: what runs, and for which migration
 * @param content the same without scope and names: equal for the same change of another database
 * @param verify over the text of the verify query, which {@code format2} leaves out; null for none
 */
public record Checksum(
        String format1,
        String format2,
        String content,
        @Nullable String verify) {
    /** The newest format. The ledger keeps the number beside each checksum. */
    public static final int FORMAT = 2;

    /** The checksums of a plan. A dry run has those of the plan itself. */
    public static Checksum of(Plan plan) {
        var verify = verify(plan.work());
        return new Checksum(
                new Plan(plan.migration(), plan.work()).hash(),
                Digest.sha256((OutputStream out) -> ChecksumText.write(plan, out)),
                Digest.sha256((OutputStream out) -> ChecksumText.writeContent(plan.work(), out)),
                verify == null ? null : Digest.sha256(verify));
    }

    private static @Nullable String verify(Work work) {
        return switch (work) {
            case Work.Schema ignored -> null;
            case Work.Backfill backfill -> backfill.verify();
            case Work.Once once -> once.verify();
            case Work.Container container -> container.verify();
        };
    }
}
