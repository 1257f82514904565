package dev.cairn.runner;

import dev.cairn.plan.Settings;
import dev.cairn.runner.end.Stop;
import dev.cairn.runner.session.Connector;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A database of its own on a PostgreSQL server that all tests of a JVM share. The role is a superuser; its password is
 * asked for by nobody.
 */
public final class TestDatabase implements AutoCloseable {
    private static @Nullable EmbeddedPostgres shared;

    private final int port;
    private final String name;

    TestDatabase(int port, String name) {
        this.port = port;
        this.name = name;
    }

    /** A new, empty database. */
    public static TestDatabase create() {
        return createOn(sharedServer().getPort());
    }

    /** A new, empty database on another server. */
    public static TestDatabase createOn(int port) {
        var database =
                new TestDatabase(port, "t_" + UUID.randomUUID().toString().replace("-", ""));
        new TestDatabase(port, "postgres").execute("CREATE DATABASE " + database.name);
        return database;
    }

    /** Another database with the same content; nobody may be connected to this one. */
    public TestDatabase copy() {
        var copy = new TestDatabase(port, "t_" + UUID.randomUUID().toString().replace("-", ""));
        new TestDatabase(port, "postgres")
                .execute("CREATE DATABASE " + copy.name + " TEMPLATE " + name + " STRATEGY file_copy");
        return copy;
    }

    /** The same database on a replica of its server. */
    public TestDatabase on(int port) {
        return new TestDatabase(port, name);
    }

    private static synchronized EmbeddedPostgres sharedServer() {
        try {
            if (shared == null)
                shared = EmbeddedPostgres.builder()
                        .setServerConfig("fsync", "off")
                        .setServerConfig("max_connections", "100")
                        .setServerConfig("max_prepared_transactions", "5")
                        .start();
            return shared;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int port() {
        return port;
    }

    public String name() {
        return name;
    }

    /** A plain connection, as an application has it. */
    public Connection connect() throws SQLException {
        return DriverManager.getConnection("jdbc:postgresql://localhost:" + port + "/" + name, "postgres", "postgres");
    }

    /** The database {@code postgres} of the same server. */
    public static TestDatabase server(TestDatabase database) {
        return new TestDatabase(database.port, "postgres");
    }

    /** Statements in autocommit, one after the other. */
    public void execute(String... statements) {
        try (var connection = connect();
                var statement = connection.createStatement()) {
            for (var sql : statements) statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Makes the planner take each page of all tables for so many rows: small ones are cut into ranges as large ones are. */
    public void pretendRows(int perPage) {
        execute("UPDATE pg_class SET relpages = 1, reltuples = " + perPage
                + " WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace");
    }

    /** The first column of every row, as text. */
    public List<String> query(String sql) {
        try (var connection = connect();
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            var found = new ArrayList<String>();
            while (rows.next()) found.add(rows.getString(1));
            return found;
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    /** The one value of a query, as text. */
    public String value(String sql) {
        var rows = query(sql);
        if (rows.size() != 1) throw new IllegalStateException(sql + " gave " + rows.size() + " rows");
        return rows.getFirst();
    }

    /** Writes the Secret that an operator would mount. */
    public void writeSecret(Path folder) {
        try {
            Files.createDirectories(folder);
            Files.writeString(folder.resolve("host"), "localhost");
            Files.writeString(folder.resolve("port"), String.valueOf(port));
            Files.writeString(folder.resolve("dbname"), name);
            Files.writeString(folder.resolve("username"), "postgres");
            Files.writeString(folder.resolve("password"), "postgres");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Settings for this database, with {@link #writeSecret} for the rest. */
    public Settings settings() {
        return new Settings(
                new Settings.Connection("test-db", null, null, null, "disable", null, "cairn"),
                new Settings.Locks(2000, 10_000),
                new Settings.Pace(50, 100, 10, 10_000, null));
    }

    /** A connector to it, as the runner makes one. */
    public Connector connector(Path secretFolder, Supplier<Settings> settings) {
        writeSecret(secretFolder);
        return new Connector(secretFolder, Path.of("/none"), settings, "cairn test");
    }

    /** Ends all its sessions and drops it. */
    @Override
    public void close() {
        new TestDatabase(port, "postgres").execute("DROP DATABASE " + name + " WITH (FORCE)");
    }

    /** Nobody stops these runs. */
    public static Stop never() {
        return new Stop();
    }
}
