package dev.cairn.runner.session;

import dev.cairn.runner.TestDatabase;
import dev.cairn.runner.TlsServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The same below TLS, whose own reads are cut as the driver's are. */
class TlsSilenceTest extends SilenceTest {
    private static TlsServer server;

    @BeforeAll
    static void start() throws Exception {
        server = TlsServer.start();
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @Override
    TestDatabase create() {
        return TestDatabase.createOn(server.port());
    }

    @Override
    String sslMode() {
        return "require";
    }
}
