package dev.cairn.runner.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScriptTest {
    @Test
    void aTextIsSplitAtItsSemicolonsAndEachStatementKnowsItsPlace() {
        var script = Script.of("-- a header\nCREATE TABLE a (id int);\n\n  DROP TABLE b -- and why\n;;");

        assertThat(texts(script)).containsExactly("CREATE TABLE a (id int)", "DROP TABLE b");
        assertThat(script.statements().getLast().place()).hasToString("line 4, column 3");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT 'a;b'",
                "SELECT 'it''s;'",
                "SELECT 'no escape \\'",
                "SELECT E'an escape \\';'",
                "SELECT E'a' -- continues\n  'b\\';'",
                "SELECT U&'d\\0061t;a', U&\"n;\"",
                "SELECT B'1;', X'f;', N';'",
                "SELECT \"a;\"\"b;\"",
                "SELECT 1 /* a; /* b; */ c; */ + 1",
                "SELECT 1 -- a;\n + 1",
                "SELECT $$a;$b$;$$",
                "SELECT $tag$a;$$;$tagg$;$tag$",
                "SELECT $ä$a;$ä$",
                "SELECT a$$b, $1",
                "CREATE RULE r AS ON INSERT TO t DO (DELETE FROM a; DELETE FROM b)",
                "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT 2; END",
                "CREATE OR REPLACE PROCEDURE f() LANGUAGE sql BEGIN ATOMIC "
                        + "SELECT CASE WHEN a THEN CASE b WHEN 1 THEN 2 END END; DELETE FROM t; END",
                "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT t.end AS end FROM t; SELECT 2; END",
                "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN 1; END $$",
                "DO $$ BEGIN PERFORM 1; END $$",
                "SET client_encoding = 'UTF8'",
            })
    void aSemicolonInsideSomethingEndsNothing(String statement) {
        assertThat(texts(Script.of(statement + "; SELECT 1;"))).containsExactly(statement, "SELECT 1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SELECT 1;\\connect other        | line 1, column 10 | \"\\connect\" is a command of psql",
                "SELECT 1 \\gset                 | line 1, column 10 | \"\\gset\" is a command of psql",
                "COPY t (a) FROM STDIN; 1 ' \\.  | line 1, column 1  | COPY … FROM STDIN",
                "COPY (SELECT 1) TO STDOUT       | line 1, column 1  | COPY … TO STDOUT",
                "SET client_encoding = 'LATIN1'  | line 1, column 1  | sent as UTF-8",
                "SET LOCAL datestyle TO german   | line 1, column 1  | style ISO",
                "SELECT 'a                       | line 1, column 8  | close it with '",
                "SELECT E'a\\'                   | line 1, column 8  | close it with '",
                "SELECT \"a                      | line 1, column 8  | close it with \"",
                "SELECT $x$ $$                   | line 1, column 8  | close it with $x$",
                "SELECT /* /* */                 | line 1, column 8  | comments nest",
                "SELECT 1; COMMIT; SELECT 2      | line 1, column 11 | Cairn begins and ends the transaction",
                "BEGIN; SELECT 2                 | line 1, column 1  | Cairn begins and ends the transaction",
                "BEGIN; COMMIT; BEGIN; COMMIT    | line 1, column 8  | Cairn begins and ends the transaction",
                "BEGIN ISOLATION LEVEL SERIALIZABLE; SELECT 1; COMMIT | line 1, column 1 | Cairn begins and ends",
                "START TRANSACTION; ROLLBACK     | line 1, column 1  | Cairn begins and ends the transaction",
                "SAVEPOINT a                     | line 1, column 1  | Cairn begins and ends the transaction",
                "PREPARE TRANSACTION 'a'         | line 1, column 1  | Cairn begins and ends the transaction",
                "BEGIN; VACUUM t; COMMIT         | line 1, column 8  | refuses this statement between BEGIN and COMMIT",
            })
    void whatCannotBeRunIsRefusedWithItsPlaceAndAdvice(String text, String place, String why) {
        assertThatThrownBy(() -> Script.of(text))
                .isInstanceOf(SqlRefused.class)
                .hasMessageStartingWith(place + ": ")
                .hasMessageContaining(why);
    }

    @ParameterizedTest
    @CsvSource({"BEGIN, COMMIT", "begin work, end", "START TRANSACTION, COMMIT TRANSACTION"})
    void oneTransactionAroundEverythingIsTakenOff(String begin, String commit) {
        assertThat(texts(Script.of(begin + "; SELECT 1; SELECT 2;\n" + commit + ";")))
                .containsExactly("SELECT 1", "SELECT 2");
    }

    @Test
    void theMarksOfPgDumpArePassedOver() {
        assertThat(texts(Script.of("\\restrict abc\nSELECT 1;\n\n\\unrestrict abc\n")))
                .containsExactly("SELECT 1");
    }

    @Test
    void aPositionOfTheServerLeadsBackToLineAndColumnOfTheText() {
        var script = Script.of("SELECT 1;\nSELECT '🪨',\n  nonsense");

        // the server counts characters of the statement it was sent: SELECT '🪨',⏎␣␣ are 14 of them
        var place = script.statements().getLast().placeOf(15);

        assertThat(place).isEqualTo(new TextPosition(3, 3, "nonsense"));
    }

    private static List<String> texts(Script script) {
        return script.statements().stream().map(Statement::text).toList();
    }
}
