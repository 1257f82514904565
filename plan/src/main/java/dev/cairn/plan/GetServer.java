package dev.cairn.plan;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * Answers GET requests on a few paths: the operator's probes, the runner's progress. A silent or slow connection delays
 * no other connection. The server closes it.
 */
public final class GetServer implements AutoCloseable {
    /** How many connections may wait to be accepted. */
    private static final int BACKLOG = 128;

    /** Seconds for a request to arrive, and for the client to read the answer. */
    private static final String LIMIT = "5";

    static {
        // The JDK reads these once, when a process makes its first server.
        System.setProperty("sun.net.httpserver.maxReqTime", LIMIT);
        System.setProperty("sun.net.httpserver.maxRspTime", LIMIT);
    }

    /**
     * What a path answers.
     *
     * @param status of HTTP
     * @param type the content's type
     * @param body the content
     */
    public record Answer(int status, String type, String body) {}

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    private GetServer(HttpServer server) {
        this.server = server;
        // Without an executor, the thread that accepts connections also reads the requests.
        server.setExecutor(threads);
    }

    /**
     * Begins to listen.
     *
     * @param port 0 for any free one
     * @param answers by exact path; any other path is 404, any other method 405
     * @throws IOException if the port is taken
     */
    public static GetServer start(int port, Map<String, Supplier<Answer>> answers) throws IOException {
        var server = new GetServer(HttpServer.create(new InetSocketAddress(port), BACKLOG));
        answers.forEach(
                (path, answer) -> server.server.createContext(path, exchange -> handle(exchange, path, answer)));
        server.server.start();
        return server;
    }

    /** Where it listens. */
    public int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private static void handle(HttpExchange exchange, String path, Supplier<Answer> answer) throws IOException {
        try (exchange) {
            // A context answers all paths that begin with its path.
            if (!exchange.getRequestURI().getPath().equals(path)) exchange.sendResponseHeaders(404, -1);
            else if (!exchange.getRequestMethod().equals("GET")) exchange.sendResponseHeaders(405, -1);
            else send(exchange, answer.get());
        }
    }

    private static void send(HttpExchange exchange, Answer answer) throws IOException {
        var bytes = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", answer.type());
        exchange.sendResponseHeaders(answer.status(), bytes.length);
        exchange.getResponseBody().write(bytes);
    }
}
