package dev.cairn.runner.ledger;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A line of {@code range}: a stretch of the key and how far it is walked. A key is the server's text of each column.
 *
 * @param ordinal its place, from 0
 * @param from the key before the first, null for the start of the table
 * @param to the last key, null where the table was empty
 * @param cursor the last key that is committed, null for none
 * @param rows changed so far
 * @param walked keys walked so far
 * @param batches committed so far
 * @param done whether it is at its end
 */
public record RangeRow(
        int ordinal,
        @Nullable List<String> from,
        @Nullable List<String> to,
        @Nullable List<String> cursor,
        long rows,
        long walked,
        long batches,
        boolean done) {}
