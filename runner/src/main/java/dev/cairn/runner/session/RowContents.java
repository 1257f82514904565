package dev.cairn.runner.session;

import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.ServerErrorMessage;

/**
 * PostgreSQL's message of a failure, without the contents of rows: people who may not read the table can read status,
 * log and Events. A name is shown if it is in the statement, or if the server names it in a separate field of the
 * message. Any other name may come from a row, as in {@code relation "…" does not exist} for a {@code text::regclass}.
 */
final class RowContents {
    /**
     * Classes of SQLSTATE whose DETAIL names objects of the catalogue, processes and limits. The DETAIL of any other
     * class may repeat a row: {@code Failing row contains (…)}, {@code Key (email)=(…) already exists}.
     */
    private static final Set<String> DETAIL_OF_OBJECTS =
            Set.of("08", "0A", "25", "26", "28", "2B", "3D", "3F", "40", "42", "53", "54", "55", "57", "58");

    /** Data exceptions: {@code invalid input syntax for type integer: "…"}. Their messages quote the invalid value. */
    private static final String DATA = "22";

    /** Messages without the value: value too long for type character varying(5), division by zero. */
    private static final Set<String> WITHOUT_VALUE = Set.of("22001", "22012");

    /**
     * Connections, transactions, locks, limits and files. The unquoted parts of their messages are the server's own
     * words.
     */
    private static final Set<String> OF_THE_SERVER = Set.of("08", "25", "28", "40", "53", "55", "57", "58");

    /** Classes whose numbers are sizes and limits. */
    private static final Set<String> WITH_LIMITS = Set.of("23", "2B", "54");

    /** No row, too many rows: PL/pgSQL's own messages, unless RAISE throws them. */
    private static final Set<String> OF_PLPGSQL = Set.of("P0002", "P0003");

    /** Routines that report a function's own message, in PL/pgSQL, PL/Python, PL/Perl, PL/Tcl and PL/v8. */
    private static final Set<String> RAISING_ROUTINES = Set.of(
            "exec_stmt_raise",
            "PLy_output",
            "PLy_elog",
            "PLy_elog_impl",
            "do_util_elog",
            "plperl_util_elog",
            "pltcl_elog",
            "plv8_Elog");

    private static final String ALTER_TYPE = "ATPrepAlterColumnType";

    private static final Pattern RAISED_BY = Pattern.compile("PL/pgSQL function (.+?)(\\(.*\\))? line (\\d+) at RAISE");

    /** SQL that is part of a function's source and is not built at run time. EXECUTE and RETURN QUERY are excluded. */
    private static final Pattern OWN_SQL = Pattern.compile(
            "PL/pgSQL function .+ line \\d+ at (SQL statement|PERFORM|assignment|IF|RETURN)|SQL function \".+\" .+");

    /** A function's name ends at the parenthesis. Its start is unknown: it may have several words. */
    private static final Pattern CALL = Pattern.compile("(?:.*\\s)?[^\\s\"]+(?=\\()", Pattern.DOTALL);

    private static final Pattern LAST_WORDS = Pattern.compile("(?<=: ).+$", Pattern.DOTALL);

    private final ServerErrorMessage said;
    private final SqlText statement;

    /** @param statement as it was sent, without values of rows; empty where unknown */
    RowContents(ServerErrorMessage said, String statement) {
        this.said = said;
        this.statement = new SqlText(statement);
    }

    /** The message, with its detail if the detail contains no values. */
    String text() {
        if (isRaised())
            return "a function raised an error, whose words may hold values" + where() + " (SQLSTATE " + state() + ")";
        var message = shown(String.valueOf(said.getMessage()));
        var detail = said.getDetail();
        return detail == null || !DETAIL_OF_OBJECTS.contains(classOfState())
                ? message
                : message + " (" + shown(detail) + ")";
    }

    /** The hint; null where it may contain values. */
    @Nullable
    String hint() {
        var hint = said.getHint();
        if (hint == null || isRaised() || classOfState().equals(DATA)) return null;
        // "USING colour::integer" has the catalogue's column and type. The statement may spell them differently.
        return ALTER_TYPE.equals(said.getRoutine()) && said.getWhere() == null ? hint : shown(hint);
    }

    private String shown(String words) {
        if (classOfState().equals(DATA))
            return WITHOUT_VALUE.contains(state())
                    ? words
                    : Quoted.withoutNumbers(Quoted.without(words, quoted -> false), number -> false);
        if (isAboutText()) return words;
        return Quoted.without(withoutBuiltNames(words), this::isPublic);
    }

    /**
     * Whether the server found the error in the SQL itself, before any row. Then it names the position in the
     * statement, or in the text of a function.
     */
    private boolean isAboutText() {
        var context = said.getWhere();
        if (said.getInternalQuery() == null) return said.getPosition() > 0 && context == null;
        var innermost = context == null ? "" : context.lines().findFirst().orElse("");
        return OWN_SQL.matcher(innermost).matches() || statement.contains(said.getInternalQuery());
    }

    /** Removes names that PostgreSQL does not quote: names of built SQL, of functions and operators, and numbers. */
    private String withoutBuiltNames(String words) {
        if (OF_THE_SERVER.contains(classOfState())) return words;
        var built = new SqlText(Stream.of(said.getInternalQuery(), said.getWhere())
                .filter(Objects::nonNull)
                .collect(Collectors.joining("\n")));
        var known = Quoted.outside(words, word -> built.names(word) && !isPublic(word) ? "…" : word, SqlText.WORD);
        if (WITH_LIMITS.contains(classOfState())) return known;
        known = Quoted.outside(known, call -> isPublic(call.substring(call.lastIndexOf(' ') + 1)) ? call : "…", CALL);
        known = Quoted.outside(known, last -> isPublic(last) ? last : "…", LAST_WORDS);
        return Quoted.withoutNumbers(known, this::isPublic);
    }

    private boolean isPublic(String name) {
        return statement.contains(name)
                || Stream.of(
                                said.getSchema(),
                                said.getTable(),
                                said.getColumn(),
                                said.getConstraint(),
                                said.getDatatype())
                        .anyMatch(name::equals);
    }

    /** RAISE may use any text and any SQLSTATE. Functions in other languages may, too; they have their own classes. */
    private boolean isRaised() {
        return RAISING_ROUTINES.contains(String.valueOf(said.getRoutine()))
                || (Set.of("P0", "38", "39").contains(classOfState()) && !OF_PLPGSQL.contains(state()));
    }

    /** The function and the line: both come from the source, not from a row. */
    private String where() {
        var context = said.getWhere();
        var raised = context == null
                ? null
                : RAISED_BY.matcher(context.lines().findFirst().orElse(""));
        return raised == null || !raised.lookingAt() ? "" : ": " + raised.group(1) + ", line " + raised.group(3);
    }

    private String classOfState() {
        return state().substring(0, Math.min(2, state().length()));
    }

    private String state() {
        return String.valueOf(said.getSQLState());
    }
}
