package dev.cairn.runner.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class AnyTextTest {
    @Property
    void tokensJoinedAreTheText(@ForAll("pieces") String text) {
        try {
            assertThat(Tokenizer.all(text).stream().map(Token::text).collect(Collectors.joining()))
                    .isEqualTo(text);
        } catch (SqlRefused refused) {
            assertThat(refused).hasMessageStartingWith("line ");
        }
    }

    @Property
    void nothingButARefusalIsEverThrown(@ForAll String text) {
        try {
            for (var statement : Script.of(text).statements()) statement.nature();
        } catch (SqlRefused refused) {
            assertThat(refused).hasMessageStartingWith("line ");
        }
    }

    @Property
    void splittingWhatWasSplitAndJoinedGivesTheSameStatements(@ForAll("pieces") String text) {
        List<String> once;
        try {
            once = texts(text);
        } catch (SqlRefused refused) {
            return;
        }
        assertThat(texts(String.join(";\n", once))).isEqualTo(once);
    }

    @Property
    void noTextInsideALiteralSplits(@ForAll("pieces") String content) {
        var quoted = "SELECT '" + content.replace("'", "''") + "'";
        var escaped = "SELECT E'" + content.replace("\\", "\\\\").replace("'", "\\'") + "'";
        var named = "SELECT \"" + content.replace("\"", "\"\"") + "\"";
        var dollar = "SELECT $unlikely$" + content + "$unlikely$";
        var comment = "SELECT /* " + content.replace("*", "").replace("/", "") + " */ 1";

        assertThat(texts(String.join(";", quoted, escaped, named, dollar, comment)))
                .containsExactly(quoted, escaped, named, dollar, comment);
    }

    /** Pieces that mean something to the scanner, so that their borders meet. */
    @Provide
    Arbitrary<String> pieces() {
        return Arbitraries.of(
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
                        "\u00a0")
                .list()
                .ofMaxSize(30)
                .map(pieces -> String.join("", pieces));
    }

    private static List<String> texts(String text) {
        return Splitter.split(text).stream().map(Statement::text).toList();
    }
}
