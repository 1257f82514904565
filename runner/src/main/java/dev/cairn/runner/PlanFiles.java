package dev.cairn.runner;

import dev.cairn.plan.Mounts;
import dev.cairn.plan.Plan;
import dev.cairn.plan.Reason;
import dev.cairn.runner.end.MigrationFailure;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** Reads the plan from its mounted parts. */
final class PlanFiles {
    private PlanFiles() {}

    /**
     * @param expected the hash in the Job's arguments
     * @throws MigrationFailure if there is no such plan; the files may be complete at another start
     */
    static Plan read(Path folder, String expected) {
        try {
            var plan = Plan.fromJson(unzipped(joined(folder)));
            if (plan.hash().equals(expected)) return plan;
            throw unreadable("the mounted plan is " + plan.hash() + ", the Job asks for " + expected, null);
        } catch (IOException | IllegalArgumentException e) {
            throw unreadable("the mounted plan cannot be read: " + e.getMessage(), e);
        }
    }

    private static byte[] joined(Path folder) throws IOException {
        var all = new ByteArrayOutputStream();
        for (int n = 0; Files.exists(folder.resolve(Mounts.planPart(n))); n++)
            all.write(Files.readAllBytes(folder.resolve(Mounts.planPart(n))));
        if (all.size() == 0) throw new IOException("no " + Mounts.planPart(0) + " in " + folder);
        return all.toByteArray();
    }

    private static byte[] unzipped(byte[] zipped) throws IOException {
        try (var in = new GZIPInputStream(new ByteArrayInputStream(zipped))) {
            return in.readAllBytes();
        }
    }

    private static MigrationFailure unreadable(String message, @Nullable Throwable cause) {
        return new MigrationFailure(
                Reason.InternalError, message + ": delete the Job, the operator creates it again", null, null, cause);
    }
}
