package dev.cairn.operator;

import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.time.InstantSource;
import org.slf4j.LoggerFactory;

/** The operator's process. Configured by its environment: see {@link Options}. */
public final class Main {
    private Main() {}

    /** Runs until it is told to stop, or until it can no longer do its work. */
    public static void main(String[] args) throws IOException {
        // The logger reads its level when it is first used, so that comes after.
        System.setProperty(
                "org.slf4j.simpleLogger.defaultLogLevel", System.getenv().getOrDefault("CAIRN_LOG_LEVEL", "info"));
        var log = LoggerFactory.getLogger(Main.class);
        var options = Options.from(System.getenv());
        var client = new KubernetesClientBuilder().build();
        var operator = new CairnOperator(client, options, InstantSource.system());
        var health = new Health(options.healthPort(), operator::isHealthy, operator::isReady);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(operator, health), "stop"));
        operator.onLoss(failure -> {
            log.error("A watch has ended; the operator starts anew", failure);
            System.exit(1);
        });
        try {
            operator.start();
        } catch (RuntimeException e) {
            log.error("The operator cannot start: {}", e.getMessage(), e);
            System.exit(1);
        }
        log.info("Watching {}", options.namespaces().isEmpty() ? "all namespaces" : options.namespaces());
    }

    private static void stop(CairnOperator operator, Health health) {
        health.close();
        operator.close();
    }
}
