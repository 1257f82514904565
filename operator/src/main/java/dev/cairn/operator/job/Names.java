package dev.cairn.operator.job;

import dev.cairn.crds.Api;
import dev.cairn.crds.Migration;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Computes names from the named objects. So a repeated creation finds the first object. */
public final class Names {
    private static final int LONGEST_JOB = 52;
    private static final int HASH_DIGITS = 8;

    private Names() {}

    /** The first Job of a plan. */
    public static String job(Migration migration, String planHash) {
        return job(migration, planHash, 1);
    }

    /**
     * A Job of a plan. Another plan, retry or attempt, or a resource that was deleted and created again, gives another
     * name.
     *
     * @param attempt from 1
     */
    public static String job(Migration migration, String planHash, int attempt) {
        var meta = migration.getMetadata();
        var prefix = switch (migration.migrationKind()) {
            case SchemaMigration -> "smig-";
            case DataMigration -> "dmig-";
        };
        var identity = String.join("\n", migration.reference(), meta.getUid(), planHash, retryToken(migration));
        if (attempt > 1) identity += "\n" + attempt;
        return hashed(LONGEST_JOB, (prefix + meta.getName()).replace('.', '-'), identity);
    }

    /** The ConfigMap with the n-th part of a Job's plan. */
    public static String planPart(String job, int n) {
        return "%s-plan-%03d".formatted(job, n);
    }

    /** The ConfigMap with a Job's settings. */
    public static String settings(String job) {
        return job + "-settings";
    }

    /** The value of {@link Api#RETRY}, shortened where it is long; empty for none. */
    public static String retryToken(HasMetadata object) {
        var annotations = object.getMetadata().getAnnotations();
        return annotations == null ? "" : Labels.value(annotations.getOrDefault(Api.RETRY, ""));
    }

    /** The name itself, if it is short enough. */
    static String within(int longest, String name, String identity) {
        return name.length() <= longest ? name : hashed(longest, name, identity);
    }

    static String hashed(int longest, String name, String identity) {
        var room = longest - HASH_DIGITS - 1;
        var start = name.length() <= room ? name : name.substring(0, room).replaceAll("[-.]+$", "");
        return start + "-" + digest(identity).substring(0, HASH_DIGITS);
    }

    /** SHA-256 in hexadecimal digits. */
    public static String digest(String text) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
