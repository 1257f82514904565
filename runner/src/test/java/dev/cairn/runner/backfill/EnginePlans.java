package dev.cairn.runner.backfill;

import dev.cairn.plan.Json;
import dev.cairn.plan.Work;
import dev.cairn.runner.TestDatabase;
import dev.cairn.runner.backfill.batch.Stripes;
import dev.cairn.runner.backfill.key.BatchKeys;
import dev.cairn.runner.backfill.statement.BatchStatement;
import dev.cairn.runner.backfill.table.KeyScan;
import dev.cairn.runner.backfill.table.Limits;
import dev.cairn.runner.backfill.table.TableFamily;
import dev.cairn.runner.backfill.table.TableLookup;
import dev.cairn.runner.backfill.table.WalkedTable;
import dev.cairn.runner.ledger.RangeRow;
import dev.cairn.runner.ledger.Striping;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What the planner makes of the engine's own statements on a table, on a connection as a worker has it. */
public final class EnginePlans implements AutoCloseable {
    private static final Limits LIMITS = new Limits(Duration.ofSeconds(10));

    private final Connection connection;
    private final WalkedTable table;
    private final TableFamily parts;
    private final BatchStatement statement;
    private final KeyScan bounds;
    private final Stripes stripes;
    private final List<String> end;

    /** @param sql as in a plan */
    public EnginePlans(TestDatabase database, String table, String sql) throws SQLException {
        this.connection = connect(database);
        this.table = new TableLookup(connection, new Work.Over(table, List.of(), null), true).find();
        this.parts = TableFamily.of(connection, this.table.oid());
        this.statement = new BatchStatement(this.table, parts, sql);
        this.bounds = new KeyScan(this.table);
        this.stripes = new Stripes(this.table);
        this.end = bounds.highest(connection).orElseThrow();
        connection.setAutoCommit(false);
    }

    private static Connection connect(TestDatabase database) throws SQLException {
        try {
            return database.connector(Files.createTempDirectory("plans"), database::settings)
                    .connect();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * A statement's plan.
     *
     * @param what the statement is
     * @param scans of the walked table, such as {@code Index Scan t_p1}, with {@code unbounded} where an index has no bound
     * @param touched tables or partitions that are scanned
     * @param all of them that have rows of their own
     * @param cost by the planner
     * @param estimated rows by the planner
     * @param rows in truth
     * @param sorts whether it sorts
     */
    public record Plan(
            String what,
            List<String> scans,
            int touched,
            int all,
            double cost,
            long estimated,
            long rows,
            boolean sorts) {}

    /**
     * The engine's statements where a walk stands.
     *
     * @param after the cursor, null for the start of the table
     * @param rows of a batch
     */
    public List<Plan> at(@Nullable List<String> after, long rows) throws SQLException {
        var upTo = bounds.nth(connection, LIMITS, after, end, rows).orElse(end);
        var plain = new BatchKeys.Stretch(after, upTo, bounds.count(connection, after, upTo));
        var range = RangeRow.open(0, after, end);
        var windowEnd = bounds.nth(connection, LIMITS, after, end, Striping.HASHED.stripes() * rows)
                .orElse(end);
        var windows = stripes.next(connection, range, rows, 1, LIMITS).orElseThrow();
        var striped = windows.next(range, rows, (part, most) -> List.of(part)).slice();
        connection.rollback();
        var key = table.key();
        var all = new ArrayList<Plan>();
        all.add(explained("batch", statement.confined(plain), key.parameters(plain), null, plain.size()));
        all.add(explained("stripe", statement.confined(striped), key.parameters(striped), null, striped.size()));
        KeyScan.readInOrder(connection);
        var left = key.between(after, end);
        all.add(explained("bound", bounds.nth(left), left.parameters(), rows - 1, 1));
        var window = key.between(after, windowEnd);
        all.add(explained(
                "windows", stripes.keys(window, Striping.HASHED), window.parameters(), 0L, Striping.HASHED.stripes()));
        connection.rollback();
        return all;
    }

    private Plan explained(String what, String sql, List<String> parameters, @Nullable Long limit, long rows)
            throws SQLException {
        try (var query = connection.prepareStatement("EXPLAIN (VERBOSE, FORMAT JSON) " + sql)) {
            int next = KeyScan.bind(query, 1, parameters);
            if (limit != null) query.setLong(next, limit);
            try (var answer = query.executeQuery()) {
                answer.next();
                return plan(what, Json.read(answer.getString(1), Object[].class)[0], rows);
            }
        }
    }

    private Plan plan(String what, Object json, long rows) {
        var top = (Map<?, ?>) ((Map<?, ?>) json).get("Plan");
        var scans = new ArrayList<String>();
        var touched = new TreeSet<String>();
        collect(top, scans, touched);
        // An UPDATE gives no rows; what is below it does.
        var node =
                "ModifyTable".equals(top.get("Node Type")) ? (Map<?, ?>) ((List<?>) top.get("Plans")).getFirst() : top;
        int all = parts.oids().size() == 1 ? 1 : parts.oids().size() - 1;
        return new Plan(
                what,
                List.copyOf(scans),
                touched.size(),
                all,
                ((Number) node.get("Total Cost")).doubleValue(),
                ((Number) node.get("Plan Rows")).longValue(),
                rows,
                json.toString().contains("Node Type=Sort"));
    }

    private void collect(@Nullable Object node, List<String> scans, Set<String> touched) {
        if (node instanceof Iterable<?> list) list.forEach(n -> collect(n, scans, touched));
        if (!(node instanceof Map<?, ?> map)) return;
        var type = String.valueOf(map.get("Node Type"));
        var relation = map.get("Schema") + "." + map.get("Relation Name");
        if (type.endsWith("Scan") && parts.names().contains(relation)) {
            touched.add(relation);
            boolean isBounded = map.get("Index Cond") != null || map.get("Recheck Cond") != null;
            scans.add(type + " " + map.get("Relation Name") + (isBounded ? "" : " unbounded"));
        }
        map.values().forEach(n -> collect(n, scans, touched));
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
