package dev.cairn.plan;

import static dev.cairn.plan.Check.require;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** Something in the database that makes a backfill wait while its value is above the limit or cannot be read. */
public sealed interface HoldCondition {
    /** The type of a {@link Query} in JSON. */
    String QUERY = "query";

    /** The type of a {@link Signal} with a Secret in JSON. */
    String REPLICA_LAG = "replicaLag";

    /**
     * A signal and its limit.
     *
     * @param above the limit in the signal's unit, 0 or more
     * @param replicas for {@link HoldSignal#REPLICATION_LAG}: how many must be connected, 0 or more; 0 for others
     * @param secret for {@link HoldSignal#REPLICATION_LAG}: the Secret of the one replica that is asked itself, mounted
     *     at {@link Mounts#replica}; null to ask the primary, and for others
     */
    record Signal(
            HoldSignal signal,
            long above,
            int replicas,
            @Nullable String secret) implements HoldCondition {
        /** @throws IllegalArgumentException if a number is below zero or the Secret has no name */
        public Signal {
            require(above >= 0, "pace.holdWhile.above: zero or more");
            require(replicas >= 0, "pace.holdWhile.replicas: zero or more");
            require(secret == null || !secret.isEmpty(), "pace.holdWhile.secretRef: the name of a Secret");
        }

        /** Without replicas. */
        public Signal(HoldSignal signal, long above) {
            this(signal, above, 0, null);
        }

        /** The lag of the slowest replica, as the primary sees it. */
        public static Signal replicationLag(long aboveMillis, int replicas) {
            return new Signal(HoldSignal.REPLICATION_LAG, aboveMillis, replicas, null);
        }

        /** The lag of one replica, as the replica itself reports it. */
        public static Signal replicaLag(long aboveMillis, String secret) {
            return new Signal(HoldSignal.REPLICATION_LAG, aboveMillis, 0, secret);
        }
    }

    /**
     * The result of a query, which only reads.
     *
     * @param sql it returns one number, or one boolean; true makes the backfill wait
     * @param above the limit of the number, null for a boolean
     * @param ofPlan whether the query is part of the plan; queries of the target are not
     */
    record Query(String sql, @Nullable BigDecimal above, boolean ofPlan) implements HoldCondition {}

    /**
     * A condition of a newer operator. This version does not know it, so the backfill waits.
     *
     * @param type its name in the newer version
     */
    record Unknown(String type) implements HoldCondition {}

    /** The JSON form: the type first, then the fields that it has, in alphabetical order. */
    @JsonValue
    default JsonNode toJson() {
        var form = JsonNodeFactory.instance.objectNode();
        switch (this) {
            case Signal(var signal, var above, var replicas, var secret) -> {
                form.put("type", secret == null ? signal.label() : REPLICA_LAG);
                form.put(limit(signal), above);
                if (secret != null) form.put("secret", secret);
                else if (signal == HoldSignal.REPLICATION_LAG) form.put("replicas", replicas);
            }
            case Query(var sql, var above, var ofPlan) -> {
                form.put("type", QUERY);
                if (above != null) form.put("above", above);
                form.put("ofPlan", ofPlan);
                form.put("sql", sql);
            }
            case Unknown(var type) -> form.put("type", type);
        }
        return form;
    }

    /** Reads {@link #toJson}. Of a type that this version does not know, the fields may be anything. */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static HoldCondition fromJson(JsonNode form) {
        var type = form.path("type").asText();
        return switch (type) {
            case QUERY ->
                new Query(
                        form.path("sql").asText(),
                        form.hasNonNull("above") ? form.get("above").decimalValue() : null,
                        form.path("ofPlan").asBoolean());
            case REPLICA_LAG ->
                Signal.replicaLag(
                        form.path("aboveMillis").asLong(), form.path("secret").asText());
            default ->
                HoldSignal.of(type)
                        .<HoldCondition>map(signal -> new Signal(
                                signal,
                                form.path(limit(signal)).asLong(),
                                form.path("replicas").asInt(),
                                null))
                        .orElseGet(() -> new Unknown(type));
        };
    }

    private static String limit(HoldSignal signal) {
        return switch (signal.unit()) {
            case NUMBER -> "above";
            case MILLIS -> "aboveMillis";
        };
    }
}
