package dev.cairn.runner.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.cases.SilentConnections;
import dev.cairn.plan.Progress;
import dev.cairn.plan.Progress.Activity;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProgressServerTest {
    private final Tracker tracker = new Tracker();

    private HttpResponse<String> ask(ProgressServer server, String method, String path)
            throws IOException, InterruptedException {
        try (var client = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(URI.create("http://localhost:" + server.port() + path))
                    .timeout(Duration.ofSeconds(20))
                    .method(method, HttpRequest.BodyPublishers.noBody())
                    .build();
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        }
    }

    @Test
    void itTellsTheProgressAsJsonAndAsMetrics() throws IOException, InterruptedException {
        // given a walk that waits
        tracker.attempts(3);
        var impact = new Progress.Impact(true, 50, 12, 82, 8192L, 300L);
        tracker.walk(
                90, 2, 100, 1000L, 50, 1_700_000_000_000L, List.of(new Progress.Range(null, "9", "1", 90)), 2, impact);
        tracker.activity(Activity.Waiting, "for pid 7");

        try (var server = ProgressServer.start(0, tracker)) {
            // then both forms say so
            var json = ask(server, "GET", "/progress");
            assertThat(json.headers().firstValue("Content-Type")).contains("application/json");
            assertThat(json.body())
                    .as("operators of other versions read these fields: never rename one")
                    .isEqualTo("""
                            {"activity":"Waiting","attempts":3,"batchSize":50,"cause":"for pid 7",\
                            "checkpointAtMillis":1700000000000,"estimatedRows":1000,"heldBy":[],\
                            "impact":{"heapGrowthBytes":8192,"hotPercent":82,"lockMillis":12,\
                            "rowsPerTransaction":50,"striped":true,"walBytesPerRow":300},\
                            "ranges":[{"cursor":"1","rows":90,"to":"9"}],"rows":90,"rowsPerSecond":0,"skipped":2,\
                            "steps":0,"stepsDone":0,"walk":2,"walked":100}""");
            assertThat(ask(server, "GET", "/metrics").body())
                    .contains(
                            "cairn_rows_changed_total 90\n",
                            "cairn_estimated_keys 1000\n",
                            "cairn_checkpoint_timestamp_seconds 1.7E9\n",
                            "cairn_activity{activity=\"Waiting\"} 1\n",
                            "cairn_activity{activity=\"Running\"} 0\n");
        }
    }

    @Test
    void itAnswersNothingElse() throws IOException, InterruptedException {
        try (var server = ProgressServer.start(0, tracker)) {
            assertThat(ask(server, "POST", "/progress").statusCode()).isEqualTo(405);
            assertThat(ask(server, "GET", "/progress/x").statusCode()).isEqualTo(404);
            assertThat(ask(server, "GET", "/").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void itAnswersBesideAHundredSilentConnections() throws IOException, InterruptedException {
        try (var server = ProgressServer.start(0, tracker);
                var silent = SilentConnections.open(server.port(), 100)) {
            assertThat(ask(server, "GET", "/progress").statusCode()).isEqualTo(200);
        }
    }
}
