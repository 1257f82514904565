package dev.cairn.runner.schema;

import dev.cairn.runner.sql.Statement;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * The checksum of a row of the ledger's table {@code step}, format 1. It is SHA-256 over the texts of its statements,
 * joined by {@code ;} and a line feed, without the text before and between them.
 */
final class StatementDigest {
    private final MessageDigest digest;
    private boolean empty = true;

    StatementDigest() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** {@code sha256:} and 64 hexadecimal digits. */
    static String of(List<Statement> statements) {
        var digest = new StatementDigest();
        statements.forEach(digest::add);
        return digest.value();
    }

    void add(Statement statement) {
        digest.update(((empty ? "" : ";\n") + statement.text()).getBytes(StandardCharsets.UTF_8));
        empty = false;
    }

    /** The checksum of the statements so far. */
    String value() {
        try {
            var soFar = (MessageDigest) digest.clone();
            return "sha256:" + HexFormat.of().formatHex(soFar.digest());
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("SHA-256 can be cloned", e);
        }
    }
}
