package dev.cairn.e2e.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The English of Java files. Comments and the API's descriptions have no long sentences; no text has a bad turn. */
class JavaProseTest {
    private static final int LONGEST = 40;
    private static final List<String> MODULES = List.of("plan", "crds", "runner", "operator", "e2e");

    @Test
    void noSentenceIsLongerThan40Words() {
        assertThat(sentences().filter(sentence -> sentence.words() > LONGEST)).isEmpty();
    }

    @Test
    void noSentenceHasATurnThatReadersStumbleOver() {
        assertThat(Turns.in(Stream.concat(sentences(), all(JavaSource::messages))))
                .isEmpty();
    }

    @Test
    void theLengthOfSentencesIsPrinted() {
        for (var module : MODULES) {
            System.out.println(figures(module + ", comments", module, JavaSource::comments));
            System.out.println(figures(module + ", messages", module, JavaSource::messages));
        }
        System.out.println(figures("crds, descriptions", "crds", JavaSource::descriptions));
        assertThat(sentences()).isNotEmpty();
    }

    @Test
    void aFileIsCutIntoSentences() {
        var source = new JavaSource(Path.of("A.java"), """
                /**
                 * The first one. The second one names {@code a.
                 * B} here.
                 *
                 * @param a what it is
                 * @throws B why
                 */
                record A() {
                    // A comment over
                    // two lines.
                    int a = 1; // after code
                    int b = '"'; // and again
                    String sql = "SELECT a FROM b";
                    @Description("How \\"it\\" is explained. " + "In two sentences.")
                    String message = "the table " + name.of(a) + " is not there // no comment: " + hint;
                }
                """);
        assertThat(Stream.of(source.comments(), source.descriptions(), source.messages())
                        .flatMap(Function.identity()))
                .hasToString("""
                [A.java:2: The first one., \
                A.java:2: The second one names code here., \
                A.java:5: what it is, \
                A.java:6: why, \
                A.java:9: A comment over two lines., \
                A.java:11: after code, \
                A.java:12: and again, \
                A.java:14: How it is explained., \
                A.java:14: In two sentences., \
                A.java:15: the table code is not there // no comment: code]""");
    }

    private static Stream<Sentence> sentences() {
        return Stream.concat(all(JavaSource::comments), all(JavaSource::descriptions));
    }

    private static Stream<Sentence> all(Function<JavaSource, Stream<Sentence>> part) {
        return MODULES.stream()
                .flatMap(module -> JavaSource.ofModule(module).stream())
                .flatMap(part);
    }

    private static String figures(String name, String module, Function<JavaSource, Stream<Sentence>> part) {
        var words = JavaSource.ofModule(module).stream()
                .flatMap(part)
                .mapToInt(Sentence::words)
                .summaryStatistics();
        return "%s: %d sentences, %.1f words on average, at most %d"
                .formatted(name, words.getCount(), words.getAverage(), words.getMax());
    }
}
