package dev.cairn.runner.backfill.table;

import dev.cairn.plan.Json;
import dev.cairn.plan.Work;
import dev.cairn.runner.backfill.key.BatchKeys;
import dev.cairn.runner.backfill.key.Key;
import dev.cairn.runner.backfill.key.KeyColumn;
import dev.cairn.runner.ledger.WalkRow;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * The table of a backfill, from the catalogue.
 *
 * @param over {@code over} of the plan
 * @param oid of the table
 * @param name schema-qualified and quoted
 * @param qualifier its name in the plan's statement: the alias or its own name
 * @param key the key of the walk
 * @param showsKeys whether status and log may show keys of its rows
 */
public record WalkedTable(Work.Over over, long oid, String name, String qualifier, Key key, boolean showsKeys) {
    /** A batch for a message, such as {@code after 10 up to 20}. */
    public String shown(BatchKeys slice) {
        return showsKeys ? slice.toString() : "of " + slice.size() + " keys";
    }

    /** A row for a message, such as {@code row 7 of public.t}. */
    public String row(List<String> key) {
        return showsKeys ? "row " + Key.shown(key) + " of " + name : "row of " + name + " whose key the ledger has";
    }

    /** Whether an SQL name, as it is written, refers to this table. */
    public boolean isNamed(Connection connection, String sqlName) throws SQLException {
        try (var query = connection.prepareStatement(
                "SELECT pg_catalog.to_regclass(?) OPERATOR(pg_catalog.=) CAST(? AS pg_catalog.oid)")) {
            query.setString(1, sqlName);
            query.setLong(2, oid);
            try (var rows = query.executeQuery()) {
                return rows.next() && rows.getBoolean(1);
            }
        }
    }

    /** What the ledger freezes. */
    public WalkRow frozen() {
        var columns = key.columns();
        return new WalkRow(
                Json.write(over),
                name,
                columns.stream().map(KeyColumn::name).toList(),
                columns.stream().map(KeyColumn::type).toList(),
                columns.stream().map(KeyColumn::collation).toList(),
                columns.stream().map(KeyColumn::collationVersion).toList());
    }
}
