package dev.cairn.runner.session;

import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.ServerErrorMessage;

/**
 * What PostgreSQL says of a failure without the contents of rows: status, log and Events are read by many who may not read
 * the table. What is left out stays in the database.
 */
final class RowContents {
    /**
     * Classes of SQLSTATE whose DETAIL names objects of the catalogue, processes and limits. That of any other class may
     * repeat a row: {@code Failing row contains (…)}, {@code Key (email)=(…) already exists}.
     */
    private static final Set<String> DETAIL_OF_OBJECTS =
            Set.of("08", "0A", "25", "26", "28", "2B", "3D", "3F", "40", "42", "53", "54", "55", "57", "58");

    /** Data exceptions: {@code invalid input syntax for type integer: "…"}. Their messages quote what could not be read. */
    private static final String DATA = "22";

    /** value too long for type character varying(5), division by zero: nothing of the value is in them. */
    private static final Set<String> WITHOUT_VALUE = Set.of("22001", "22012");

    /** No row, too many rows: PL/pgSQL's own words, unless RAISE says them. */
    private static final Set<String> OF_PLPGSQL = Set.of("P0002", "P0003");

    /** From the first quotation mark of any language to the last: the value may hold some itself. */
    private static final Pattern QUOTED = Pattern.compile("[\"'«»„“”‚‘’‹›].*[\"'«»„“”‚‘’‹›]", Pattern.DOTALL);

    private static final Pattern BYTES_AND_NUMBERS =
            Pattern.compile("\\b0x[0-9a-fA-F]+|(?<![\\w(,.])-?\\d[\\d.,:eE+-]*");
    private static final Pattern RAISED_BY = Pattern.compile("PL/pgSQL function (.+?)(\\(.*\\))? line (\\d+) at RAISE");

    private RowContents() {}

    /** The message, with its detail where that names no values. */
    static String without(ServerErrorMessage said) {
        if (isRaised(said))
            return "a function raised an error, whose words may hold values" + where(said) + " (SQLSTATE "
                    + said.getSQLState() + ")";
        var message = message(said);
        var detail = said.getDetail();
        return detail == null || !DETAIL_OF_OBJECTS.contains(classOf(said)) ? message : message + " (" + detail + ")";
    }

    /** The hint; null where it may repeat values. */
    static @Nullable String hint(ServerErrorMessage said) {
        var hint = said.getHint();
        return hint == null || isRaised(said) || classOf(said).equals(DATA) ? null : hint;
    }

    private static String message(ServerErrorMessage said) {
        var message = String.valueOf(said.getMessage());
        if (!classOf(said).equals(DATA) || WITHOUT_VALUE.contains(String.valueOf(said.getSQLState()))) return message;
        var unquoted = QUOTED.matcher(message).replaceAll("\"…\"");
        return BYTES_AND_NUMBERS.matcher(unquoted).replaceAll("…");
    }

    /** RAISE may say anything under any SQLSTATE; so may functions in other languages, which have classes of their own. */
    private static boolean isRaised(ServerErrorMessage said) {
        return "exec_stmt_raise".equals(said.getRoutine())
                || (Set.of("P0", "38", "39").contains(classOf(said)) && !OF_PLPGSQL.contains(state(said)));
    }

    /** The function and the line, which are the source's own. */
    private static String where(ServerErrorMessage said) {
        var context = said.getWhere();
        var raised = context == null
                ? null
                : RAISED_BY.matcher(context.lines().findFirst().orElse(""));
        return raised == null || !raised.find() ? "" : ": " + raised.group(1) + ", line " + raised.group(3);
    }

    private static String classOf(ServerErrorMessage said) {
        var state = state(said);
        return state.substring(0, Math.min(2, state.length()));
    }

    private static String state(ServerErrorMessage said) {
        return String.valueOf(said.getSQLState());
    }
}
