package dev.cairn.runner.benchmark;

import dev.cairn.plan.MigrationKind;
import dev.cairn.plan.Work;
import dev.cairn.runner.TestDatabase;
import dev.cairn.runner.TlsServer;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A schema migration of many small steps, as a history has them, over TLS and SCRAM and with commits that wait for the
 * disk: the runner as a process of its own, from the start in the ledger to its end, beside clients that only execute the
 * statements. Not a test: it asserts nothing. Arguments: steps, rounds. Prints Markdown.
 */
public final class StepsBenchmark {

    private final TlsServer server;
    private final List<String> statements;

    private StepsBenchmark(TlsServer server, List<String> statements) {
        this.server = server;
        this.statements = statements;
    }

    /**
     * Prints the table.
     *
     * @param args steps, rounds
     */
    public static void main(String[] args)
            throws IOException, InterruptedException, GeneralSecurityException, SQLException {
        int steps = Integer.parseInt(args[0]);
        int rounds = Integer.parseInt(args[1]);
        try (var server = TlsServer.start(true)) {
            var benchmark = new StepsBenchmark(
                    server,
                    IntStream.range(0, steps).mapToObj(StepsBenchmark::step).toList());
            benchmark.round(Way.CAIRN);
            tell(
                    "| way, medians of %d rounds, taking turns | seconds | a step, in ms | logins | commits |\n|---|---|---|---|---|"
                            .formatted(rounds));
            benchmark.tell(rounds);
        }
        // the server's own threads
        System.exit(0);
    }

    /** A table, a column of it, a row in it, and again. */
    private static String step(int n) {
        return switch (n % 3) {
            case 0 -> "CREATE TABLE t" + n + " (id bigint PRIMARY KEY, name text NOT NULL)";
            case 1 -> "ALTER TABLE t" + (n - 1) + " ADD COLUMN n int NOT NULL DEFAULT 0";
            default -> "INSERT INTO t" + (n - 2) + " VALUES (1, 'one')";
        };
    }

    private enum Way {
        CAIRN("Cairn"),
        LOGINS("a client that logs in for each statement"),
        ONE_SESSION("a client with one session");

        private final String label;

        Way(String label) {
            this.label = label;
        }
    }

    /** What one round came to. */
    private record Round(double seconds, long logins, long commits) {}

    private void tell(int rounds) throws SQLException {
        var all = new EnumMap<Way, List<Round>>(Way.class);
        for (int round = 0; round < rounds; round++)
            for (var way : Way.values())
                all.computeIfAbsent(way, w -> new ArrayList<>()).add(round(way));
        all.forEach((way, own) -> tell(way, own));
    }

    private void tell(Way way, List<Round> rounds) {
        var sorted = rounds.stream()
                .sorted(Comparator.comparingDouble(Round::seconds))
                .toList();
        var median = sorted.get(sorted.size() / 2);
        tell("| %s | %.2f (%.2f to %.2f) | %.1f | %d | %d |"
                .formatted(
                        way.label,
                        median.seconds(),
                        sorted.getFirst().seconds(),
                        sorted.getLast().seconds(),
                        1000 * median.seconds() / statements.size(),
                        median.logins(),
                        median.commits()));
    }

    private Round round(Way way) throws SQLException {
        try (var database = TestDatabase.createOn(server.port())) {
            double seconds = switch (way) {
                case CAIRN -> cairn(database);
                case LOGINS -> logins(database);
                case ONE_SESSION -> oneSession(database);
            };
            // Whoever asks is counted, too.
            return new Round(seconds, count(database, "sessions") - 1, count(database, "xact_commit"));
        }
    }

    private double cairn(TestDatabase database) {
        var steps = new ArrayList<Work.Step>();
        for (var sql : statements) steps.add(new Work.Step(String.valueOf(steps.size() + 1), sql));
        var runner = server.folder(database)
                .plan(new Work.Schema(steps), MigrationKind.SchemaMigration)
                .start("pod-1");
        if (runner.exitCode() != 0) throw new IllegalStateException(runner.output());
        return Double.parseDouble(
                database.value("SELECT extract(epoch FROM finished - attempt_started) FROM cairn.migration"));
    }

    private double logins(TestDatabase database) throws SQLException {
        long began = System.nanoTime();
        for (var sql : statements)
            try (var connection = connect(database)) {
                execute(connection, sql);
            }
        return Stopwatch.secondsSince(began);
    }

    private double oneSession(TestDatabase database) throws SQLException {
        try (var connection = connect(database)) {
            long began = System.nanoTime();
            for (var sql : statements) execute(connection, sql);
            return Stopwatch.secondsSince(began);
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static Connection connect(TestDatabase database) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://localhost:" + database.port() + "/" + database.name() + "?sslmode=require",
                TlsServer.ROLE,
                TlsServer.ROLE);
    }

    private static long count(TestDatabase database, String column) {
        return Long.parseLong(
                database.value("SELECT " + column + " FROM pg_stat_database WHERE datname = current_database()"));
    }

    @SuppressWarnings("SystemOut")
    private static void tell(String text) {
        System.out.println(text);
    }
}
