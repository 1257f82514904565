package dev.cairn.operator;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.function.BooleanSupplier;

/** Answers the kubelet: {@code /healthz} while the watches are kept up, {@code /readyz} once they are. */
final class Health implements AutoCloseable {
    private final HttpServer server;

    /** @throws IOException if the port is taken */
    Health(int port, BooleanSupplier live, BooleanSupplier ready) throws IOException {
        server = HttpServer.create(new InetSocketAddress(port), 0);
        server.createContext("/healthz", exchange -> answer(exchange, live.getAsBoolean()));
        server.createContext("/readyz", exchange -> answer(exchange, ready.getAsBoolean()));
        server.start();
    }

    /** Where it listens. */
    int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private static void answer(HttpExchange exchange, boolean well) throws IOException {
        var text = (well ? "ok\n" : "a watch is not kept up; see the log\n").getBytes(StandardCharsets.UTF_8);
        try (exchange) {
            exchange.sendResponseHeaders(well ? 200 : 503, text.length);
            exchange.getResponseBody().write(text);
        }
    }
}
