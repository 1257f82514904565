package dev.cairn.plan;

import static dev.cairn.plan.Check.require;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What a migration is. It cannot change after the migration has started, and is compared by its {@link Checksum}.
 * {@link Settings} has all that may change while it runs.
 *
 * @param migration its name in the ledger
 * @param work what it does
 * @param dryRun how the dry run works; null to run the migration, so that such plans keep their hash
 */
public record Plan(Identity migration, Work work, @Nullable DryRun dryRun) {

    /** @throws IllegalArgumentException if it is a dry run of work without batches */
    public Plan {
        require(
                dryRun == null || work instanceof Work.Backfill,
                "mode: DryRun needs over: only a walk in batches can be estimated");
    }

    /** A plan that runs the migration. */
    public Plan(Identity migration, Work work) {
        this(migration, work, null);
    }

    /**
     * A dry run: it changes nothing.
     *
     * @param execute whether a few batches run and are rolled back, to measure them
     * @param settings a digest of the settings that the forecast is for; null for any
     */
    public record DryRun(boolean execute, @Nullable String settings) {
        /** A dry run for any settings. */
        public DryRun(boolean execute) {
            this(execute, null);
        }
    }

    /**
     * The plan for these settings. A dry run with other settings is another plan, since its estimate depends on them.
     *
     * @param settings a digest
     */
    public Plan estimatedWith(String settings) {
        return dryRun == null ? this : new Plan(migration, work, new DryRun(dryRun.execute(), settings));
    }

    /**
     * {@code sha256:} and 64 hexadecimal digits over {@link #toJson()}. It identifies the plan between operator and
     * runner. The ledger compares a {@link Checksum}, which does not depend on the JSON.
     */
    public String hash() {
        return Digest.sha256(this::writeTo);
    }

    /** Its canonical form. The same plan gives the same bytes in every version of Cairn that can read it. */
    public byte[] toJson() {
        var json = new ByteArrayOutputStream();
        writeTo(json);
        return json.toByteArray();
    }

    /** Writes the same bytes, without a copy in memory: a plan may be large. */
    public void writeTo(OutputStream out) {
        Json.write(this, out);
    }

    /** @throws IllegalArgumentException if it is not a plan, or has a field that this version does not know */
    public static Plan fromJson(byte[] json) {
        return Json.readStrictly(new String(json, StandardCharsets.UTF_8), Plan.class);
    }

    /**
     * The same from a stream, without a copy of its text in memory.
     *
     * @throws IllegalArgumentException as for bytes
     * @throws IOException if the stream cannot be read
     */
    public static Plan fromJson(InputStream json) throws IOException {
        return Json.readStrictly(new InputStreamReader(json, StandardCharsets.UTF_8), Plan.class);
    }
}
