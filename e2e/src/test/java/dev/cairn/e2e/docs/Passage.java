package dev.cairn.e2e.docs;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A piece of a page's text that stands alone. Code blocks, front matter and comments belong to no passage.
 *
 * @param file of the page
 * @param line where it begins, from 1
 * @param kind what it is
 * @param text on one line, with its markup
 */
record Passage(Path file, int line, Kind kind, String text) {
    private static final Pattern ITEM = Pattern.compile("^(?:[-*]|\\d+\\.) +");
    private static final Pattern CELL_BORDER = Pattern.compile("(?<!\\\\)\\|");
    private static final Pattern CODE = Pattern.compile("``.+?``|`[^`]*`");
    private static final Pattern LINK = Pattern.compile("!?\\[([^\\]]*)\\]\\([^)]*\\)");
    private static final Pattern EMPHASIS = Pattern.compile("([*_]{1,2})(?=\\S)(.+?)(?<=\\S)\\1(?!\\w)");
    private static final Pattern END =
            Pattern.compile("(?<=[.!?])[\"”)]*\\s+(?=[A-Z0-9\"“(]|code\\b|kubectl|[a-z]+[A-Z])");

    /** What a passage is. */
    enum Kind {
        /** A paragraph, or an item of a list. */
        RUNNING_TEXT,
        HEADING,
        /** A cell of a table. */
        CELL
    }

    /** The passages of a page, in order. */
    static List<Passage> of(Page page) {
        var reader = new Reader(page.file());
        page.text().lines().forEach(reader::line);
        reader.endParagraph();
        return reader.passages;
    }

    /** Its sentences. A piece of code in it counts as one word. */
    List<Sentence> sentences() {
        var plain = CODE.matcher(text).replaceAll("code");
        plain = LINK.matcher(plain).replaceAll("$1");
        plain = EMPHASIS.matcher(plain).replaceAll("$2");
        plain = plain.replaceAll("<[^>]+>", " ");
        return Stream.of(END.split(plain, -1))
                .filter(sentence -> sentence.chars().anyMatch(Character::isLetter))
                .map(sentence -> new Sentence(file, line, kind, sentence.strip()))
                .toList();
    }

    private static final class Reader {
        private final Path file;
        private final List<Passage> passages = new ArrayList<>();
        private final StringBuilder paragraph = new StringBuilder();
        private int number;
        private int began;
        private boolean code;
        private boolean frontMatter;
        private boolean comment;

        Reader(Path file) {
            this.file = file;
        }

        void line(String whole) {
            number++;
            var line = whole.strip();
            if (isLeftOut(line)) endParagraph();
            else if (line.startsWith("#")) single(Kind.HEADING, line.replaceAll("^#+ *", ""));
            else if (line.startsWith("|")) cells(line);
            else text(line);
        }

        private boolean isLeftOut(String line) {
            if (line.startsWith("```")) {
                code = !code;
                return true;
            }
            if (line.equals("---") && (number == 1 || frontMatter)) {
                frontMatter = !frontMatter;
                return true;
            }
            boolean inside = code || frontMatter || comment || line.startsWith("<!--");
            if (inside && !code) comment = !frontMatter && !line.endsWith("-->");
            return inside || line.isEmpty();
        }

        private void single(Kind kind, String text) {
            endParagraph();
            passages.add(new Passage(file, number, kind, text));
        }

        private void cells(String line) {
            for (var cell : CELL_BORDER.split(line, -1)) if (!cell.isBlank()) single(Kind.CELL, cell.strip());
        }

        private void text(String line) {
            if (ITEM.matcher(line).find()) endParagraph();
            if (paragraph.isEmpty()) began = number;
            else paragraph.append(' ');
            paragraph.append(ITEM.matcher(line).replaceFirst(""));
        }

        void endParagraph() {
            if (paragraph.isEmpty()) return;
            passages.add(new Passage(file, began, Kind.RUNNING_TEXT, paragraph.toString()));
            paragraph.setLength(0);
        }
    }
}
