package dev.cairn.operator.leader;

import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * Checks every request of a client. It refuses requests that write while this replica may not hold the lease. So code
 * that writes needs no check of its own, and a former leader writes nothing after a pause.
 */
public final class WriteGate implements Interceptor {
    private static final Set<String> READS = Set.of("GET", "HEAD", "OPTIONS");

    private final BooleanSupplier mayWrite;

    /** @param mayWrite checked for each request that writes */
    public WriteGate(BooleanSupplier mayWrite) {
        this.mayWrite = mayWrite;
    }

    /** Thrown instead of a write without the lease. */
    public static final class ClosedException extends IllegalStateException {
        private static final long serialVersionUID = 1;

        ClosedException(HttpRequest request) {
            super("not sent without the lease: " + request.method() + " "
                    + request.uri().getPath());
        }
    }

    @Override
    public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
        if (!READS.contains(request.method()) && !mayWrite.getAsBoolean()) throw new ClosedException(request);
    }
}
