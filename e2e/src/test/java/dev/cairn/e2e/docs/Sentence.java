package dev.cairn.e2e.docs;

import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * A sentence of the documentation.
 *
 * @param file of its page
 * @param line where its passage begins
 * @param kind of its passage
 * @param text without markup; code is the word {@code code}
 */
record Sentence(Path file, int line, Passage.Kind kind, String text) {
    /** How many words it has. */
    int words() {
        return (int) Stream.of(text.split("\\s+", -1))
                .filter(word -> word.chars().anyMatch(Character::isLetterOrDigit))
                .count();
    }

    /** Where it is, and the sentence. */
    @Override
    public String toString() {
        return file + ":" + line + ": " + text;
    }
}
