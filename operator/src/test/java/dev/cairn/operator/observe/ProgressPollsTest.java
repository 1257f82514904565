package dev.cairn.operator.observe;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.cairn.operator.decide.Observation.Sighting;
import dev.cairn.plan.Json;
import dev.cairn.plan.Progress;
import dev.cairn.plan.Progress.Activity;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ProgressPollsTest {
    private static final Progress HALF_WAY =
            new Progress(Activity.Running, null, 1, 0, 0, 5, 5, 10L, 1, 1, 0, List.of());

    private final LinkedBlockingQueue<Pod> told = new LinkedBlockingQueue<>();
    private HttpServer runner;
    private volatile int status = 200;
    private volatile String body = Json.write(HALF_WAY);

    @BeforeEach
    void startTheRunner() throws IOException {
        runner = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        runner.createContext("/progress", exchange -> {
            var bytes = body.getBytes(StandardCharsets.UTF_8);
            if (status == 302) exchange.getResponseHeaders().add("Location", "/elsewhere");
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        runner.createContext("/elsewhere", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write(Json.write(HALF_WAY).getBytes(StandardCharsets.UTF_8));
            exchange.close();
        });
        runner.start();
    }

    @AfterEach
    void stopTheRunner() {
        runner.stop(0);
    }

    @Test
    void aRunningPodsAnswerIsRemembered() throws InterruptedException {
        assertThat(afterAsking(pod("Running"), 1)).isEqualTo(new Sighting(HALF_WAY, 0));
    }

    @Test
    void anAnswerThatIsNoProgressCountsAsNone() throws InterruptedException {
        body = "[\"Dancing\"]";
        assertThat(afterAsking(pod("Running"), 2)).isEqualTo(new Sighting(null, 2));
    }

    @Test
    void anAnswerWithImpossibleNumbersCountsAsNone() throws InterruptedException {
        body = Json.write(HALF_WAY).replace("\"walked\":5", "\"walked\":-5");
        assertThat(afterAsking(pod("Running"), 1)).isEqualTo(new Sighting(null, 1));
    }

    @Test
    void anEndlessAnswerIsCutOff() throws InterruptedException {
        body = " ".repeat(70_000) + Json.write(HALF_WAY);
        assertThat(afterAsking(pod("Running"), 1)).isEqualTo(new Sighting(null, 1));
    }

    @Test
    void aRedirectIsNotFollowed() throws InterruptedException {
        status = 302;
        assertThat(afterAsking(pod("Running"), 1)).isEqualTo(new Sighting(null, 1));
    }

    @Test
    void theLastAnswerIsKeptWhileThePodIsSilent() throws InterruptedException {
        var pod = pod("Running");
        try (var polls = polls(pod)) {
            ask(polls);
            status = 500;
            ask(polls);
            assertThat(polls.of("uid")).isEqualTo(new Sighting(HALF_WAY, 1));
        }
    }

    @Test
    void aPodThatDoesNotRunIsNotAsked() {
        try (var polls = polls(pod("Pending"))) {
            for (int second = 0; second < PollOrder.SECONDS_BETWEEN; second++) polls.askNext();
            assertThat(told).isEmpty();
            assertThat(polls.of("uid")).isEqualTo(Sighting.NONE);
        }
    }

    private Sighting afterAsking(Pod pod, int times) throws InterruptedException {
        try (var polls = polls(pod)) {
            for (int i = 0; i < times; i++) ask(polls);
            return polls.of("uid");
        }
    }

    private void ask(ProgressPolls polls) throws InterruptedException {
        for (int second = 0; second < PollOrder.SECONDS_BETWEEN; second++) polls.askNext();
        assertThat(told.poll(1, TimeUnit.MINUTES)).as("the listener is told").isNotNull();
    }

    private ProgressPolls polls(Pod pod) {
        return new ProgressPolls(
                () -> List.of(pod).stream(), runner.getAddress().getPort(), told::add);
    }

    private static Pod pod(String phase) {
        return new PodBuilder()
                .withNewMetadata()
                .withName("pod")
                .withUid("uid")
                .endMetadata()
                .withNewStatus()
                .withPhase(phase)
                .withPodIP("127.0.0.1")
                .endStatus()
                .build();
    }
}
