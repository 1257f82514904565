package dev.cairn.e2e.docs;

import dev.cairn.e2e.Project;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A Java file, read for its English.
 *
 * @param file relative to the project's folder
 * @param code all of it
 */
record JavaSource(Path file, String code) {
    private static final String STRING = "\"(?:\\\\.|[^\"\\\\\\n])*+\"";
    private static final Pattern TOKEN = Pattern.compile("(?<comment>(?s:/\\*.*?\\*/)|//[^\\n]*)"
            + "|(?<block>(?s:\"\"\".*?(?<!\\\\)\"\"\"))|(?<string>" + STRING + ")|'(?:\\\\.|[^'\\\\])+'");
    private static final Pattern MARGIN = Pattern.compile("(?m)^\\s*(?:/\\*\\*?|\\*(?!/)|//)|\\*/");
    private static final Pattern TAG =
            Pattern.compile("(?m)^[ \\t]*(?:@(?:param|throws)\\s+\\S+|@\\w+|<p>|<li>)[ \\t]*");
    private static final Pattern INLINE = Pattern.compile("\\{@\\w+\\s+([^}]*)\\}");

    /** Strings that are added up, with names or calls between them. */
    private static final Pattern SUM =
            Pattern.compile(STRING + "(?:\\s*\\+\\s*(?:" + STRING + "|\\w[\\w.]*+(?:\\([^()\"]*\\))?))*");

    private static final Pattern OPENS_DESCRIPTION = Pattern.compile("(?:Description\\(|message =)\\s*$");
    private static final Pattern NOT_ENGLISH =
            Pattern.compile("^\\W*(?:[A-Z]{3,} (?:[a-z*\"]|[A-Z]{2})|WITH |--)|&&|self\\.");
    private static final int WORDS_OF_A_MESSAGE = 4;

    /** The files that a module compiles. */
    static List<JavaSource> ofModule(String module) {
        var root = Project.root();
        try (var files = Files.walk(root.resolve(module).resolve("src/main/java"))) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .sorted()
                    .map(file -> new JavaSource(root.relativize(file), read(file)))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The sentences of Javadoc and comments. Each of Javadoc's tags begins a new one. */
    Stream<Sentence> comments() {
        var text = new StringBuilder();
        int end = 0;
        for (var token : TOKEN.matcher(code).results().toList()) {
            if (token.group("comment") == null) continue;
            var before = code.substring(end, token.start());
            boolean afterCode = !before.substring(before.lastIndexOf('\n') + 1).isBlank();
            text.append(blank(before)).append(afterCode ? "- " : "").append(prose(token.group()));
            end = token.end();
        }
        return Passage.of(new Page(file, text.toString())).stream().flatMap(passage -> passage.sentences().stream());
    }

    /** The sentences that {@code kubectl explain} and a refused {@code kubectl apply} show. */
    Stream<Sentence> descriptions() {
        return strings(OPENS_DESCRIPTION.asPredicate());
    }

    /** The sentences of other texts in quotes, as far as they look like English. A name in a sum is one word. */
    Stream<Sentence> messages() {
        return strings(OPENS_DESCRIPTION.asPredicate().negate())
                .filter(sentence -> sentence.words() >= WORDS_OF_A_MESSAGE);
    }

    private Stream<Sentence> strings(Predicate<String> opening) {
        var strings = TOKEN.matcher(code).replaceAll(this::onlyStrings);
        return SUM.matcher(strings)
                .results()
                .filter(sum -> opening.test(strings.substring(Math.max(0, sum.start() - 60), sum.start())))
                .map(sum -> new Passage(file, line(sum.start()), Passage.Kind.RUNNING_TEXT, text(sum.group())))
                .filter(passage -> !NOT_ENGLISH.matcher(passage.text()).find())
                .flatMap(passage -> passage.sentences().stream());
    }

    private String onlyStrings(MatchResult token) {
        var text = token.group("string") == null ? blank(token.group()) : token.group();
        return text.replace("\\", "\\\\").replace("$", "\\$");
    }

    /** The text of a sum of strings. */
    private static String text(String sum) {
        return sum.replaceAll("\"\\s*\\+\\s*\"", "")
                .replaceAll("\"\\s*\\+[^\"]*(?:\\+\\s*\"|$)", "code")
                .replaceAll("^\"|\"$|\\\\.", "");
    }

    /** A comment without its margin, in Markdown. */
    private static String prose(String comment) {
        var prose = MARGIN.matcher(comment).replaceAll("");
        prose = INLINE.matcher(prose).replaceAll("`$1`");
        return TAG.matcher(prose).replaceAll("- ");
    }

    private static String blank(String code) {
        return code.replaceAll("[^\\n]", " ");
    }

    private int line(int at) {
        return 1 + (int) code.substring(0, at).chars().filter(c -> c == '\n').count();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
