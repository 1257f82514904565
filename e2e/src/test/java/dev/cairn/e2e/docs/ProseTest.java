package dev.cairn.e2e.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The English of the documentation: short sentences, and none of the turns that readers stumble over. */
class ProseTest {
    private static final int LONGEST = 35;
    private static final double MEAN = 15;

    /** Their sentences are those of the API's types and of the metrics. */
    private static final Set<Path> GENERATED =
            Set.of(Path.of("docs/reference/api.md"), Path.of("docs/reference/metrics.md"));

    @Test
    void noSentenceIsLongerThan35Words() {
        assertThat(sentences(pages()))
                .filteredOn(sentence -> sentence.words() > LONGEST)
                .isEmpty();
    }

    @Test
    void noSentenceHasATurnThatReadersStumbleOver() {
        var sentences = pages().stream()
                .flatMap(page -> Passage.of(page).stream())
                .flatMap(passage -> passage.sentences().stream());
        assertThat(Turns.in(sentences)).isEmpty();
    }

    @Test
    void sentencesOfReadmeAndDocsHave15WordsOnAverage() {
        var pages = pages().stream()
                .filter(page -> page.file().startsWith("docs") || page.file().equals(Path.of("README.md")))
                .toList();
        pages.forEach(page -> System.out.println(figures(page.toString(), List.of(page))));
        System.out.println(figures("README and docs", pages));
        assertThat(mean(pages)).isLessThanOrEqualTo(MEAN);
    }

    @Test
    void aPageIsCutIntoSentences() {
        var page = new Page(Path.of("page.md"), """
                ---
                title: not a sentence. Not read.
                ---
                # A heading
                The first one names `spec.a. B`
                and [a link](a.md#b). The second one is 5.5 s long, or so.
                <!-- Not read. -->
                - An item: it has no end
                - Another one

                | `a cell` | what it is |
                ```sh
                echo not read. Not read.
                ```
                """);
        assertThat(Passage.of(page).stream().flatMap(passage -> passage.sentences().stream()))
                .extracting(sentence -> sentence + " " + sentence.words())
                .containsExactly(
                        "page.md:4: A heading 2",
                        "page.md:5: The first one names code and a link. 8",
                        "page.md:5: The second one is 5.5 s long, or so. 9",
                        "page.md:8: An item: it has no end 6",
                        "page.md:9: Another one 2",
                        "page.md:11: code 1",
                        "page.md:11: what it is 3");
    }

    /** The pages that people write for people. The changelog and the harness's pages for developers are left out. */
    private static List<Page> pages() {
        return Page.all().stream()
                .filter(page -> !GENERATED.contains(page.file()))
                .filter(page -> !page.file().startsWith("e2e") && !page.file().equals(Path.of("CHANGELOG.md")))
                .toList();
    }

    private static List<Sentence> sentences(List<Page> pages) {
        return pages.stream()
                .flatMap(page -> Passage.of(page).stream())
                .filter(passage -> passage.kind() != Passage.Kind.HEADING)
                .flatMap(passage -> passage.sentences().stream())
                .toList();
    }

    /** Cells are mostly a few words: they would hide long sentences elsewhere. */
    private static Stream<Sentence> running(List<Page> pages) {
        return sentences(pages).stream().filter(sentence -> sentence.kind() == Passage.Kind.RUNNING_TEXT);
    }

    private static double mean(List<Page> pages) {
        return running(pages).mapToInt(Sentence::words).average().orElse(0);
    }

    private static String figures(String name, List<Page> pages) {
        return "%s: %d sentences, %.1f words on average"
                .formatted(name, running(pages).count(), mean(pages));
    }
}
