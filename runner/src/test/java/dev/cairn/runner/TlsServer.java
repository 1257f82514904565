package dev.cairn.runner;

import dev.cairn.plan.Settings;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * A server that speaks TLS, with a certificate that it signed for itself. The role {@value ROLE} logs in with a password
 * and SCRAM, others without.
 */
public final class TlsServer implements AutoCloseable {
    /** The name of a superuser, and its password. */
    public static final String ROLE = "scram";

    private static final String ACCESS = """
        hostssl all %s all scram-sha-256
        host all all all trust
        """.formatted(ROLE);

    private static final String PASSWORD = "changeit";
    private static final List<String> NEW_KEY = List.of(
            "-genkeypair",
            "-keyalg",
            "EC",
            "-alias",
            "server",
            "-dname",
            "CN=localhost",
            "-storetype",
            "PKCS12",
            "-storepass",
            PASSWORD,
            "-keystore");

    private final EmbeddedPostgres server;

    private TlsServer(EmbeddedPostgres server) {
        this.server = server;
    }

    public static TlsServer start() throws IOException, InterruptedException, GeneralSecurityException {
        return start(false);
    }

    /**
     * The same.
     *
     * @param durable whether a commit waits for the disk, as in production
     */
    public static TlsServer start(boolean durable) throws IOException, InterruptedException, GeneralSecurityException {
        var folder = Files.createTempDirectory("cairn-tls");
        var store = folder.resolve("server.p12");
        var keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        var command = new ArrayList<>(List.of(keytool));
        command.addAll(NEW_KEY);
        command.add(store.toString());
        var made = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start()
                .waitFor();
        if (made != 0) throw new IOException("keytool: " + Files.readString(folder.resolve("log")));
        var keys = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
        var certificate = Files.writeString(
                folder.resolve("server.crt"),
                pem("CERTIFICATE", keys.getCertificate("server").getEncoded()));
        var key = Files.writeString(
                folder.resolve("server.key"),
                pem("PRIVATE KEY", keys.getKey("server", PASSWORD.toCharArray()).getEncoded()));
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        var access = Files.writeString(folder.resolve("pg_hba.conf"), ACCESS);
        var server = EmbeddedPostgres.builder()
                .setServerConfig("fsync", durable ? "on" : "off")
                .setServerConfig("ssl", "on")
                .setServerConfig("ssl_cert_file", certificate.toString())
                .setServerConfig("ssl_key_file", key.toString())
                .setServerConfig("hba_file", access.toString())
                .start();
        new TestDatabase(server.getPort(), "postgres")
                .execute("CREATE ROLE %1$s LOGIN SUPERUSER PASSWORD '%1$s'".formatted(ROLE));
        return new TlsServer(server);
    }

    private static String pem(String label, byte[] content) {
        var text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        return "-----BEGIN " + label + "-----\n" + text + "\n-----END " + label + "-----\n";
    }

    /** Gives a runner a new database, over TLS and with SCRAM. */
    public RunnerFolder folder(TestDatabase database) {
        var settings = database.settings();
        var connection = settings.connection();
        return new RunnerFolder(database)
                .secret("username", ROLE)
                .secret("password", ROLE)
                .write(new Settings(
                        new Settings.Connection(
                                connection.secret(), null, null, null, "require", null, connection.ledgerSchema()),
                        settings.locks(),
                        settings.pace()));
    }

    public int port() {
        return server.getPort();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
