package dev.cairn.operator.leader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WriteGateTest {
    private final List<String> arrived = new CopyOnWriteArrayList<>();
    private volatile boolean mayWrite = true;
    private HttpServer server;
    private KubernetesClient client;

    @BeforeEach
    void startAnApiServerThatKnowsNothing() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            arrived.add(exchange.getRequestMethod());
            exchange.sendResponseHeaders(404, -1);
            exchange.close();
        });
        server.start();
        client = new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder()
                        .withMasterUrl("http://127.0.0.1:" + server.getAddress().getPort())
                        .withRequestRetryBackoffLimit(0)
                        .build())
                .withHttpClientBuilderConsumer(
                        http -> http.addOrReplaceInterceptor("write-gate", new WriteGate(() -> mayWrite)))
                .build();
    }

    @AfterEach
    void stop() {
        client.close();
        server.stop(0);
    }

    @Test
    void withoutTheLeaseNothingIsWrittenAndReadingGoesOn() {
        mayWrite = false;
        var map = new ConfigMapBuilder()
                .withNewMetadata()
                .withNamespace("team")
                .withName("a")
                .withResourceVersion("1")
                .endMetadata()
                .build();
        var resource = client.resource(map);

        assertThatThrownBy(resource::create).isInstanceOf(WriteGate.ClosedException.class);
        assertThatThrownBy(resource::update).isInstanceOf(WriteGate.ClosedException.class);
        assertThatThrownBy(resource::serverSideApply).isInstanceOf(WriteGate.ClosedException.class);
        assertThatThrownBy(() -> resource.patch(PatchContext.of(PatchType.JSON_MERGE), map))
                .isInstanceOf(WriteGate.ClosedException.class);
        assertThatThrownBy(resource::delete).isInstanceOf(WriteGate.ClosedException.class);

        assertThat(resource.get()).isNull();
        assertThat(arrived).containsOnly("GET");
    }

    @Test
    void withItWritesArrive() {
        client.configMaps().inNamespace("team").withName("a").delete();

        assertThat(arrived).containsExactly("DELETE");
    }
}
