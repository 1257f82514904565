package dev.cairn.e2e.docs;

import dev.cairn.e2e.Project;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#\\s]+)[^)]*\\)");

    /** Every page of the project. */
    public static List<Page> all() {
        var root = Project.root();
        return Stream.of(
                        "README.md",
                        "CONTRIBUTING.md",
                        "CHANGELOG.md",
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

    /** Where its links lead that stay within the project. */
    public Stream<Path> links() {
        var folder = Project.root().resolve(file).getParent();
        return LINK.matcher(text)
                .results()
                .map(link -> link.group(1))
                .filter(target -> !target.contains("://"))
                .map(target -> folder.resolve(target).normalize());
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
