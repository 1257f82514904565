package dev.cairn.e2e.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.cairn.crds.Phase;
import dev.cairn.plan.Json;
import dev.cairn.plan.Mounts;
import dev.cairn.plan.Progress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A backfill that goes to and fro between work and a hold. */
@OnControlPlane
class FlappingHoldTest {
    private static final String GRAPH = """
            apiVersion: cairn.dev/v1alpha1
            kind: MigrationTarget
            metadata: {name: chat}
            spec: {scope: chat, connection: {secretRef: {name: chat-db-app}}}
            ---
            apiVersion: cairn.dev/v1alpha1
            kind: DataMigration
            metadata: {name: flapping}
            spec:
              targetRef: {name: chat}
              over: {table: messages, as: m}
              sql: UPDATE messages m SET mood = 'calm' WHERE :batch
            ---
            apiVersion: cairn.dev/v1alpha1
            kind: SchemaMigration
            metadata: {name: dependent-1}
            spec:
              targetRef: {name: chat}
              dependsOn: [{kind: DataMigration, name: flapping}]
              steps: [{sql: SELECT 1}]
            ---
            apiVersion: cairn.dev/v1alpha1
            kind: DataMigration
            metadata: {name: dependent-2}
            spec:
              targetRef: {name: chat}
              dependsOn: [{kind: DataMigration, name: flapping}]
              sql: DELETE FROM messages
            """;

    /** A runner that is held at every other time that it is asked. */
    private static final class Runner implements AutoCloseable {
        final AtomicInteger asked = new AtomicInteger();
        private final HttpServer server;

        Runner() {
            try {
                server = HttpServer.create(freeAddress(), 0);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            server.createContext("/progress", exchange -> {
                boolean held = asked.getAndIncrement() % 2 == 1;
                var words = Json.write(progress(held)).getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(200, words.length);
                exchange.getResponseBody().write(words);
                exchange.close();
            });
            server.start();
        }

        /** All of 127/8 is this machine: a runner's port is always the same, so each has an address of its own. */
        private static InetSocketAddress freeAddress() throws UnknownHostException {
            var address = new byte[4];
            ThreadLocalRandom.current().nextBytes(address);
            address[0] = 127;
            address[3] |= 2; // neither the network itself nor localhost
            return new InetSocketAddress(InetAddress.getByAddress(address), Mounts.PORT);
        }

        String address() {
            return server.getAddress().getAddress().getHostAddress();
        }

        private static Progress progress(boolean held) {
            var activity = held ? Progress.Activity.Held : Progress.Activity.Running;
            var progress = new Progress(activity, null, 1, 0, 0, 10, 10, 1000L, 100, 50, 0, List.of());
            return held ? progress.with(null, List.of(), List.of("replicationLag 7.2s > 5s")) : progress;
        }

        @Override
        public void close() {
            server.stop(0);
        }
    }

    @Test
    void aHoldThatComesAndGoesWritesNothingInItsDependentsAndOneEventForEachWord(ControlPlane plane) {
        try (var runner = new Runner();
                var place = StandInNamespace.open(
                        plane, "flapping", (migration, attempt) -> new PodRun.Hangs(runner.address()))) {
            // given a backfill at work with two dependents
            place.apply(GRAPH);
            place.migrations().await("SchemaMigration/dependent-1", Phase.Waiting);
            place.migrations().await("DataMigration/dependent-2", Phase.Waiting);
            place.migrations().await("DataMigration/flapping", Phase.Held);

            // when it was held and let go several times more
            int seen = runner.asked.get();
            Awaitility.await("six more looks at its progress")
                    .atMost(Duration.ofMinutes(2))
                    .until(() -> runner.asked.get() >= seen + 6);
            place.migrations().await("DataMigration/flapping", Phase.Running);
            place.migrations().await("DataMigration/flapping", Phase.Held);

            // then its dependents were written once, when they were made, and no Event counts it each time
            assertThat(writes(plane, "dependent-1")).isEqualTo(1);
            assertThat(writes(plane, "dependent-2")).isEqualTo(1);
            assertThat(place.client()
                            .v1()
                            .events()
                            .inNamespace(place.namespace())
                            .list()
                            .getItems())
                    .filteredOn(
                            event -> "flapping".equals(event.getInvolvedObject().getName()))
                    .allSatisfy(event -> assertThat(event.getCount()).isEqualTo(1));
        }
    }

    /** Of the operator, to statuses of objects with this name. */
    private static long writes(ControlPlane plane, String name) {
        return plane.auditLog()
                .filter(event -> event.name().equals(name)
                        && event.resource().endsWith("migrations/status")
                        && event.verb().equals("patch"))
                .count();
    }
}
