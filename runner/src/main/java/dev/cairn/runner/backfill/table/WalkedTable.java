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
 * The table of a backfill, as the catalogue has it.
 *
 * @param over the plan's own words
 * @param oid of the table
 * @param name schema-qualified and quoted
 * @param qualifier what the plan's statement calls it: its alias or its own name
 * @param key what it is walked along
 * @param showsKeys whether status and log may show keys of its rows
 */
public record WalkedTable(Work.Over over, long oid, String name, String qualifier, Key key, boolean showsKeys) {
    /** A batch in words, such as {@code after 10 up to 20}. */
    public String shown(BatchKeys slice) {
        return showsKeys ? slice.toString() : "of " + slice.size() + " keys";
    }

    /** A row in words, such as {@code row 7 of public.t}. */
    public String row(List<String> key) {
        return showsKeys ? "row " + Key.shown(key) + " of " + name : "row of " + name + " whose key the ledger has";
    }

    /** Whether an SQL name, as it is written, is this table's. */
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
