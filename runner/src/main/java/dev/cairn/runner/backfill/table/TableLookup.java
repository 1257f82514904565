package dev.cairn.runner.backfill.table;

import dev.cairn.plan.Reason;
import dev.cairn.plan.Work;
import dev.cairn.runner.backfill.key.Key;
import dev.cairn.runner.backfill.key.UniqueIndex;
import dev.cairn.runner.end.MigrationFailure;
import dev.cairn.runner.sql.PinnedSql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Finds the table and the key of a backfill in the catalogue. */
public final class TableLookup {
    private static final String TABLE = PinnedSql.of("""
        SELECT c.oid, c.relkind, pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname) AS name,
               pg_catalog.quote_ident(c.relname) AS own_name
          FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
         WHERE c.oid = pg_catalog.to_regclass(?)
        """);
    private static final Pattern IDENTIFIER = Pattern.compile("[\\p{L}_][\\p{L}\\p{N}_$]*|\"(?:[^\"]|\"\")+\"");

    private final Connection connection;
    private final Work.Over over;
    private final boolean showsKeys;

    /** @param showsKeys whether status and log may show keys of its rows */
    public TableLookup(Connection connection, Work.Over over, boolean showsKeys) {
        this.connection = connection;
        this.over = over;
        this.showsKeys = showsKeys;
    }

    /** @throws MigrationFailure with {@link Reason#InvalidSpec} if there is no such table or no usable key */
    public WalkedTable find() throws SQLException {
        try (var query = connection.prepareStatement(TABLE)) {
            query.setString(1, over.table());
            try (var rows = query.executeQuery()) {
                if (!rows.next())
                    throw invalid("table " + over.table() + " does not exist in the target database (or not on the "
                            + "role's search_path): create it first, or name it with its schema in over.table");
                var kind = rows.getString("relkind");
                var name = rows.getString("name");
                if (!kind.equals("r") && !kind.equals("p"))
                    throw invalid(name + " is no table: over.table names an ordinary or a partitioned table");
                return new WalkedTable(
                        over,
                        rows.getLong("oid"),
                        name,
                        qualifier(rows.getString("own_name")),
                        key(rows.getLong("oid"), name),
                        showsKeys);
            }
        } catch (SQLException e) {
            if ("42602".equals(e.getSQLState()) || "42601".equals(e.getSQLState()))
                throw invalid("over.table: " + over.table() + " is no SQL name (quote it as in SQL)");
            throw e;
        }
    }

    private String qualifier(String ownName) {
        var alias = over.as();
        if (alias == null) return ownName;
        if (!IDENTIFIER.matcher(alias).matches()) throw invalid("over.as: " + alias + " is no SQL name");
        return alias;
    }

    private Key key(long oid, String name) throws SQLException {
        var candidates = UniqueIndex.of(connection, oid);
        var wanted = new HashSet<>(over.key());
        return candidates.stream()
                .filter(i -> wanted.isEmpty() ? i.primary() : new HashSet<>(i.names()).equals(wanted))
                .findFirst()
                .map(UniqueIndex::key)
                .orElseThrow(() -> noKey(name, candidates));
    }

    private MigrationFailure noKey(String name, List<UniqueIndex> candidates) {
        var named = candidates.isEmpty()
                ? "there is no candidate: a unique btree index over plain columns that are all NOT NULL (and "
                        + "validated) is needed, without a WHERE, valid, with the types' default operators"
                : "candidates: "
                        + candidates.stream().map(UniqueIndex::toString).collect(Collectors.joining(", "));
        return invalid(
                over.key().isEmpty()
                        ? "table " + name + " has no primary key: name a unique index's columns in over.key (" + named
                                + ")"
                        : "table " + name + " has no usable unique index on exactly " + over.key()
                                + ": name another one's columns in over.key (" + named + ")");
    }

    private static MigrationFailure invalid(String message) {
        return new MigrationFailure(Reason.InvalidSpec, message);
    }
}
