package dev.cairn.operator;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Starts what goes into the image against an API server without any objects, so that the JVM writes the cache with
 * which the image's containers start. The build calls it with the module's target folder.
 */
final class Training {
    private static final String CACHE = "startup.aot";
    private static final byte[] NOTHING =
            "{\"metadata\": {\"resourceVersion\": \"1\"}, \"items\": []}".getBytes(StandardCharsets.UTF_8);
    private static final int PATIENCE_MINUTES = 5;

    private final CountDownLatch over = new CountDownLatch(1);

    public static void main(String[] args) throws Exception {
        new Training().run(Path.of(args[0]));
    }

    private void run(Path target) throws IOException, InterruptedException {
        var container = target.resolve("image-training");
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            server.setExecutor(threads);
            server.createContext("/", this::answer);
            server.start();
            train(container, "http://127.0.0.1:" + server.getAddress().getPort());
            over.countDown();
            server.stop(0);
        }
        Files.copy(
                container.resolve("app").resolve(CACHE),
                target.resolve("image-root").resolve("app").resolve(CACHE));
    }

    private static void train(Path container, String server) throws IOException, InterruptedException {
        int port = freePort();
        var builder = new ProcessBuilder(
                container.resolve("opt/java/bin/java").toString(), "@" + container.resolve("java.args"));
        builder.environment()
                .putAll(Map.of(
                        "KUBERNETES_MASTER", server,
                        "KUBERNETES_AUTH_TRYKUBECONFIG", "false",
                        "KUBERNETES_AUTH_TRYSERVICEACCOUNT", "false",
                        "CAIRN_RUNNER_IMAGE", "training",
                        "CAIRN_HEALTH_PORT", String.valueOf(port),
                        "CAIRN_LOG_LEVEL", "error"));
        var process = builder.redirectErrorStream(true)
                .redirectOutput(container.resolve("log").toFile())
                .start();
        try {
            awaitReady(process, port);
            process.destroy(); // SIGTERM; the cache is written on the way out
            if (!process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES))
                throw new IllegalStateException("the operator does not end");
        } finally {
            process.destroyForcibly();
        }
    }

    private static void awaitReady(Process process, int port) throws InterruptedException {
        var ready = URI.create("http://127.0.0.1:" + port + "/readyz");
        for (int tries = 0; tries < PATIENCE_MINUTES * 60 * 10; tries++) {
            if (process.waitFor(100, TimeUnit.MILLISECONDS))
                throw new IllegalStateException(
                        "the operator ended with status " + process.exitValue() + ": see image-training/log");
            try {
                var connection = (HttpURLConnection) ready.toURL().openConnection();
                if (connection.getResponseCode() == 200) return;
            } catch (IOException e) {
                // not listening yet
            }
        }
        throw new IllegalStateException("the operator does not get ready");
    }

    private void answer(HttpExchange request) throws IOException {
        try (request) {
            var query = String.valueOf(request.getRequestURI().getQuery());
            if (request.getRequestHeaders().containsKey("Upgrade")) {
                request.sendResponseHeaders(200, -1); // no web sockets here: the client watches without one
            } else if (query.contains("watch=true")) {
                request.sendResponseHeaders(200, 0);
                request.getResponseBody().flush();
                over.await();
            } else {
                request.getResponseHeaders().add("Content-Type", "application/json");
                request.sendResponseHeaders(200, NOTHING.length);
                request.getResponseBody().write(NOTHING);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
