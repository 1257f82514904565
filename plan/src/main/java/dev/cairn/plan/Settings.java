package dev.cairn.plan;

import static dev.cairn.plan.Check.require;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a plan runs. It may change while the Job runs, and is not part of the plan's hash. The runner reads it again
 * whenever the file changes. A changed connection counts from the next connect.
 *
 * @param connection where the database is
 * @param locks how long schema steps wait for locks, and how long anything that waits is tried again
 * @param pace how fast a backfill goes
 * @param dependsOn migrations that the database's own ledger must have as applied before this one starts; those of
 *     other scopes are in other ledgers and are not checked
 * @param report what status and log may show; null for all but values of rows, so that a runner of an earlier version
 *     can read the settings. A change counts from the next start
 */
public record Settings(
        Connection connection,
        Locks locks,
        Pace pace,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Identity> dependsOn,
        @Nullable Report report) {
    /** @throws IllegalArgumentException if one is missing */
    public Settings {
        require(connection != null && locks != null && pace != null, "settings: connection, locks and pace");
        // An operator of an earlier version does not write them.
        dependsOn = dependsOn == null ? List.of() : List.copyOf(dependsOn);
        report = report == null || report.keys() ? null : report;
    }

    /** Without dependencies. */
    public Settings(Connection connection, Locks locks, Pace pace) {
        this(connection, locks, pace, List.of(), null);
    }

    /** The settings without the fields that a runner of version 0.1 does not know: it refuses such fields. */
    public Settings asOfVersion01() {
        return new Settings(connection, locks, pace);
    }

    /** Whether status and log may show keys. */
    public boolean showsKeys() {
        return report == null;
    }

    /** The same with other dependencies. */
    public Settings with(List<Identity> dependencies) {
        return new Settings(connection, locks, pace, dependencies, report);
    }

    /** The same with another report. */
    public Settings with(Report other) {
        return new Settings(connection, locks, pace, dependsOn, other);
    }

    /**
     * What status and log may show of the database's contents. They never show values of rows.
     *
     * @param keys whether they show the keys of checkpoints, batches and rows that failed
     */
    public record Report(boolean keys) {}

    /**
     * Where the database is. What is null here is read from the Secret's files at {@link Mounts#SECRET}.
     *
     * @param secret the Secret's name, for messages
     * @param host overrides the Secret's
     * @param port overrides the Secret's
     * @param database overrides the Secret's
     * @param sslMode as libpq spells it: disable, require, verify-ca or verify-full
     * @param rootCert the Secret and key that hold the authority's certificate, for messages; the file is at
     *     {@link Mounts#ROOT_CERT}
     * @param ledgerSchema the schema that holds the ledger
     */
    public record Connection(
            String secret,
            @Nullable String host,
            @Nullable Integer port,
            @Nullable String database,
            String sslMode,
            @Nullable String rootCert,
            String ledgerSchema) {
        /** @throws IllegalArgumentException if the Secret, the SSL mode or the schema is missing */
        public Connection {
            require(
                    secret != null && sslMode != null && ledgerSchema != null,
                    "connection: secret, sslMode and ledgerSchema");
        }
    }

    /**
     * @param timeoutMillis the {@code lock_timeout} of a schema step, 1 or more
     * @param retryForMillis how long a pod tries again before it fails and the Job tries again: such a step, a batch that
     *     meets locks or a deadlock, the wait for older transactions before a walk
     */
    public record Locks(long timeoutMillis, long retryForMillis) {
        /** @throws IllegalArgumentException if a value is out of range */
        public Locks {
            require(timeoutMillis > 0, "locks.timeout: more than zero");
            require(retryForMillis >= 0, "locks.retryFor: zero or more");
        }
    }

    /**
     * @param batchMillis how long a batch should take; the batch size adapts to it
     * @param initialBatch rows of the first batch
     * @param minBatch rows of the smallest batch
     * @param maxBatch rows of the largest batch
     * @param maxRowsPerSecond of all workers together, null for no limit
     * @param parallelism how many workers, each with a connection, 1 to {@value #MOST_WORKERS}
     * @param order of the rows of a window
     * @param holds what makes it wait, at most {@value Progress#MAX_HOLDS}
     */
    public record Pace(
            long batchMillis,
            long initialBatch,
            long minBatch,
            long maxBatch,
            @Nullable Long maxRowsPerSecond,
            int parallelism,
            Order order,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<HoldCondition> holds) {
        /** More workers would only wait for each other. */
        public static final int MOST_WORKERS = 16;

        /** @throws IllegalArgumentException if a value is out of range */
        public Pace {
            require(batchMillis > 0, "pace.batchDuration: more than zero");
            require(
                    1 <= minBatch && minBatch <= initialBatch && initialBatch <= maxBatch,
                    "pace.batchSize: 1 <= min <= initial <= max");
            require(maxRowsPerSecond == null || maxRowsPerSecond > 0, "pace.maxRowsPerSecond: more than zero");
            require(1 <= parallelism && parallelism <= MOST_WORKERS, "pace.parallelism: 1 to " + MOST_WORKERS);
            order = order == null ? Order.Measured : order;
            holds = holds == null ? List.of() : List.copyOf(holds);
            require(holds.size() <= Progress.MAX_HOLDS, "pace.holdWhile: at most " + Progress.MAX_HOLDS);
        }

        /** Without holds. */
        public Pace(
                long batchMillis,
                long initialBatch,
                long minBatch,
                long maxBatch,
                @Nullable Long maxRowsPerSecond,
                int parallelism,
                Order order) {
            this(batchMillis, initialBatch, minBatch, maxBatch, maxRowsPerSecond, parallelism, order, List.of());
        }

        /** With one worker, in the better order as measured, without holds. */
        public Pace(
                long batchMillis, long initialBatch, long minBatch, long maxBatch, @Nullable Long maxRowsPerSecond) {
            this(batchMillis, initialBatch, minBatch, maxBatch, maxRowsPerSecond, 1, Order.Measured);
        }

        /** The same with other holds. */
        public Pace with(List<HoldCondition> holds) {
            return new Pace(batchMillis, initialBatch, minBatch, maxBatch, maxRowsPerSecond, parallelism, order, holds);
        }
    }

    /** The order in which the rows of a window of keys are walked. */
    public enum Order {
        /** Tries both and keeps the better one. */
        @JsonEnumDefaultValue
        Measured,
        /** By the key. */
        Plain,
        /** Every 8th or 16th row first, so that new row versions stay on their page. */
        Striped
    }
}
