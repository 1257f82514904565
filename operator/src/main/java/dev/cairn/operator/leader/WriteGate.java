package dev.cairn.operator.leader;

import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * Stands before every request of a client and refuses those that write while the lease is not held for certain. So nothing
 * that writes needs a check of its own, and a former leader that wakes up writes nothing.
 */
public final class WriteGate implements Interceptor {
    private static final Set<String> READS = Set.of("GET", "HEAD", "OPTIONS");

    private final BooleanSupplier mayWrite;

    /** @param mayWrite asked at each request that writes */
    public WriteGate(BooleanSupplier mayWrite) {
        this.mayWrite = mayWrite;
    }

    /** Thrown in place of a write without the lease. */
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
