package dev.cairn.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.cases.SilentConnections;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class HealthTest {
    private final AtomicBoolean live = new AtomicBoolean(true);
    private final AtomicBoolean ready = new AtomicBoolean();

    @Test
    void itAnswersEachProbeByItself() throws Exception {
        try (var health = new Health(0, live::get, ready::get)) {
            assertThat(status(health, "/healthz")).isEqualTo(200);
            assertThat(status(health, "/readyz")).isEqualTo(503);
            assertThat(status(health, "/else")).isEqualTo(404);
        }
    }

    @Test
    void itAnswersBesideAHundredSilentConnections() throws Exception {
        try (var health = new Health(0, live::get, ready::get);
                var silent = SilentConnections.open(health.port(), 100)) {
            assertThat(status(health, "/healthz")).isEqualTo(200);
        }
    }

    /** The kubelet waits five seconds; a busy machine gets more here. */
    private static int status(Health health, String path) throws IOException, InterruptedException {
        try (var client = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(URI.create("http://localhost:" + health.port() + path))
                    .timeout(Duration.ofSeconds(20))
                    .build();
            return client.send(request, BodyHandlers.discarding()).statusCode();
        }
    }
}
