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
 * What a migration is: fixed once it has started, and compared by its {@link Checksum}. Whatever may change while it runs
 * is in {@link Settings}.
 *
 * @param migration its name in the ledger
 * @param work what it does
 * @param dryRun how it is only tried; null to carry it out, so that such plans keep their hash
 */
public record Plan(Identity migration, Work work, @Nullable DryRun dryRun) {

    /** @throws IllegalArgumentException if a dry run is asked of what has no batches */
    public Plan {
        require(
                dryRun == null || work instanceof Work.Backfill,
                "mode: DryRun needs over: only a walk in batches can be estimated");
    }

    /** To be carried out. */
    public Plan(Identity migration, Work work) {
        this(migration, work, null);
    }

    /**
     * Looks at the database, and leaves it as it is.
     *
     * @param execute whether a few batches run and are rolled back, to measure them
     * @param settings a digest of the settings that the forecast is for; null where that does not matter
     */
    public record DryRun(boolean execute, @Nullable String settings) {
        /** Whatever the settings are. */
        public DryRun(boolean execute) {
            this(execute, null);
        }
    }

    /**
     * The same, where a dry run with other settings is another plan: what it foretells depends on them.
     *
     * @param settings a digest
     */
    public Plan foretoldFor(String settings) {
        return dryRun == null ? this : new Plan(migration, work, new DryRun(dryRun.execute(), settings));
    }

    /**
     * {@code sha256:} and 64 hexadecimal digits over {@link #toJson()}: names the plan on its way from the operator to the
     * runner. The ledger compares a {@link Checksum}, which does not change with the JSON.
     */
    public String hash() {
        return Digest.sha256(this::writeTo);
    }

    /** Its canonical form: the same plan gives the same bytes in every version of Cairn that can read it. */
    public byte[] toJson() {
        var json = new ByteArrayOutputStream();
        writeTo(json);
        return json.toByteArray();
    }

    /** The same bytes, without holding them: a plan may be large. */
    public void writeTo(OutputStream out) {
        Json.write(this, out);
    }

    /** @throws IllegalArgumentException if it is not a plan, or has a field that this version does not know */
    public static Plan fromJson(byte[] json) {
        return Json.readStrictly(new String(json, StandardCharsets.UTF_8), Plan.class);
    }

    /**
     * The same from a stream, without holding its text.
     *
     * @throws IllegalArgumentException as for bytes
     * @throws IOException if the stream cannot be read
     */
    public static Plan fromJson(InputStream json) throws IOException {
        return Json.readStrictly(new InputStreamReader(json, StandardCharsets.UTF_8), Plan.class);
    }
}
