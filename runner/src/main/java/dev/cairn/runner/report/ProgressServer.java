package dev.cairn.runner.report;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.cairn.plan.Json;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

/** Answers {@code GET /progress} and {@code GET /metrics}. Advisory: nothing waits for it, and it changes nothing. */
public final class ProgressServer implements AutoCloseable {
    private final HttpServer server;

    private ProgressServer(HttpServer server) {
        this.server = server;
    }

    /** @param port 0 for any free one */
    public static ProgressServer start(int port, Tracker progress) throws IOException {
        var server = HttpServer.create(new InetSocketAddress(port), 8);
        answer(server, "/progress", "application/json", () -> Json.write(progress.progress()));
        answer(server, "/metrics", "text/plain; version=0.0.4; charset=utf-8", () -> Metrics.text(progress.progress()));
        server.start();
        return new ProgressServer(server);
    }

    /** Where it listens. */
    public int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private static void answer(HttpServer server, String path, String type, Supplier<String> body) {
        server.createContext(path, exchange -> {
            try (exchange) {
                answer(exchange, path, type, body);
            }
        });
    }

    private static void answer(HttpExchange exchange, String path, String type, Supplier<String> body)
            throws IOException {
        // A context answers for everything that begins with its path.
        int status = !exchange.getRequestURI().getPath().equals(path)
                ? 404
                : exchange.getRequestMethod().equals("GET") ? 200 : 405;
        if (status != 200) {
            exchange.sendResponseHeaders(status, -1);
            return;
        }
        var bytes = body.get().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
    }
}
