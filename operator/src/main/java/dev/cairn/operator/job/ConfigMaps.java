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
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** The files of a Job. */
public final class ConfigMaps {
    /** A ConfigMap holds 1 MiB, its metadata included. */
    private static final int PART_BYTES = 900 * 1024;

    /** Of the largest plan, where JSON writes each character in two; and its names. */
    private static final int MAX_JSON_BYTES = (int) (2 * PlanSize.MAX_BYTES) + (1 << 20);

    private ConfigMaps() {}

    /** The plan, gzipped, in as many pieces as it takes to fit into ConfigMaps. */
    public static List<byte[]> pieces(Plan plan) {
        var zipped = gzip(plan);
        var pieces = new ArrayList<byte[]>();
        for (int from = 0; from < zipped.length; from += PART_BYTES)
            pieces.add(Arrays.copyOfRange(zipped, from, Math.min(from + PART_BYTES, zipped.length)));
        return pieces;
    }

    /**
     * An immutable ConfigMap for each piece of a plan.
     *
     * @param job as the API server knows it: its UID makes the files go with it
     */
    public static List<ConfigMap> plan(Migration migration, Job job, List<byte[]> pieces) {
        var parts = new ArrayList<ConfigMap>();
        for (int n = 0; n < pieces.size(); n++)
            parts.add(new ConfigMapBuilder()
                    .withMetadata(file(
                            migration, job, Names.planPart(job.getMetadata().getName(), n)))
                    .withImmutable(true)
                    .withBinaryData(
                            Map.of(Mounts.planPart(n), Base64.getEncoder().encodeToString(pieces.get(n))))
                    .build());
        return parts;
    }

    /**
     * The plan in these pieces. Others may have written them: little can unpack to much.
     *
     * @param large called before more than a small plan is unpacked
     * @throws IllegalArgumentException if they are not a plan
     */
    public static Plan plan(List<byte[]> pieces, Runnable large) {
        var zipped = new ByteArrayOutputStream();
        pieces.forEach(zipped::writeBytes);
        try (var in = new GZIPInputStream(new ByteArrayInputStream(zipped.toByteArray()))) {
            var start = in.readNBytes((int) PlanSize.SMALL);
            if (start.length < PlanSize.SMALL) return Plan.fromJson(start);
            large.run();
            var json = Arrays.copyOf(start, MAX_JSON_BYTES);
            int length = start.length + in.readNBytes(json, start.length, MAX_JSON_BYTES - start.length);
            if (in.read() >= 0)
                throw new IllegalArgumentException("unpacks to more than %d MiB".formatted(MAX_JSON_BYTES >> 20));
            return Plan.fromJson(Arrays.copyOf(json, length));
        } catch (IOException e) {
            throw new IllegalArgumentException("not a gzipped plan: " + e.getMessage(), e);
        }
    }

    /** What may change while the Job runs. */
    public static ConfigMap settings(Migration migration, Job job, Settings settings) {
        var meta = file(migration, job, Names.settings(job.getMetadata().getName()));
        // The cache keeps metadata alone: this tells whether the content is still right.
        meta.getAnnotations().put(Labels.SETTINGS, JobManifest.settingsHash(settings));
        return new ConfigMapBuilder()
                .withMetadata(meta)
                .withData(Map.of(Mounts.SETTINGS_FILE, Json.write(settings)))
                .build();
    }

    /** Ours, and gone with its Job. */
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

    /** Ours, and gone with the migration. */
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

    private static byte[] gzip(Plan plan) {
        var zipped = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(zipped)) {
            plan.writeTo(out);
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail to be written", e);
        }
        return zipped.toByteArray();
    }
}
