package dev.cairn.runner.ledger;

import dev.cairn.plan.Reason;
import dev.cairn.runner.end.MigrationFailure;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;

/**
 * Checks who owns the ledger. The owner of a schema, table or function decides what runs when it is used. So do
 * triggers, rules and row policies. Each of them runs with the rights of the migrations. This check runs before the
 * first statement on the ledger's tables.
 */
final class LedgerOwnership {
    /**
     * An owner is trusted if it is a role of this session, or has all rights of one (it is a superuser or a member). It
     * is also trusted if a role of this session is a member of it. PostgreSQL before 16 lets a role grant itself to
     * others: such a grant proves nothing. The database's owner is trusted, except by a superuser.
     */
    private static final String FOREIGN = """
        WITH RECURSIVE place AS (
            SELECT n.oid, n.nspname, n.nspowner FROM pg_catalog.pg_namespace n WHERE n.nspname OPERATOR(pg_catalog.=) ?),
        part AS (
            SELECT c.oid, c.relname, c.relkind, c.relowner
              FROM place JOIN pg_catalog.pg_class c ON c.relnamespace OPERATOR(pg_catalog.=) place.oid
             WHERE c.relname OPERATOR(pg_catalog.=) ANY (CAST(? AS pg_catalog.name[]))
               AND c.relkind OPERATOR(pg_catalog.<>) 'i'),
        mine AS (
            SELECT r.oid, r.rolsuper FROM pg_catalog.pg_roles r
             WHERE r.rolname OPERATOR(pg_catalog.=) current_user OR r.rolname OPERATOR(pg_catalog.=) session_user),
        joined AS (
            SELECT mine.oid FROM mine
             UNION SELECT m.roleid FROM joined JOIN pg_catalog.pg_auth_members m
                       ON m.member OPERATOR(pg_catalog.=) joined.oid AND m.grantor OPERATOR(pg_catalog.<>) m.roleid),
        owner AS (
            SELECT r.oid, r.rolname FROM pg_catalog.pg_roles r
             WHERE NOT r.rolsuper
               AND NOT EXISTS (SELECT FROM joined WHERE joined.oid OPERATOR(pg_catalog.=) r.oid)
               AND NOT EXISTS (SELECT FROM mine WHERE pg_catalog.pg_has_role(r.oid, mine.oid, 'MEMBER'))
               AND (EXISTS (SELECT FROM mine WHERE mine.rolsuper)
                    OR NOT EXISTS (SELECT FROM pg_catalog.pg_database d
                                    WHERE d.datname OPERATOR(pg_catalog.=) pg_catalog.current_database()
                                      AND (d.datdba OPERATOR(pg_catalog.=) r.oid
                                           OR r.rolname OPERATOR(pg_catalog.=) 'pg_database_owner'))))
        SELECT 1 AS rank, 'SCHEMA' AS kind, pg_catalog.quote_ident(place.nspname) AS object, owner.rolname AS of
          FROM place JOIN owner ON owner.oid OPERATOR(pg_catalog.=) place.nspowner
        UNION ALL
        SELECT 2, 'TABLE', CAST(part.oid AS pg_catalog.regclass)::pg_catalog.text, owner.rolname
          FROM part JOIN owner ON owner.oid OPERATOR(pg_catalog.=) part.relowner
        UNION ALL
        SELECT 3, 'FUNCTION', CAST(f.oid AS pg_catalog.regprocedure)::pg_catalog.text, owner.rolname
          FROM place JOIN pg_catalog.pg_proc f ON f.pronamespace OPERATOR(pg_catalog.=) place.oid
          JOIN owner ON owner.oid OPERATOR(pg_catalog.=) f.proowner
         WHERE f.proname OPERATOR(pg_catalog.=) 'checkpoint'
        UNION ALL
        SELECT 4, 'not a table', CAST(part.oid AS pg_catalog.regclass)::pg_catalog.text, '' FROM part
         WHERE part.relkind OPERATOR(pg_catalog.<>) 'r'
        UNION ALL
        SELECT 5, 'TRIGGER', pg_catalog.quote_ident(t.tgname), CAST(part.oid AS pg_catalog.regclass)::pg_catalog.text
          FROM part JOIN pg_catalog.pg_trigger t ON t.tgrelid OPERATOR(pg_catalog.=) part.oid AND NOT t.tgisinternal
        UNION ALL
        SELECT 6, 'RULE', pg_catalog.quote_ident(w.rulename), CAST(part.oid AS pg_catalog.regclass)::pg_catalog.text
          FROM part JOIN pg_catalog.pg_rewrite w ON w.ev_class OPERATOR(pg_catalog.=) part.oid
         WHERE part.relkind OPERATOR(pg_catalog.=) 'r'
        UNION ALL
        SELECT 7, 'POLICY', pg_catalog.quote_ident(p.polname), CAST(part.oid AS pg_catalog.regclass)::pg_catalog.text
          FROM part JOIN pg_catalog.pg_policy p ON p.polrelid OPERATOR(pg_catalog.=) part.oid
         ORDER BY 1, 3, 4 LIMIT 1
        """;

    private LedgerOwnership() {}

    /**
     * @param schema of the ledger, not quoted
     * @param tables of the ledger; other relations of the schema are ignored
     * @throws MigrationFailure with {@link Reason#AccessDenied} if a part of the ledger is not trusted
     */
    static void require(Connection connection, String schema, List<String> tables) throws SQLException {
        try (var query = connection.prepareStatement(FOREIGN)) {
            query.setString(1, schema);
            query.setArray(2, connection.createArrayOf("text", tables.toArray()));
            try (var rows = query.executeQuery()) {
                if (rows.next()) throw refusal(rows, currentUser(connection));
            }
        }
    }

    private static MigrationFailure refusal(ResultSet row, String me) throws SQLException {
        var kind = row.getString("kind");
        var object = row.getString("object");
        var of = row.getString("of");
        var message = switch (kind) {
            case "not a table" ->
                "the ledger cannot use " + object + ": it is not a table. Drop or rename it, or choose another "
                        + "schema for spec.ledger.schema of the target";
            case "TRIGGER", "RULE", "POLICY" ->
                "the ledger has a foreign " + kind.toLowerCase(Locale.ROOT) + ": " + object + " on " + of
                        + " would run with the rights of " + me + ". Find out who made it, then run DROP " + kind
                        + " " + object + " ON " + of;
            default -> notOurs(kind, object, Ledger.quote(of), me);
        };
        return new MigrationFailure(Reason.AccessDenied, message);
    }

    private static String notOurs(String kind, String object, String owner, String me) {
        return "the ledger is not trusted: the " + kind.toLowerCase(Locale.ROOT) + " " + object
                + " belongs to the role "
                + owner + ", which could run code with the rights of " + me + ". If " + me + " trusts it, run GRANT "
                + owner + " TO " + me + "; if the ledger is known to be yours, run ALTER " + kind + " " + object
                + " OWNER TO " + me + "; otherwise choose another schema for spec.ledger.schema of the target";
    }

    private static String currentUser(Connection connection) throws SQLException {
        try (var query = connection.createStatement();
                var rows = query.executeQuery("SELECT current_user")) {
            rows.next();
            return Ledger.quote(rows.getString(1));
        }
    }
}
