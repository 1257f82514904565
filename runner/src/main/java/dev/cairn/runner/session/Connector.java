package dev.cairn.runner.session;

import dev.cairn.plan.Mounts;
import dev.cairn.plan.Reason;
import dev.cairn.plan.Settings;
import dev.cairn.runner.end.MigrationFailure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;
import java.util.function.Supplier;
import org.postgresql.Driver;

/** Opens sessions. Reads the Secret and the settings anew each time, so that what changed counts from the next one. */
public final class Connector {
    private final Path secret;
    private final Path rootCert;
    private final Supplier<Settings> settings;
    private final String applicationName;

    /**
     * @param secret the folder of the Secret's files
     * @param rootCert the authority's certificate, for sslMode verify-ca and verify-full
     * @param applicationName what {@code pg_stat_activity} shows
     */
    public Connector(Path secret, Path rootCert, Supplier<Settings> settings, String applicationName) {
        this.secret = secret;
        this.rootCert = rootCert;
        this.settings = settings;
        this.applicationName = applicationName;
    }

    /**
     * A new session in autocommit mode. One try, at most about ten seconds.
     *
     * @throws MigrationFailure if a file or key is missing
     * @throws SQLException as the server or the network refused, for {@link SqlFailures}
     */
    public Connection connect() throws SQLException {
        var target = settings.get().connection();
        var address = Address.resolve(SecretFiles.read(secret), target);
        var connection = new Driver().connect(url(address), properties(address, target));
        if (connection == null) throw new IllegalStateException("the driver does not know its own address form");
        try {
            SessionSettings.apply(connection);
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /**
     * To a replica of the same cluster, by a Secret of its own; the target's host and port are the primary's.
     *
     * @param name of the Secret, mounted beside the target's as {@link Mounts#replica} says
     */
    public Connector replica(String name) {
        var folders = secret.resolveSibling(Mounts.REPLICAS.getFileName());
        return new Connector(folders.resolve(name), rootCert, () -> ofReplica(settings.get(), name), applicationName);
    }

    private static Settings ofReplica(Settings target, String name) {
        var primary = target.connection();
        var connection = new Settings.Connection(
                name, null, null, primary.database(), primary.sslMode(), primary.rootCert(), primary.ledgerSchema());
        return new Settings(connection, target.locks(), target.pace(), target.dependsOn());
    }

    /** Whether there is a folder for the Secret: it is empty where the Secret does not exist. */
    public boolean isMounted() {
        return Files.isDirectory(secret);
    }

    /**
     * What another program needs to reach the database as a session of this connector does.
     *
     * @param passwordFile where that program will find {@link ClientAccess#passwordFileLine}
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

    private static String url(Address address) {
        var host = address.host().contains(":") ? "[" + address.host() + "]" : address.host();
        // The database's name goes with the properties: there it needs no encoding.
        return "jdbc:postgresql://" + host + ":" + address.port() + "/";
    }

    private Properties properties(Address address, Settings.Connection target) {
        var properties = new Properties();
        properties.setProperty("PGDBNAME", address.database());
        properties.setProperty("user", address.user());
        properties.setProperty("password", address.password());
        properties.setProperty("ApplicationName", applicationName);
        properties.setProperty("connectTimeout", "10");
        properties.setProperty("loginTimeout", "15");
        properties.setProperty("tcpKeepAlive", "true");
        properties.setProperty("socketFactory", KeepAlive.class.getName());
        // Never a named statement: a plan is made for each batch's own bounds, and poolers lose names.
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
