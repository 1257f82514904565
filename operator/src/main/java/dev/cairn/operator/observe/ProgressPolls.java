package dev.cairn.operator.observe;

import dev.cairn.operator.decide.Observation.Sighting;
import dev.cairn.plan.Json;
import dev.cairn.plan.Mounts;
import dev.cairn.plan.Progress;
import io.fabric8.kubernetes.api.model.Pod;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Polls every running pod for its progress, in the order of {@link PollOrder}. The answers are only advisory. They are
 * limited in size and validated. A missing answer changes only a message.
 */
public final class ProgressPolls implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ProgressPolls.class);
    private static final Duration TICK = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final long MAX_BYTES = 64 * 1024;

    private final Supplier<Stream<Pod>> pods;
    private final int port;
    private final Consumer<Pod> listener;
    private final Map<String, Sighting> sightings = new ConcurrentHashMap<>();
    private final PollOrder order = new PollOrder();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("progress-polls").factory());
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(PATIENCE)
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .build();

    /**
     * @param pods Cairn's pods, running or not
     * @param listener called with the pod after each answer and after each failed poll
     */
    public ProgressPolls(Supplier<Stream<Pod>> pods, Consumer<Pod> listener) {
        this(pods, Mounts.PORT, listener);
    }

    ProgressPolls(Supplier<Stream<Pod>> pods, int port, Consumer<Pod> listener) {
        this.pods = pods;
        this.port = port;
        this.listener = listener;
    }

    /** Starts the polls, a few pods each second. */
    public void start() {
        var _ = clock.scheduleWithFixedDelay(this::askNextSafely, 0, TICK.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        clock.shutdownNow();
        http.shutdownNow();
    }

    /** The last answer of the pod with this UID. */
    Sighting of(String podUid) {
        return sightings.getOrDefault(podUid, Sighting.NONE);
    }

    /** Catches all exceptions: an exception would end the schedule silently. */
    private void askNextSafely() {
        try {
            askNext();
        } catch (RuntimeException e) {
            LOG.warn("Progress was not asked for in this second", e);
        }
    }

    /** Polls the running pods whose turn it is in this second. Returns at once. */
    void askNext() {
        var present = pods.get().filter(ProgressPolls::hasNotSucceeded).toList();
        // The last answer of a failed pod shows whether its attempt made progress.
        Set<String> uids =
                present.stream().map(pod -> pod.getMetadata().getUid()).collect(Collectors.toSet());
        sightings.keySet().retainAll(uids);
        var running = present.stream()
                .filter(ProgressPolls::answers)
                .collect(Collectors.toMap(pod -> pod.getMetadata().getUid(), Function.identity()));
        order.next(running.keySet()).stream().map(running::get).forEach(this::ask);
    }

    private void ask(Pod pod) {
        var request = HttpRequest.newBuilder(address(pod.getStatus().getPodIP()))
                .timeout(PATIENCE)
                .build();
        // The request's own timeout covers only the headers. This one also ends a slow body.
        var _ = http.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofString(), MAX_BYTES))
                .orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                .thenApply(ProgressPolls::progress)
                .handle((progress, failure) -> remember(pod, progress));
    }

    private URI address(String ip) {
        var host = ip.contains(":") ? "[" + ip + "]" : ip;
        return URI.create("http://" + host + ":" + port + "/progress");
    }

    private static Progress progress(HttpResponse<String> response) {
        if (response.statusCode() != 200)
            throw new IllegalArgumentException("status " + response.statusCode() + " instead of 200");
        return Json.read(response.body(), Progress.class);
    }

    private @Nullable Void remember(Pod pod, @Nullable Progress progress) {
        sightings.compute(pod.getMetadata().getUid(), (uid, before) -> {
            if (progress != null) return new Sighting(progress, 0);
            return before == null ? new Sighting(null, 1) : new Sighting(before.progress(), before.misses() + 1);
        });
        listener.accept(pod);
        return null;
    }

    private static boolean hasNotSucceeded(Pod pod) {
        return pod.getStatus() == null || !"Succeeded".equals(pod.getStatus().getPhase());
    }

    private static boolean answers(Pod pod) {
        var status = pod.getStatus();
        return status != null
                && "Running".equals(status.getPhase())
                && status.getPodIP() != null
                && pod.getMetadata().getDeletionTimestamp() == null;
    }
}
