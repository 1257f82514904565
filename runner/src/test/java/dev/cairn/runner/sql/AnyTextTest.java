package dev.cairn.runner.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.cases.Any;
import dev.cairn.cases.Cases;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class AnyTextTest {
    private static final int CASES = 1000;

    /** They mean something to the scanner, so that their borders meet. */
    private static final List<String> PIECES = List.of(
            ";",
            "'",
            "\"",
            "\\",
            "$$",
            "$a$",
            "$1",
            "/*",
            "*/",
            "--",
            "\n",
            "\r\n",
            " ",
            "E'",
            "e",
            "U&'",
            "U&\"",
            ":",
            "::",
            ":batch",
            ":=",
            "(",
            ")",
            "a",
            "ä",
            "🪨",
            "1",
            "1.",
            ".",
            "..",
            "0x1F",
            "BEGIN",
            "ATOMIC",
            "END",
            "CASE",
            "CREATE FUNCTION",
            "CREATE INDEX CONCURRENTLY",
            "COPY",
            "FROM STDIN",
            "\\restrict",
            "AS",
            "\0",
            "\u00a0");

    @Test
    void tokensJoinedAreTheText() {
        Cases.check(CASES, any -> {
            var text = pieces(any);
            try {
                assertThat(Tokenizer.all(text).stream().map(Token::text).collect(Collectors.joining()))
                        .isEqualTo(text);
            } catch (SqlRefused refused) {
                assertThat(refused).hasMessageStartingWith("line ");
            }
        });
    }

    @Test
    void nothingButARefusalIsEverThrown() {
        Cases.check(CASES, any -> {
            var text = any.text(50);
            try {
                for (var statement : Script.of(text).statements()) statement.nature();
            } catch (SqlRefused refused) {
                assertThat(refused).hasMessageStartingWith("line ");
            }
        });
    }

    @Test
    void splittingWhatWasSplitAndJoinedGivesTheSameStatements() {
        Cases.check(CASES, any -> {
            var text = pieces(any);
            List<String> once;
            try {
                once = texts(text);
            } catch (SqlRefused refused) {
                return;
            }
            assertThat(texts(String.join(";\n", once))).isEqualTo(once);
        });
    }

    @Test
    void noTextInsideALiteralSplits() {
        Cases.check(CASES, any -> {
            var content = pieces(any);
            var quoted = "SELECT '" + content.replace("'", "''") + "'";
            var escaped = "SELECT E'" + content.replace("\\", "\\\\").replace("'", "\\'") + "'";
            var named = "SELECT \"" + content.replace("\"", "\"\"") + "\"";
            var dollar = "SELECT $unlikely$" + content + "$unlikely$";
            var comment = "SELECT /* " + content.replace("*", "").replace("/", "") + " */ 1";

            assertThat(texts(String.join(";", quoted, escaped, named, dollar, comment)))
                    .containsExactly(quoted, escaped, named, dollar, comment);
        });
    }

    private static String pieces(Any any) {
        return any.some(30, () -> any.of(PIECES)).collect(Collectors.joining());
    }

    private static List<String> texts(String text) {
        return Splitter.split(text).stream().map(Statement::text).toList();
    }
}
