package dev.cairn.plan;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What a migration is: fixed once it has started, and compared by its {@link #hash()}. Whatever may change while it
 * runs is in {@link Settings}.
 *
 * @param migration its name in the ledger
 * @param work what it does
 */
public record Plan(Identity migration, Work work) {

    /** {@code sha256:} and 64 hexadecimal digits over {@link #toJson()}: the plan's checksum everywhere. */
    public String hash() {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            return "sha256:" + HexFormat.of().formatHex(digest.digest(toJson()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Its canonical form: the same plan gives the same bytes in every version of Cairn that can read it. */
    public byte[] toJson() {
        return Json.write(this).getBytes(StandardCharsets.UTF_8);
    }

    /** @throws IllegalArgumentException if it is not a plan, or has a field that this version does not know */
    public static Plan fromJson(byte[] json) {
        return Json.read(new String(json, StandardCharsets.UTF_8), Plan.class);
    }
}
