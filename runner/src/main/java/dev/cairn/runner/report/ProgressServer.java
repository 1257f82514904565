package dev.cairn.runner.report;

import dev.cairn.plan.GetServer;
import dev.cairn.plan.GetServer.Answer;
import dev.cairn.plan.Json;
import java.io.IOException;
import java.util.Map;

/** Answers {@code GET /progress} and {@code GET /metrics}. It is advisory: nothing depends on it. */
public final class ProgressServer implements AutoCloseable {
    private final GetServer server;

    private ProgressServer(GetServer server) {
        this.server = server;
    }

    /** @param port 0 for any free one */
    public static ProgressServer start(int port, Tracker progress) throws IOException {
        return new ProgressServer(GetServer.start(
                port,
                Map.of(
                        "/progress",
                        () -> new Answer(200, "application/json", Json.write(progress.progress())),
                        "/metrics",
                        () -> new Answer(
                                200, "text/plain; version=0.0.4; charset=utf-8", Metrics.text(progress.progress())))));
    }

    /** Where it listens. */
    public int port() {
        return server.port();
    }

    @Override
    public void close() {
        server.close();
    }
}
