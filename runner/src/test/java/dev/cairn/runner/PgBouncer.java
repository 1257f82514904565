package dev.cairn.runner;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** A real PgBouncer before a test's database: the installed program, with a configuration of its own. */
public final class PgBouncer implements AutoCloseable {
    private static final List<Path> PLACES =
            List.of(Path.of("/usr/sbin/pgbouncer"), Path.of("/usr/bin/pgbouncer"), Path.of("/usr/local/bin/pgbouncer"));

    private final TestDatabase database;
    private final Process process;
    private final int port;

    private PgBouncer(TestDatabase database, Process process, int port) {
        this.database = database;
        this.process = process;
        this.port = port;
    }

    /** Whether it is installed: on Debian, {@code apt-get install pgbouncer}. */
    public static boolean isInstalled() {
        return PLACES.stream().anyMatch(Files::isExecutable);
    }

    /**
     * Starts one.
     *
     * @param mode {@code transaction} or {@code session}
     * @param connections of the server that clients share
     * @param more lines of the configuration
     */
    public static PgBouncer start(TestDatabase database, String mode, int connections, String... more)
            throws IOException {
        var program = PLACES.stream().filter(Files::isExecutable).findFirst().orElseThrow();
        int port;
        try (var socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        // It will not run as root, and whoever it runs as has to read this.
        var config = Files.createTempFile("pgbouncer", ".ini");
        config.toFile().setReadable(true, false);
        Files.writeString(config, """
            [databases]
            * = host=127.0.0.1 port=%d user=postgres password=postgres
            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = %d
            unix_socket_dir =
            auth_type = any
            pool_mode = %s
            default_pool_size = %d
            %s
            """.formatted(database.port(), port, mode, connections, String.join("\n", more)));
        var command = new ArrayList<>(List.of(program.toString(), "-q", config.toString()));
        if (Files.isWritable(Path.of("/root"))) command.addAll(1, List.of("-u", "nobody"));
        var log = Files.createTempFile("pgbouncer", ".log");
        var process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        var pool = new PgBouncer(database, process, port);
        Awaitility.await("pgbouncer answers").until(() -> {
            if (!process.isAlive()) throw new IllegalStateException(Files.readString(log));
            return isOpen(port);
        });
        return pool;
    }

    private static boolean isOpen(int port) {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    public int port() {
        return port;
    }

    /** As an application has it. */
    public Connection connect() throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + port + "/" + database.name() + "?prepareThreshold=0",
                "postgres",
                "postgres");
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(10, TimeUnit.SECONDS)) process.destroyForcibly();
    }
}
