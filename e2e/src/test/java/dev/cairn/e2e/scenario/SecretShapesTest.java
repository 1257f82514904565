package dev.cairn.e2e.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.crds.Phase;
import org.junit.jupiter.api.Test;

/** Secrets as the usual tools write them: the same database, told in the words of each. */
@OnCluster
class SecretShapesTest {
    @Test
    void itReadsTheSecretsOfTheUsualTools(Scenario scenario) throws Exception {
        // given the Secrets that five tools would write for one database, and a target on each
        var database = String.valueOf(scenario.value("SELECT current_database()"));
        var password = scenario.server().password();
        var uri = "postgresql://%s:%s@chat-db:5432/%s".formatted(database, password, database);
        scenario.apply(Written.secret(
                "cloudnativepg",
                "username",
                database,
                "user",
                database,
                "password",
                password,
                "dbname",
                database,
                "host",
                "chat-db",
                "port",
                "5432",
                "pgpass",
                "chat-db:5432:%s:%s:%s\\n".formatted(database, database, password),
                "uri",
                uri,
                "jdbc-uri",
                "jdbc:postgresql://chat-db:5432/%s?password=%s&user=%s".formatted(database, password, database)));
        scenario.apply(Written.secret(
                "crunchy",
                "user",
                database,
                "password",
                password,
                "dbname",
                database,
                "host",
                "chat-db",
                "port",
                "5432",
                "verifier",
                "SCRAM-SHA-256$4096:c2FsdA==$c3RvcmVk:c2VydmVy",
                "uri",
                uri,
                "jdbc-uri",
                "jdbc:postgresql://chat-db:5432/%s?password=%s&user=%s".formatted(database, password, database)));
        scenario.apply(Written.secret("zalando", "username", database, "password", password));
        scenario.apply(Written.secret(
                "servicebinding",
                "type",
                "postgresql",
                "provider",
                "somebody",
                "host",
                "chat-db",
                "port",
                "5432",
                "database",
                database,
                "username",
                database,
                "password",
                password));
        scenario.apply(Written.secret("heroku", "DATABASE_URL", uri.replace("postgresql:", "postgres:")));
        for (var tool : new String[] {"cloudnativepg", "crunchy", "servicebinding", "heroku"})
            scenario.apply(Written.target(tool, tool, tool));
        scenario.apply(Written.target("zalando", "zalando", "zalando")
                + "    host: chat-db\n    database: %s\n".formatted(database));

        // when a migration runs on each of them, all at once
        var tools = new String[] {"cloudnativepg", "crunchy", "zalando", "servicebinding", "heroku"};
        for (var tool : tools)
            scenario.apply(Written.schema("on-" + tool, tool, "CREATE TABLE of_%s (id int)".formatted(tool)));

        // then each reached it at its first attempt
        for (var tool : tools) {
            var migration = scenario.await("SchemaMigration/on-" + tool, Phase.Applied);
            assertThat(scenario.value("SELECT to_regclass('of_%s')".formatted(tool)))
                    .isEqualTo("of_" + tool);
            assertThat(migration.status().attempts()).as("attempts on " + tool).isEqualTo(1);
            scenario.footprint().requires("SchemaMigration/on-" + tool, 1, 1);
        }
    }
}
