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
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/** The files of a Job. */
public final class ConfigMaps {
    /** A ConfigMap holds 1 MiB, its metadata included. */
    private static final int PART_BYTES = 900 * 1024;

    private ConfigMaps() {}

    /** The plan, gzipped, in as many immutable ConfigMaps as it takes. */
    public static List<ConfigMap> plan(Migration migration, String job, Plan plan) {
        var zipped = gzip(plan.toJson());
        var parts = new ArrayList<ConfigMap>();
        for (int from = 0; from < zipped.length; from += PART_BYTES) {
            var part = Arrays.copyOfRange(zipped, from, Math.min(from + PART_BYTES, zipped.length));
            int n = parts.size();
            parts.add(new ConfigMapBuilder()
                    .withMetadata(meta(migration, Names.planPart(job, n)))
                    .withImmutable(true)
                    .withBinaryData(
                            Map.of(Mounts.planPart(n), Base64.getEncoder().encodeToString(part)))
                    .build());
        }
        return parts;
    }

    /** What may change while the Job runs. */
    public static ConfigMap settings(Migration migration, String job, Settings settings) {
        return new ConfigMapBuilder()
                .withMetadata(meta(migration, Names.settings(job)))
                .withData(Map.of(Mounts.SETTINGS_FILE, Json.write(settings)))
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

    private static byte[] gzip(byte[] bytes) {
        var zipped = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(zipped)) {
            out.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail to be written", e);
        }
        return zipped.toByteArray();
    }
}
