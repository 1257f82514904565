package dev.cairn.runner.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.plan.Reason;
import dev.cairn.plan.Settings;
import dev.cairn.runner.end.MigrationFailure;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressTest {
    private static final Settings.Connection TARGET =
            new Settings.Connection("chat-db-app", null, null, null, "require", null, "cairn");

    private static Address resolve(String... keysAndValues) {
        var secret = new HashMap<String, String>();
        for (int n = 0; n < keysAndValues.length; n += 2) secret.put(keysAndValues[n], keysAndValues[n + 1]);
        return Address.resolve(secret, TARGET);
    }

    @Test
    void asCloudNativePgWritesIt() {
        assertThat(resolve(
                        "host",
                        "chat-rw",
                        "port",
                        "5432",
                        "dbname",
                        "app",
                        "user",
                        "app",
                        "username",
                        "app",
                        "password",
                        "p",
                        "uri",
                        "postgresql://app:other@elsewhere:1/app",
                        "jdbc-uri",
                        "jdbc:postgresql://elsewhere:1/app"))
                .isEqualTo(new Address("chat-rw", 5432, "app", "app", "p"));
    }

    @Test
    void asCrunchyWritesIt() {
        assertThat(resolve(
                        "host",
                        "h.svc",
                        "port",
                        "5433",
                        "dbname",
                        "d",
                        "user",
                        "u",
                        "password",
                        "p",
                        "verifier",
                        "SCRAM"))
                .isEqualTo(new Address("h.svc", 5433, "d", "u", "p"));
    }

    @Test
    void asZalandoWritesItWithTheRestInTheTarget() {
        var target = new Settings.Connection("z", "chat", 6432, "shop", "require", null, "cairn");
        assertThat(Address.resolve(Map.of("username", "u", "password", "p"), target))
                .isEqualTo(new Address("chat", 6432, "shop", "u", "p"));
    }

    @Test
    void asServiceBindingWritesIt() {
        assertThat(resolve(
                        "type",
                        "postgresql",
                        "provider",
                        "x",
                        "host",
                        "h",
                        "port",
                        "1",
                        "database",
                        "d",
                        "username",
                        "u",
                        "password",
                        "p"))
                .isEqualTo(new Address("h", 1, "d", "u", "p"));
    }

    @Test
    void aUriAloneIsEnoughAndItsEscapesAreUndone() {
        var expected = new Address("h", 5432, "d b", "u@x", "p:/+%");
        assertThat(resolve("uri", "postgresql://u%40x:p%3A%2F+%25@h/d%20b?sslmode=disable"))
                .isEqualTo(expected);
        assertThat(resolve("DATABASE_URL", "postgres://u%40x:p%3A%2F+%25@h:5432/d%20b"))
                .isEqualTo(expected);
        assertThat(resolve("jdbc-uri", "jdbc:postgresql://h:5432/d%20b?user=u%40x&password=p%3A%2F%2B%25"))
                .isEqualTo(expected);
        assertThat(resolve("url", "postgresql://u:p@[::1]:5/d")).isEqualTo(new Address("::1", 5, "d", "u", "p"));
    }

    @Test
    void theTargetsOwnWordsWin() {
        var target = new Settings.Connection("s", "over", 9, "ride", "require", null, "cairn");
        assertThat(Address.resolve(Map.of("uri", "postgresql://u:p@h:1/d"), target))
                .isEqualTo(new Address("over", 9, "ride", "u", "p"));
    }

    @Test
    void aSecretThatDoesNotExistIsNotTheSameAsAMissingKey() {
        assertThatThrownBy(() -> resolve())
                .isInstanceOfSatisfying(
                        MigrationFailure.class, e -> assertThat(e.reason()).isEqualTo(Reason.CredentialsMissing))
                .hasMessageStartingWith("Secret \"chat-db-app\" does not exist or is empty (nothing is mounted)");
        assertThatThrownBy(() -> resolve("username", "u", "host", "h", "dbname", "d"))
                .hasMessageStartingWith("Secret \"chat-db-app\" has no key \"password\": add it, or give");
        assertThatThrownBy(() -> resolve("username", "u", "password", "geheim"))
                .hasMessageStartingWith(
                        "Secret \"chat-db-app\" has no key \"host\" and no key \"dbname\": add them, or set "
                                + "spec.connection.host and database of the target")
                .hasMessageNotContaining("geheim");
    }

    /** A URL made of them would have options of the driver: no TLS, a class of its own for sockets. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "h?sslmode=disable&socketFactory=x",
                "h/d?user=other",
                "/var/run/postgresql",
                "h:1/x",
                "a,b",
                "h\\x",
                "h%2Fd",
                "h x",
                "-h",
                "::1/x"
            })
    void aHostThatIsNoneIsRefused(String host) {
        assertThatThrownBy(() -> resolve("username", "u", "password", "p", "dbname", "d", "host", host))
                .isInstanceOfSatisfying(
                        MigrationFailure.class, e -> assertThat(e.reason()).isEqualTo(Reason.CredentialsMissing))
                .hasMessageStartingWith("Secret \"chat-db-app\": the host is neither a host name")
                .hasMessageNotContaining(host);
        var target = new Settings.Connection("s", host, null, "d", "require", null, "cairn");
        assertThatThrownBy(() -> Address.resolve(Map.of("username", "u", "password", "p"), target))
                .hasMessageStartingWith("spec.connection.host of the target, \"" + host + "\", is neither");
    }

    @ParameterizedTest
    @ValueSource(strings = {"db", "db-1.example.org", "10.0.0.1", "::1", "fe80::1%eth0", "my_db.svc.cluster.local"})
    void aHostIsANameOrAnAddress(String host) {
        assertThat(resolve("username", "u", "password", "p", "dbname", "d?ssl=x", "host", host))
                .isEqualTo(new Address(host, 5432, "d?ssl=x", "u", "p"));
    }

    @Test
    void nothingThatCannotBeReadIsRepeated() {
        assertThatThrownBy(() -> resolve("uri", "postgresql://u:geh eim@h/d"))
                .hasMessageContaining("the key \"uri\" is no valid URI at character")
                .hasMessageNotContaining("eim")
                .hasNoCause();
        assertThatThrownBy(() -> resolve("uri", "mysql://u:geheim@h/d"))
                .hasMessageContaining("does not begin with postgresql://")
                .hasMessageNotContaining("geheim");
        assertThat(new Address("h", 1, "d", "u", "geheim").toString()).doesNotContain("geheim");
    }
}
