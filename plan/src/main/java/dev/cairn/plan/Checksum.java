package dev.cairn.plan;

import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/**
 * By which the ledger knows a plan again. All of these are {@code sha256:} and 64 hexadecimal digits.
 *
 * @param format1 over the plan's JSON, without a dry run. Version 0.1 of Cairn wrote it, and compares it still
 * @param format2 over {@link ChecksumText}: what runs, and for which migration
 * @param content the same without scope and names: equal where the same change is meant for another database
 * @param verify over the text of the verify query, which is not a part of what runs; null for none
 */
public record Checksum(
        String format1,
        String format2,
        String content,
        @Nullable String verify) {
    /** The newest format. The ledger keeps the number beside each checksum. */
    public static final int FORMAT = 2;

    /** Of a plan, whether it is carried out or only tried. */
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
