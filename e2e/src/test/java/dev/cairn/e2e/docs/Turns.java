package dev.cairn.e2e.docs;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Inversions, metaphors and roundabout passives. The right column of each line says what to write. */
final class Turns {
    private static final Pattern TURNS = Pattern.compile(Stream.of(
                    "anew", // again
                    "(?:is|are|was|were|be) told", // "the message says"
                    "told by",
                    "(?:has|have|had) to be", // "must be", or an active verb
                    "so (?:many|much)", // the number, or "this many"
                    "so long(?: at most)?", // "at most"
                    "nobody'?s?", // name who does not
                    "whoever", // name who
                    "last words?", // "final message"
                    "(?:to )?be had", // "available"
                    "pass(?:es|ed)? over", // "skip", "ignore"
                    "gone on from", // "continues"
                    "foret(?:ells?|old)", // "estimate"
                    "would not help", // "cannot succeed"
                    "its matter",
                    "minds",
                    "all the same", // "still"
                    "gives? way", // "stops"
                    "knows? little",
                    "in a way of",
                    "rather than not",
                    "of its own accord", // "by itself"
                    "thereby",
                    "hence",
                    "goes round",
                    "is worth a word")
            .collect(Collectors.joining("|", "(?i)\\b(?:", ")\\b")));

    private Turns() {}

    /** The sentences with such a turn, each with the turn before it. */
    static List<String> in(Stream<Sentence> sentences) {
        return sentences
                .filter(sentence -> TURNS.matcher(sentence.text()).find())
                .map(sentence -> turn(sentence) + sentence)
                .toList();
    }

    private static String turn(Sentence sentence) {
        var found = TURNS.matcher(sentence.text());
        return found.find() ? "“" + found.group() + "” in " : "";
    }
}
