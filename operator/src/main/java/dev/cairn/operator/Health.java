package dev.cairn.operator;

import dev.cairn.plan.GetServer;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers the kubelet: {@code /healthz} is ok while no worker hangs, {@code /readyz} while the watches run. */
final class Health implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Health.class);

    private final GetServer server;

    /**
     * @param hung objects that take too long, empty for none
     * @throws IOException if the port is taken
     */
    Health(int port, Supplier<? extends List<?>> hung, BooleanSupplier ready) throws IOException {
        server = GetServer.start(
                port, Map.of("/healthz", () -> live(hung.get()), "/readyz", () -> ready(ready.getAsBoolean())));
    }

    /** Where it listens. */
    int port() {
        return server.port();
    }

    @Override
    public void close() {
        server.close();
    }

    private static GetServer.Answer live(List<?> hung) {
        if (hung.isEmpty()) return answer(200, "ok");
        var problem =
                "%s: its worker has hung for minutes; the kubelet restarts the operator".formatted(hung.getFirst());
        LOG.error(problem);
        return answer(503, problem);
    }

    private static GetServer.Answer ready(boolean well) {
        return well ? answer(200, "ok") : answer(503, "a watch is not kept up; see the log");
    }

    private static GetServer.Answer answer(int status, String text) {
        return new GetServer.Answer(status, "text/plain; charset=utf-8", text + "\n");
    }
}
