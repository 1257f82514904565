package dev.cairn.runner;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;

/** A primary and a streaming replica of it, on the programs that the embedded server was started with. */
public final class Standby implements AutoCloseable {
    /** A replica must allow as many as its primary. */
    private static final String CONNECTIONS = "50";

    private final EmbeddedPostgres primary;
    private final Path bin;
    private final Path data;
    private final int port;

    private Standby(EmbeddedPostgres primary, Path bin, Path data, int port) {
        this.primary = primary;
        this.bin = bin;
        this.data = data;
        this.port = port;
    }

    /** Segments wait for an archiver that never succeeds. */
    public static Standby start() throws Exception {
        var primary = EmbeddedPostgres.builder()
                .setServerConfig("fsync", "off")
                .setServerConfig("max_connections", CONNECTIONS)
                .setServerConfig("max_prepared_transactions", "5")
                .setServerConfig("archive_mode", "on")
                .setServerConfig("archive_command", "false")
                .setServerConfig("wal_sender_timeout", "1min")
                .start();
        var source = primaryData(primary);
        var pid = Files.readAllLines(source.resolve("postmaster.pid")).getFirst();
        var bin = Path.of("/proc", pid, "exe").toRealPath().getParent();
        var data = Files.createTempDirectory("cairn-standby").resolve("data");
        var standby = new Standby(primary, bin, data, freePort());
        standby.copy(source);
        standby.control(data, "start", "--log", data.resolveSibling("log").toString());
        return standby;
    }

    private static Path primaryData(EmbeddedPostgres primary) throws SQLException {
        try (var connection = primary.getPostgresDatabase().getConnection();
                var rows = connection.createStatement().executeQuery("SHOW data_directory")) {
            rows.next();
            return Path.of(rows.getString(1));
        }
    }

    public int primaryPort() {
        return primary.getPort();
    }

    /** As the primary's database is seen here. */
    public TestDatabase replica(TestDatabase database) {
        return database.on(port);
    }

    private void copy(Path source) throws SQLException, IOException, InterruptedException {
        try (var connection = primary.getPostgresDatabase().getConnection();
                var statement = connection.createStatement()) {
            boolean old = connection.getMetaData().getDatabaseMajorVersion() < 15;
            statement.execute(
                    old ? "SELECT pg_start_backup('standby', true, false)" : "SELECT pg_backup_start('standby', true)");
            command(List.of("cp", "-a", source.toString(), data.toString()));
            statement.execute(
                    "SELECT labelfile FROM " + (old ? "pg_stop_backup(false, false)" : "pg_backup_stop(false)"));
            try (var rows = statement.getResultSet()) {
                rows.next();
                Files.writeString(data.resolve("backup_label"), rows.getString(1));
            }
        }
        Files.delete(data.resolve("postmaster.pid"));
        Files.createFile(data.resolve("standby.signal"));
        Files.writeString(
                data.resolve("postgresql.auto.conf"),
                "primary_conninfo = 'host=localhost port=" + primary.getPort()
                        + " user=postgres application_name=copy'\n" + "port = " + port + "\n");
    }

    private void control(Path data, String action, String... options) throws IOException, InterruptedException {
        var command = new ArrayList<String>();
        // The server refuses to run as root; so does the primary's own start.
        if (Files.isWritable(Path.of("/root"))) command.addAll(List.of("unshare", "-U"));
        command.addAll(List.of(bin.resolve("pg_ctl").toString(), action, "-w", "-D", data.toString()));
        if (action.equals("start"))
            command.addAll(List.of(
                    "-o",
                    "-p " + port + " -h localhost -c max_connections=" + CONNECTIONS
                            + " -c max_prepared_transactions=5 -c unix_socket_directories=''"));
        command.addAll(List.of(options));
        command(command);
    }

    private static void command(List<String> command) throws IOException, InterruptedException {
        var process = new ProcessBuilder(command).inheritIO().start();
        if (process.waitFor() != 0) throw new IOException(command + " ended with " + process.exitValue());
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    /** From here on the replica hears nothing of what the primary commits. */
    public void stopReplication() throws SQLException {
        try (var connection = new TestDatabase(port, "postgres").connect();
                var statement = connection.createStatement()) {
            statement.execute("ALTER SYSTEM SET primary_conninfo = ''");
            statement.execute("SELECT pg_reload_conf()");
        }
        var replica = new TestDatabase(port, "postgres");
        Awaitility.await()
                .until(() -> replica.query("SELECT 1 FROM pg_stat_wal_receiver").isEmpty());
    }

    /** The primary dies at once, with what it had not sent. */
    public void killPrimary() throws SQLException, IOException, InterruptedException {
        control(primaryData(primary), "stop", "--mode", "immediate");
    }

    /** The replica becomes the primary. */
    public void promote() {
        new TestDatabase(port, "postgres").value("SELECT pg_promote()");
    }

    private void stopReplica() throws IOException, InterruptedException {
        control(data, "stop", "--mode", "immediate");
    }

    @Override
    public void close() throws IOException, InterruptedException {
        if (Files.exists(data.resolve("postmaster.pid"))) stopReplica();
        command(List.of("rm", "-rf", String.valueOf(data.getParent())));
        primary.close();
    }
}
