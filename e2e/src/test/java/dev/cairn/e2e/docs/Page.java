package dev.cairn.e2e.docs;

import dev.cairn.e2e.Project;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A page of the documentation.
 *
 * @param file relative to the project's folder
 * @param text in Markdown
 */
public record Page(Path file, String text) {
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```(\\w+)\\n(.*?)^```$");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#\\s]*)(?:#([^)\\s]*))?\\)");

    /** Every page of the project. */
    public static List<Page> all() {
        var root = Project.root();
        return Stream.of(
                        "README.md",
                        "CONTRIBUTING.md",
                        "CHANGELOG.md",
                        "SECURITY.md",
                        "docs",
                        "examples",
                        "e2e/README.md",
                        "e2e/cluster")
                .map(root::resolve)
                .filter(Files::exists)
                .flatMap(Page::filesUnder)
                .filter(file -> file.toString().endsWith(".md"))
                .map(file -> new Page(root.relativize(file), read(file)))
                .toList();
    }

    /** Every manifest of the examples, as a page of its own. */
    public static List<Page> examples() {
        var root = Project.root();
        return filesUnder(root.resolve("examples"))
                .filter(file -> file.toString().endsWith(".yaml"))
                .map(file -> new Page(root.relativize(file), read(file)))
                .toList();
    }

    /** The texts of its code blocks in a language. */
    public List<String> blocks(String language) {
        return BLOCK.matcher(text)
                .results()
                .filter(block -> block.group(1).equals(language))
                .map(block -> block.group(2))
                .toList();
    }

    /** The lines of its shell blocks, without comments, those that go on with a backslash put together. */
    public Stream<String> commands() {
        return blocks("sh").stream()
                .map(block -> block.replaceAll("\\\\\\n\\s*", ""))
                .flatMap(String::lines)
                .map(line -> line.replaceAll("(^|\\s)#.*", "").strip())
                .filter(line -> !line.isEmpty());
    }

    /** Its links that stay within the project. */
    public Stream<Link> links() {
        return LINK.matcher(text)
                .results()
                .filter(link -> !link.group(1).contains("://"))
                .map(link -> new Link(link.group(1), Objects.requireNonNullElse(link.group(2), "")));
    }

    /** What a link may name after its {@code #}: each heading as GitHub writes it. */
    public List<String> anchors() {
        var anchors = new ArrayList<String>();
        Passage.of(this).stream()
                .filter(passage -> passage.kind() == Passage.Kind.HEADING)
                .map(heading -> anchor(heading.text()))
                .forEach(anchor -> {
                    long before = anchors.stream()
                            .filter(other -> other.replaceAll("-\\d+$", "").equals(anchor))
                            .count();
                    anchors.add(before == 0 ? anchor : anchor + "-" + before);
                });
        return anchors;
    }

    private static String anchor(String heading) {
        return heading.toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N} _-]", "")
                .replace(' ', '-');
    }

    /**
     * A link within the project.
     *
     * @param target a path from the page's folder; empty for the page itself
     * @param anchor of a heading; empty for none
     */
    public record Link(String target, String anchor) {
        /** Where it leads from a page. */
        public Path file(Page page) {
            var file = Project.root().resolve(page.file());
            return target.isEmpty() ? file : file.resolveSibling(target).normalize();
        }

        @Override
        public String toString() {
            return anchor.isEmpty() ? target : target + "#" + anchor;
        }
    }

    @Override
    public String toString() {
        return file.toString();
    }

    private static Stream<Path> filesUnder(Path fileOrFolder) {
        try (var files = Files.walk(fileOrFolder)) {
            return files.filter(Files::isRegularFile).sorted().toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
