package dev.cairn.e2e.database;

import dev.cairn.e2e.Command;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * A PostgreSQL server in a folder of this machine, with TLS and passwords, that pods can reach. It continues after this
 * process. {@link #remove()} stops it and deletes the folder.
 *
 * @param folder all its files: {@code data}, {@code log}, {@code port}, {@code password}
 * @param port its port
 * @param password of the superuser {@code postgres}, and of every role from {@link #create}
 */
public record Database(Path folder, int port, String password) {

    /**
     * Creates a server and starts it.
     *
     * @param folder must not exist yet
     * @param address its address besides localhost; an address that this machine does not have means all addresses
     * @param settings more lines of its configuration
     */
    public static Database start(Path folder, String address, Map<String, String> settings) {
        try {
            Files.createDirectories(folder);
            var database = new Database(folder, freePort(), randomPassword());
            Files.writeString(folder.resolve("port"), database.port + "\n");
            Files.writeString(folder.resolve("password"), database.password + "\n");
            Account.own(folder);
            database.initialise(address, settings);
            database.start();
            return database;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make a database in " + folder, e);
        }
    }

    /** The server of an earlier process in a folder. */
    public static Database in(Path folder) {
        try {
            return new Database(
                    folder,
                    Integer.parseInt(Files.readString(folder.resolve("port")).strip()),
                    Files.readString(folder.resolve("password")).strip());
        } catch (IOException e) {
            throw new UncheckedIOException("no database in " + folder, e);
        }
    }

    /** Starts it after a stop. Does nothing while it runs. */
    public void start() {
        if (isRunning()) return;
        control("start", "--log", folder.resolve("log").toString());
    }

    /** Whether its process exists. */
    public boolean isRunning() {
        return Files.exists(data().resolve("postmaster.pid"));
    }

    /** Stops it as for maintenance: it ends connections and writes all data to disk. */
    public void stop() {
        control("stop", "--mode", "fast");
    }

    /** Stops it as a power cut would: the next start recovers. */
    public void crash() {
        control("stop", "--mode", "immediate");
    }

    /** Stops and deletes it. */
    public void remove() {
        if (isRunning()) crash();
        Command.run("rm", "-rf", folder.toString());
    }

    /** Creates a database, and a role of the same name that owns it and has no other rights. */
    public void create(String name) throws SQLException {
        try (var connection = connect("postgres", "postgres");
                var statement = connection.createStatement()) {
            statement.execute("CREATE ROLE \"" + name + "\" LOGIN PASSWORD '" + password + "'");
            statement.execute("CREATE DATABASE \"" + name + "\" OWNER \"" + name + "\"");
        }
    }

    /** A connection from this machine. The caller closes it. */
    public Connection connect(String database, String role) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://localhost:%d/%s?sslmode=require&ApplicationName=e2e".formatted(port, database),
                role,
                password);
    }

    private void initialise(String address, Map<String, String> settings) throws IOException {
        var passwordFile = folder.resolve("password").toString();
        Account.run(
                program("initdb"),
                "--pgdata",
                data().toString(),
                "--username",
                "postgres",
                "--pwfile",
                passwordFile,
                "--auth",
                "scram-sha-256",
                "--encoding",
                "UTF8",
                "--locale",
                "C",
                "--locale-provider",
                "builtin",
                "--builtin-locale",
                "C.UTF-8",
                "--no-sync");
        Certificate.write(data());
        var lines = new StringBuilder("\nssl = on\nunix_socket_directories = ''\nport = " + port + "\n"
                + "listen_addresses = '" + listenAddresses(address) + "'\n");
        settings.forEach((name, value) -> lines.append(name + " = '" + value + "'\n"));
        append(data().resolve("postgresql.conf"), lines.toString());
        append(data().resolve("pg_hba.conf"), "\nhost all all all scram-sha-256\n");
        Account.own(folder);
    }

    private void control(String action, String... options) {
        var command = new ArrayList<>(
                List.of(program("pg_ctl"), action, "--silent", "--wait", "--pgdata", data().toString()));
        command.addAll(List.of(options));
        Account.run(command.toArray(String[]::new));
    }

    private Path data() {
        return folder.resolve("data");
    }

    private static String program(String name) {
        try {
            return PostgresBinaries.unpacked().resolve("bin").resolve(name).toString();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot unpack PostgreSQL", e);
        }
    }

    private static void append(Path file, String text) throws IOException {
        Files.writeString(file, Files.readString(file) + text);
    }

    private static String listenAddresses(String address) throws IOException {
        boolean ours = NetworkInterface.getByInetAddress(InetAddress.getByName(address)) != null;
        return ours ? "localhost," + address : "*";
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static String randomPassword() {
        var bytes = new byte[16];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
