package dev.cairn.runner.sql;

import java.util.Set;
import java.util.regex.Pattern;

/**
 * Says whether {@code DISCARD ALL} undoes all that a statement may leave in its session. It does not undo what
 * PostgreSQL keeps elsewhere in the process. Names of settings that no library knows stay, with empty values. The seed
 * of random() stays. Libraries stay with their state, such as the connections of dblink or the globals of a procedural
 * language. {@code DISCARD ALL} also does not load defaults that a role or database has got since the login. An unknown
 * statement counts as one that leaves such traces.
 *
 * <p>It does not check functions that a trigger, a default or an index calls.
 */
final class SessionTraces {
    private static final Set<String> KNOWN = Set.of(
            "ANALYZE",
            "CLUSTER",
            "COMMENT",
            "COPY",
            "CREATE",
            "DEALLOCATE",
            "DECLARE",
            "DELETE",
            "DROP",
            "GRANT",
            "INSERT",
            "LISTEN",
            "LOCK",
            "MERGE",
            "NOTIFY",
            "PREPARE",
            "REFRESH",
            "REINDEX",
            "RESET",
            "REVOKE",
            "SET",
            "TRUNCATE",
            "UPDATE",
            "VACUUM");

    /** Objects whose ALTER leaves no trace in the session. */
    private static final Set<String> ALTERED = Set.of(
            "AGGREGATE",
            "COLLATION",
            "CONVERSION",
            "DEFAULT",
            "DOMAIN",
            "FOREIGN",
            "FUNCTION",
            "INDEX",
            "MATERIALIZED",
            "OPERATOR",
            "POLICY",
            "PROCEDURE",
            "PUBLICATION",
            "ROUTINE",
            "RULE",
            "SCHEMA",
            "SEQUENCE",
            "SERVER",
            "STATISTICS",
            "SUBSCRIPTION",
            "TABLE",
            "TEXT",
            "TRIGGER",
            "TYPE",
            "VIEW");

    /**
     * What leaves traces: these functions, settings with a library's prefix, and functions in C, whose library is
     * loaded.
     */
    private static final Pattern LASTING = Pattern.compile("""
            \\b(set_config|setseed|dblink\\w*)\\b\
            |\\bset\\s+((local|session)\\s+)?["\\w]+\\s*\\.\
            |\\blanguage\\s+['"]?(c|internal)\\b\
            """, Pattern.CASE_INSENSITIVE);

    private SessionTraces() {}

    static boolean endWithReset(Statement statement) {
        return isKnown(statement)
                && !setsOfLibrary(statement)
                && !LASTING.matcher(statement.text()).find();
    }

    /** Finds them also with a comment between the words. */
    private static boolean setsOfLibrary(Statement statement) {
        var words = statement.words();
        if (!words.take("SET") && !words.take("RESET")) return false;
        if (!words.take("LOCAL")) words.take("SESSION");
        var name = words.takeName();
        return name != null && name.contains(".");
    }

    private static boolean isKnown(Statement statement) {
        var words = statement.words();
        // An extension runs a script, and an event trigger may be for logins.
        if (words.take("CREATE", "EXTENSION") || words.take("CREATE", "EVENT")) return false;
        return words.takeOneOf(KNOWN) || (words.take("ALTER") && words.takeOneOf(ALTERED));
    }
}
