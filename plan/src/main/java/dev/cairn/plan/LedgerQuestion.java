package dev.cairn.plan;

import static dev.cairn.plan.Check.require;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * A question to a target's ledger about the state of several migrations. It runs none of them. A {@link LedgerAnswer}
 * has a digit for each entry, in this order.
 *
 * @param scope of all of them
 * @param entries at most {@value #MOST_ENTRIES}; an empty list only asks whether the database is reachable
 */
public record LedgerQuestion(String scope, List<Entry> entries) {
    /** The answer for this many fits into a termination message. */
    public static final int MOST_ENTRIES = 3500;

    /** @throws IllegalArgumentException if there are too many entries */
    public LedgerQuestion {
        entries = List.copyOf(entries);
        require(entries.size() <= MOST_ENTRIES, "entries: at most " + MOST_ENTRIES);
    }

    /**
     * One migration.
     *
     * @param kind of the migration
     * @param name of the migration
     * @param checksums that count as the same migration, one for each format; empty to accept any
     */
    public record Entry(MigrationKind kind, String name, List<String> checksums) {
        /** Copies the list. */
        public Entry {
            checksums = checksums == null ? List.of() : List.copyOf(checksums);
        }
    }

    /** 64 hexadecimal digits that name the question. */
    public String hash() {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(Json.write(this).getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Its JSON, gzipped: a full question fits into one ConfigMap. */
    public byte[] zipped() {
        var zipped = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(zipped)) {
            out.write(Json.write(this).getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail to be written", e);
        }
        return zipped.toByteArray();
    }

    /**
     * The question in {@link #zipped} bytes.
     *
     * @throws IllegalArgumentException if they hold something else
     */
    public static LedgerQuestion unzipped(byte[] zipped) {
        try (var in = new GZIPInputStream(new ByteArrayInputStream(zipped))) {
            return Json.read(new String(in.readAllBytes(), StandardCharsets.UTF_8), LedgerQuestion.class);
        } catch (IOException e) {
            throw new IllegalArgumentException("not a LedgerQuestion: " + e.getMessage(), e);
        }
    }
}
