package dev.cairn.e2e.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.e2e.Project;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every link within the project leads to a file, and to a heading where it names one. */
class LinksTest {
    @Test
    void everyLinkLeadsToAFileOrAHeading() {
        assertThat(Page.all().stream().flatMap(LinksTest::dead)).isEmpty();
    }

    @Test
    void theIndexLeadsToEveryPage() {
        var index = page(Path.of("docs/index.md")).orElseThrow();
        var linked = index.links().map(link -> link.file(index)).collect(Collectors.toSet());
        assertThat(Page.all())
                .filteredOn(page -> page.file().startsWith("docs") && !page.equals(index))
                .filteredOn(page -> !linked.contains(Project.root().resolve(page.file())))
                .isEmpty();
    }

    @Test
    void anAnchorIsItsHeadingAsGitHubWritesIt() {
        var page = new Page(
                Path.of("page.md"), "# What `:batch` is, and why\n## Once\n## Once\n```sh\n# no heading\n```\n");
        assertThat(page.anchors()).containsExactly("what-batch-is-and-why", "once", "once-1");
    }

    private static Stream<String> dead(Page page) {
        return page.links().filter(link -> !leads(page, link)).map(link -> page + ": " + link);
    }

    private static boolean leads(Page page, Page.Link link) {
        var file = link.file(page);
        if (!Files.exists(file)) return false;
        return link.anchor().isEmpty()
                || page(Project.root().relativize(file))
                        .filter(target -> target.anchors().contains(link.anchor()))
                        .isPresent();
    }

    private static Optional<Page> page(Path file) {
        return Page.all().stream()
                .filter(page -> Objects.equals(page.file(), file))
                .findFirst();
    }
}
