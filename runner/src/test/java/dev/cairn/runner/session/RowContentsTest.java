package dev.cairn.runner.session;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.util.ServerErrorMessage;

/** Messages as the server sends them, also those that a test's server has no language for. */
class RowContentsTest {
    private static final String STATEMENT =
            "UPDATE public.\"Orders\" SET n = q::regclass, colour = 'new blue' WHERE id = 7";

    private static String text(String statement, String... fields) {
        return new RowContents(new ServerErrorMessage(String.join("\0", fields) + "\0"), statement).text();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            relation "%s" does not exist                    | relation "…" does not exist
            Relation »%s« existiert nicht                   | Relation "…" existiert nicht
            Relation „%s“ existiert nicht                   | Relation "…" existiert nicht
            la relation « %s » n'existe pas                 | la relation "…" n'existe pas
            l'objet ‘%s’ n’existe pas                       | l'objet "…" n’existe pas
            no existe la relación «%s»                      | no existe la relación "…"
            отношение "%s" не существует                    | отношение "…" не существует
            リレーション"%s"は存在しません                      | リレーション"…"は存在しません
            リレーション「%s」は存在しません                    | リレーション"…"は存在しません
            关系 “%s” 不存在                                 | 关系 "…" 不存在
            relation '%s' does not exist                    | relation "…" does not exist
            relation ‚%s‘ does not exist                    | relation "…" does not exist
            relation `%s' does not exist                    | relation "…" does not exist
            """)
    void aValueIsLeftOutInAnyLanguageAndANameOfTheStatementStays(String message, String cut) {
        for (var value : new String[] {"secret", "it's \"secret\"", "secret» «", "colours", "blue new", "::"})
            assertThat(text(STATEMENT, "SERROR", "C42P01", "M" + message.formatted(value)))
                    .isEqualTo(cut);
        for (var name : new String[] {"public.Orders", "Orders", "colour", "new blue"}) {
            var named = message.formatted(name);
            assertThat(text(STATEMENT, "SERROR", "C42P01", "M" + named)).isEqualTo(named);
        }
    }

    @Test
    void oneValueThatIsNotKnownHidesAllBetweenTheFirstMarkAndTheLast() {
        assertThat(text(STATEMENT, "C42601", "Msyntax error in tsquery: \"colour\" secret \"x\""))
                .isEqualTo("syntax error in tsquery: \"…\"");
        assertThat(text(STATEMENT, "C42601", "Msyntax error at or near \"secret"))
                .isEqualTo("syntax error at or near \"…\"");
    }

    @Test
    void objectsThatTheServerNamesByFieldsStay() {
        var message = "update or delete on table \"parent\" violates foreign key constraint \"fk\" on table \"child\"";
        assertThat(text("DELETE FROM parent", "C23503", "M" + message, "tchild", "nfk", "DKey (id)=(7) is referenced"))
                .isEqualTo(message);
        assertThat(text("", "C23503", "M" + message, "tchild", "nfk")).isEqualTo("update or delete on table \"…\"");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            40P01 | deadlock detected        | Process 71 waits for ShareLock on transaction 805; blocked by process 72.
            55P03 | canceling statement due to lock timeout        |
            57014 | canceling statement due to statement timeout   |
            53100 | could not extend file: No space left on device |
            53300 | sorry, too many clients already                |
            54011 | tables can have at most 1600 columns           |
            57P01 | terminating connection due to administrator command |
            42501 | permission denied for table invoices           |
            2BP01 | cannot drop table "Orders" because other objects depend on it | view v2 depends on table invoices
            """)
    void whatNamesObjectsProcessesAndLimitsStays(String state, String message, String detail) {
        var whole = detail == null ? message : message + " (" + detail + ")";
        assertThat(text(STATEMENT, "C" + state, "M" + message, detail == null ? "SERROR" : "D" + detail))
                .isEqualTo(whole);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            42883 | operator does not exist: secret                             | operator does not exist: …
            42601 | improper relation name (too many dotted names): a.b.secret  | improper relation name (too many dotted names): …
            42883 | function secret(integer) does not exist                     | …(integer) does not exist
            42883 | function Jane Doe() does not exist                          | …() does not exist
            42704 | large object 4711 does not exist                            | large object … does not exist
            XX000 | cache lookup failed for type 4711                           | cache lookup failed for type …
            XX000 | parse error: Jane Doe                                       | parse error: …
            42704 | large object 7 does not exist                               | large object 7 does not exist
            42P02 | there is no parameter $1                                    | there is no parameter $1
            """)
    void whatIsNotQuotedIsLeftOutWhereItMayComeFromARow(String state, String message, String cut) {
        assertThat(text(STATEMENT, "C" + state, "M" + message)).isEqualTo(cut);
    }

    @Test
    void whatTheServerFoundInTheStatementItselfStaysWhole() {
        var message = "function lowr(text) does not exist";
        assertThat(text("", "C42883", "M" + message, "P8")).isEqualTo(message);
        assertThat(text("", "C42883", "M" + message, "P8", "WPL/pgSQL function f() line 1 at EXECUTE"))
                .isEqualTo("…(text) does not exist");
    }

    @Test
    void namesOfSqlThatAFunctionBuiltAreLeftOutAndThoseOfItsOwnTextStay() {
        var message = "column o.Jane Doe does not exist";
        var query = "SELECT o.\"Jane Doe\" FROM orders o";
        var place = "WPL/pgSQL function f() line 1 at ";
        assertThat(text("SELECT f()", "C42703", "M" + message, "p8", "q" + query, place + "EXECUTE"))
                .isEqualTo("column ….… … does not exist");
        assertThat(text("SELECT f()", "C42703", "M" + message, "p8", "q" + query, place + "SQL statement"))
                .isEqualTo(message);
        assertThat(text("DO '" + query + "'", "C42703", "M" + message, "p8", "q" + query, place + "EXECUTE"))
                .isEqualTo(message);
        assertThat(text(
                        "SELECT f()",
                        "C42501",
                        "Mpermission denied for table secret",
                        "WSQL statement \"TABLE secret\""))
                .isEqualTo("permission denied for table …");
    }

    @Test
    void aLockTimeoutInAFunctionStaysWhole() {
        assertThat(text(
                        "CALL work()",
                        "C55P03",
                        "Mcanceling statement due to lock timeout",
                        "WSQL statement \"LOCK t\""))
                .isEqualTo("canceling statement due to lock timeout");
    }

    @Test
    void dataExceptionsShowNoValueWhateverTheStatementSays() {
        assertThat(text(STATEMENT, "C22P02", "Minvalid input syntax for type integer: \"colour\"", "P8"))
                .isEqualTo("invalid input syntax for type integer: \"…\"");
        assertThat(text(STATEMENT, "C22003", "Mvalue 7 is out of range")).isEqualTo("value … is out of range");
    }

    @Test
    void errorsThatOtherLanguagesRaiseAreLeftOutToo() {
        assertThat(text(STATEMENT, "CXX000", "MJane Doe", "Rdo_util_elog"))
                .isEqualTo("a function raised an error, whose words may hold values (SQLSTATE XX000)");
    }
}
