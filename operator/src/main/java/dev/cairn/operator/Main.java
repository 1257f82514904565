package dev.cairn.operator;

import io.fabric8.kubernetes.client.Config;
import java.io.IOException;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The operator's process. Configured by its environment: see {@link Options}. */
public final class Main {
    private Main() {}

    /** Runs until SIGTERM, or until it can no longer do its work. */
    public static void main(String[] args) throws IOException {
        // The logger reads its level at its first use, so set the level before.
        System.setProperty(
                "org.slf4j.simpleLogger.defaultLogLevel", System.getenv().getOrDefault("CAIRN_LOG_LEVEL", "info"));
        var log = LoggerFactory.getLogger(Main.class);
        var options = Options.from(System.getenv());
        var operator = new CairnOperator(
                Config.autoConfigure(null), options, InstantSource.system(), failure -> startAnew(log, failure));
        // Health is ok from the start: a restart does not help while the API server is unreachable.
        var health = new Health(options.healthPort(), operator::hung, operator::isReady);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(operator, health), "stop"));
        try {
            operator.start();
        } catch (RuntimeException e) {
            log.error("The operator cannot start: {}", e.getMessage(), e);
            System.exit(1);
        }
        log.info("Watching {}", options.namespaces().isEmpty() ? "all namespaces" : options.namespaces());
    }

    private static void startAnew(Logger log, Throwable failure) {
        log.error("The operator ends, for a restart: {}", failure.getMessage(), failure);
        System.exit(1);
    }

    private static void stop(CairnOperator operator, Health health) {
        health.close();
        operator.close();
    }
}
