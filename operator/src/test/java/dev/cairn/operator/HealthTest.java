package dev.cairn.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.cases.SilentConnections;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class HealthTest {
    private final List<String> hung = new CopyOnWriteArrayList<>();
    private final AtomicBoolean ready = new AtomicBoolean();

    @Test
    void itAnswersEachProbeByItself() throws Exception {
        try (var health = new Health(0, () -> hung, ready::get)) {
            assertThat(status(health, "/healthz")).isEqualTo(200);
            assertThat(status(health, "/readyz")).isEqualTo(503);
            assertThat(status(health, "/else")).isEqualTo(404);
        }
    }

    @Test
    void itIsNotLiveWhileAWorkerHangsAndSaysWhere() throws Exception {
        try (var health = new Health(0, () -> hung, ready::get)) {
            hung.add("team/SchemaMigration/a");

            var answer = get(health, "/healthz");
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.body()).startsWith("team/SchemaMigration/a: its worker has hung");

            hung.clear();
            assertThat(status(health, "/healthz")).isEqualTo(200);
        }
    }

    @Test
    void itAnswersBesideAHundredSilentConnections() throws Exception {
        try (var health = new Health(0, () -> hung, ready::get);
                var silent = SilentConnections.open(health.port(), 100)) {
            assertThat(status(health, "/healthz")).isEqualTo(200);
        }
    }

    /** The kubelet waits five seconds; a busy machine gets more here. */
    private static HttpResponse<String> get(Health health, String path) throws IOException, InterruptedException {
        try (var client = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(URI.create("http://localhost:" + health.port() + path))
                    .timeout(Duration.ofSeconds(20))
                    .build();
            return client.send(request, BodyHandlers.ofString());
        }
    }

    private static int status(Health health, String path) throws IOException, InterruptedException {
        return get(health, path).statusCode();
    }
}
