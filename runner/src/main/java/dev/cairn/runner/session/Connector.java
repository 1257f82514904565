package dev.cairn.runner.session;

import dev.cairn.plan.Mounts;
import dev.cairn.plan.Reason;
import dev.cairn.plan.Settings;
import dev.cairn.runner.end.MigrationFailure;
import dev.cairn.runner.report.Log;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;
import org.postgresql.PGConnection;

/** Opens sessions. It reads the Secret and the settings each time, so a change counts from the next session. */
public final class Connector {
    /**
     * The URL has no values: all values are properties. So no character of a host or database name becomes an option.
     */
    private static final String URL = "jdbc:postgresql:///";

    private final Path secret;
    private final Path rootCert;
    private final Supplier<Settings> settings;
    private final String applicationName;
    private final Silence silence;
    private final Witness witness;
    private final AtomicReference<String> logged = new AtomicReference<>("");

    /**
     * @param secret the folder of the Secret's files
     * @param rootCert the authority's certificate, for sslMode verify-ca and verify-full
     * @param applicationName what {@code pg_stat_activity} shows
     */
    public Connector(Path secret, Path rootCert, Supplier<Settings> settings, String applicationName) {
        this(secret, rootCert, settings, applicationName, Silence.USUAL);
    }

    /** @param silence how long the server may be silent before a connection is cut */
    Connector(Path secret, Path rootCert, Supplier<Settings> settings, String applicationName, Silence silence) {
        this.silence = silence;
        this.secret = secret;
        this.rootCert = rootCert;
        this.settings = settings;
        this.applicationName = applicationName;
        this.witness = new Witness(this::openWitness, silence.answer());
    }

    /**
     * A new session in autocommit mode. It makes one attempt, of at most about ten seconds. A statement may take any
     * time. But without a sign of life from the server the connection is cut within half a minute (SQLSTATE 08006).
     *
     * @throws MigrationFailure if a file or key is missing
     * @throws SQLException the failure of the server or the network, for {@link SqlFailures}
     */
    public Connection connect() throws SQLException {
        var lifeline = new Lifeline(silence, witness);
        return session(open(() -> new WatchedSocket(lifeline), properties -> {}), lifeline);
    }

    /** Ends a session that may be lost already: a failure is logged, and nothing else. */
    public static void close(@Nullable Connection connection) {
        try {
            if (connection != null) connection.close();
        } catch (SQLException e) {
            Log.info("closing a connection: " + SqlFailures.text(e));
        }
    }

    private Connection session(Connection connection, Lifeline lifeline) throws SQLException {
        // A query must ask for the server's process. From here on a busy server may take long to answer.
        lifeline.session(null);
        try {
            var applied = SessionSettings.apply(connection);
            logOnce(applied.line());
            lifeline.session(
                    applied.isPooled()
                            ? null
                            : Integer.valueOf(
                                    connection.unwrap(PGConnection.class).getBackendPID()));
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw SqlFailures.beforeAnyStatement(e);
        }
    }

    /** Opens the witness's connection without a lifeline. Its own time limits end it. */
    private Connection openWitness(Runnable heard) throws SQLException {
        var seconds = String.valueOf(Math.max(1, silence.answer().toSeconds()));
        return open(() -> new HeardSocket(heard), properties -> {
            // Otherwise the driver leaves a portal open with its snapshot, and CREATE INDEX CONCURRENTLY waits for it.
            properties.setProperty("preferQueryMode", "simple");
            for (var limit : List.of("connectTimeout", "socketTimeout", "loginTimeout"))
                properties.setProperty(limit, seconds);
        });
    }

    private Connection open(KeepAlive.Kind sockets, Consumer<Properties> more) throws SQLException {
        var target = settings.get().connection();
        var properties = properties(Address.resolve(SecretFiles.read(secret), target), target);
        more.accept(properties);
        var name = KeepAlive.named(sockets);
        properties.setProperty("socketFactoryArg", name);
        try {
            var connection = new Driver().connect(URL, properties);
            if (connection == null) throw new IllegalStateException("the driver does not know its own address form");
            return connection;
        } catch (SQLException e) {
            throw SqlFailures.beforeAnyStatement(e);
        } finally {
            KeepAlive.forget(name);
        }
    }

    /**
     * A connector to a replica of the same cluster, with the replica's own Secret. It ignores the target's host and
     * port, which are the primary's.
     *
     * @param name of the Secret, mounted beside the target's Secret as {@link Mounts#replica} says
     */
    public Connector replica(String name) {
        var folders = secret.resolveSibling(Mounts.REPLICAS.getFileName());
        return new Connector(
                folders.resolve(name), rootCert, () -> ofReplica(settings.get(), name), applicationName, silence);
    }

    private static Settings ofReplica(Settings target, String name) {
        var primary = target.connection();
        var connection = new Settings.Connection(
                name, null, null, primary.database(), primary.sslMode(), primary.rootCert(), primary.ledgerSchema());
        return new Settings(connection, target.locks(), target.pace(), target.dependsOn(), target.report());
    }

    /** Whether the folder of the Secret exists. The folder is empty where the Secret does not exist. */
    public boolean isMounted() {
        return Files.isDirectory(secret);
    }

    /**
     * What another program needs to connect to the database as this connector does.
     *
     * @param passwordFile the file in which that program finds {@link ClientAccess#passwordFileLine}
     * @throws MigrationFailure if a file or key is missing
     */
    public ClientAccess clientAccess(Path passwordFile) {
        var target = settings.get().connection();
        return ClientAccess.of(
                Address.resolve(SecretFiles.read(secret), target), target, rootCert, passwordFile, applicationName);
    }

    /** The Secret that credentials come from. */
    String secretName() {
        return settings.get().connection().secret();
    }

    /** Logs a line only when it changes: a run opens many sessions, and the same line for each would hide others. */
    private void logOnce(String line) {
        if (!line.equals(logged.getAndSet(line))) Log.info(line);
    }

    private Properties properties(Address address, Settings.Connection target) {
        var properties = new Properties();
        properties.setProperty("PGHOST", address.host());
        properties.setProperty("PGPORT", String.valueOf(address.port()));
        properties.setProperty("PGDBNAME", address.database());
        properties.setProperty("user", address.user());
        properties.setProperty("password", address.password());
        properties.setProperty("ApplicationName", applicationName);
        // A stack trace in the log must not contain the server's details about rows.
        properties.setProperty("logServerErrorDetail", "false");
        properties.setProperty("connectTimeout", "10");
        properties.setProperty("loginTimeout", "15");
        properties.setProperty("tcpKeepAlive", "true");
        properties.setProperty("socketFactory", KeepAlive.class.getName());
        // No named statements: PostgreSQL plans each batch for its own bounds, and poolers lose the names.
        properties.setProperty("prepareThreshold", "0");
        properties.setProperty("sslmode", target.sslMode());
        if (target.sslMode().startsWith("verify-")) verify(properties, target);
        return properties;
    }

    private void verify(Properties properties, Settings.Connection target) {
        if (target.rootCert() == null) {
            properties.setProperty("sslfactory", "org.postgresql.ssl.DefaultJavaSSLFactory");
            return;
        }
        if (!Files.isReadable(rootCert))
            throw new MigrationFailure(
                    Reason.CredentialsMissing,
                    "the certificate authority " + target.rootCert()
                            + " does not exist (nothing is mounted): create the Secret with this key");
        properties.setProperty("sslrootcert", rootCert.toString());
    }
}
