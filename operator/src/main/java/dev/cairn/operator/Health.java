package dev.cairn.operator;

import dev.cairn.plan.GetServer;
import java.io.IOException;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** Answers the kubelet: {@code /healthz} while the watches are kept up, {@code /readyz} once they are. */
final class Health implements AutoCloseable {
    private final GetServer server;

    /** @throws IOException if the port is taken */
    Health(int port, BooleanSupplier live, BooleanSupplier ready) throws IOException {
        server = GetServer.start(
                port,
                Map.of("/healthz", () -> answer(live.getAsBoolean()), "/readyz", () -> answer(ready.getAsBoolean())));
    }

    /** Where it listens. */
    int port() {
        return server.port();
    }

    @Override
    public void close() {
        server.close();
    }

    private static GetServer.Answer answer(boolean well) {
        return new GetServer.Answer(
                well ? 200 : 503, "text/plain; charset=utf-8", well ? "ok\n" : "a watch is not kept up; see the log\n");
    }
}
