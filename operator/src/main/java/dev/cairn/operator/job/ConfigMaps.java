package dev.cairn.operator.job;

import dev.cairn.crds.Migration;
import dev.cairn.plan.Json;
import dev.cairn.plan.Mounts;
import dev.cairn.plan.Plan;
import dev.cairn.plan.Settings;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** The files of a Job. */
public final class ConfigMaps {
    /** A ConfigMap holds 1 MiB with its metadata. */
    private static final int PART_BYTES = 900 * 1024;

    /** The largest JSON of a plan: JSON may double each character, and adds names. */
    private static final int MAX_JSON_BYTES = (int) (2 * PlanSize.MAX_BYTES) + (1 << 20);

    /** More ConfigMaps than the largest plan needs. Users can create others under the next names. */
    public static final int MOST_PARTS = (int) (PlanSize.MAX_BYTES / PART_BYTES) + 2;

    private ConfigMaps() {}

    /** The gzipped plan, in pieces that fit into ConfigMaps. */
    public static List<byte[]> pieces(Plan plan) {
        var pieces = new PieceStream(PART_BYTES);
        try (var out = new GZIPOutputStream(pieces)) {
            plan.writeTo(out);
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail to be written", e);
        }
        return pieces.all();
    }

    /**
     * The immutable ConfigMap of one piece of a plan. Make one at a time: all of them together take more memory than
     * the pieces.
     *
     * @param job from the API server; with its UID as owner, the files are deleted with it
     * @param n the number of the piece, from 0
     */
    public static ConfigMap part(Migration migration, Job job, int n, byte[] piece) {
        return new ConfigMapBuilder()
                .withMetadata(
                        file(migration, job, Names.planPart(job.getMetadata().getName(), n)))
                .withImmutable(true)
                .withBinaryData(Map.of(Mounts.planPart(n), Base64.getEncoder().encodeToString(piece)))
                .build();
    }

    /**
     * The plan in these pieces. A user may have written them, and a small file can unpack to a huge one. So this
     * measures the unpacked plan before it parses it.
     *
     * @param large called before a large plan is in memory
     * @throws IllegalArgumentException if they are not a plan
     */
    public static Plan plan(List<byte[]> pieces, Runnable large) {
        try (var measured = unpacked(pieces);
                var json = unpacked(pieces)) {
            long bytes = measured.skip(MAX_JSON_BYTES + 1L);
            if (bytes > MAX_JSON_BYTES)
                throw new IllegalArgumentException("unpacks to more than %d MiB".formatted(MAX_JSON_BYTES >> 20));
            if (bytes >= PlanSize.SMALL) large.run();
            return Plan.fromJson(json);
        } catch (IOException e) {
            throw new IllegalArgumentException("not a gzipped plan: " + e.getMessage(), e);
        }
    }

    private static InputStream unpacked(List<byte[]> pieces) throws IOException {
        var zipped = pieces.stream().map(ByteArrayInputStream::new).toList();
        return new GZIPInputStream(new SequenceInputStream(Collections.enumeration(zipped)));
    }

    /** The ConfigMap of what may change while the Job runs. */
    public static ConfigMap settings(Migration migration, Job job, Settings settings) {
        var meta = file(migration, job, Names.settings(job.getMetadata().getName()));
        // The cache has only metadata. This annotation shows whether the content is current.
        meta.getAnnotations().put(Labels.SETTINGS, JobManifest.settingsHash(settings));
        return new ConfigMapBuilder()
                .withMetadata(meta)
                .withData(Map.of(Mounts.SETTINGS_FILE, Json.write(settings)))
                .build();
    }

    /** Metadata of one of Cairn's objects that is deleted with its Job. */
    private static ObjectMeta file(Migration migration, Job job, String name) {
        return new ObjectMetaBuilder(meta(migration, name))
                .withOwnerReferences(new OwnerReferenceBuilder()
                        .withApiVersion("batch/v1")
                        .withKind("Job")
                        .withName(job.getMetadata().getName())
                        .withUid(job.getMetadata().getUid())
                        .withController(true)
                        .build())
                .build();
    }

    /** Metadata of one of Cairn's objects that is deleted with the migration. */
    static ObjectMeta meta(Migration migration, String name) {
        return new ObjectMetaBuilder()
                .withName(name)
                .withNamespace(migration.getMetadata().getNamespace())
                .withLabels(Labels.of(migration))
                .addToAnnotations(Labels.FULL_NAME, migration.getMetadata().getName())
                .addNewOwnerReference()
                .withApiVersion(migration.getApiVersion())
                .withKind(migration.getKind())
                .withName(migration.getMetadata().getName())
                .withUid(migration.getMetadata().getUid())
                .withController(true)
                .endOwnerReference()
                .build();
    }
}
