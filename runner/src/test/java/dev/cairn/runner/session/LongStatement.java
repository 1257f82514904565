package dev.cairn.runner.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.cairn.runner.TestDatabase;
import dev.cairn.runner.session.SqlFailures.Kind;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** A statement that sleeps on the server, on a connection and a thread of its own. */
record LongStatement(Connection connection, CompletableFuture<Boolean> answer) implements AutoCloseable {
    private static final String AT_WORK =
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = current_database()";

    /** Starts one, and waits until the server is at it. */
    static LongStatement start(TestDatabase database, Connector connector, double seconds) throws SQLException {
        var connection = connector.connect();
        int before = Integer.parseInt(database.value(AT_WORK));
        var answer = new CompletableFuture<Boolean>();
        Thread.ofPlatform().daemon().start(() -> {
            try (var statement = connection.createStatement()) {
                answer.complete(statement.execute("SELECT pg_sleep(" + seconds + ")"));
            } catch (SQLException e) {
                answer.completeExceptionally(e);
            }
        });
        await().until(() -> Integer.parseInt(database.value(AT_WORK)) > before || answer.isDone());
        return new LongStatement(connection, answer);
    }

    /** Waits for its end, which is to be a good one. */
    void succeeds() {
        assertThat(answer.join()).isTrue();
    }

    /** Waits until it is given up as lost, for this reason. */
    void isLost(String why) {
        assertThatThrownBy(answer::join)
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOfSatisfying(SQLException.class, e -> {
                    assertThat(SqlFailures.kind(e)).isEqualTo(Kind.CONNECTION_LOST);
                    assertThat(SqlFailures.text(e)).contains(why);
                });
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
