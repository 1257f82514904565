package dev.cairn.plan;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.Consumer;

/** Computes hashes. All types of this package use it. */
final class Digest {
    private Digest() {}

    /** {@code sha256:} and 64 hexadecimal digits, over the text in UTF-8. */
    static String sha256(String text) {
        return sha256(text.getBytes(StandardCharsets.UTF_8));
    }

    /** {@code sha256:} and 64 hexadecimal digits. */
    static String sha256(byte[] bytes) {
        return text(algorithm().digest(bytes));
    }

    /** The same over what is written, without a copy in memory. */
    static String sha256(Consumer<OutputStream> content) {
        var digest = algorithm();
        content.accept(new DigestOutputStream(OutputStream.nullOutputStream(), digest));
        return text(digest.digest());
    }

    private static String text(byte[] hash) {
        return "sha256:" + HexFormat.of().formatHex(hash);
    }

    private static MessageDigest algorithm() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
