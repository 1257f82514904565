package dev.cairn.plan;

import static dev.cairn.plan.Check.require;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** Something in the database that makes a backfill wait while it is above its limit, or cannot be told. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type", visible = true, defaultImpl = HoldCondition.Unknown.class)
@JsonSubTypes({
    @JsonSubTypes.Type(value = HoldCondition.ReplicationLag.class, name = "replicationLag"),
    @JsonSubTypes.Type(value = HoldCondition.ReplicaLag.class, name = "replicaLag"),
    @JsonSubTypes.Type(value = HoldCondition.DeadTuples.class, name = "deadTuples"),
    @JsonSubTypes.Type(value = HoldCondition.OldestTransaction.class, name = "oldestTransaction"),
    @JsonSubTypes.Type(value = HoldCondition.WalToArchive.class, name = "walToArchive"),
    @JsonSubTypes.Type(value = HoldCondition.BlockedSessions.class, name = "blockedSessions"),
    @JsonSubTypes.Type(value = HoldCondition.Query.class, name = "query")
})
public sealed interface HoldCondition {
    /**
     * How far the slowest replica is behind, as the primary sees it.
     *
     * @param aboveMillis the limit, 0 or more
     * @param replicas how many have to be connected, 0 or more
     */
    record ReplicationLag(long aboveMillis, int replicas) implements HoldCondition {
        /** @throws IllegalArgumentException if a number is below zero */
        public ReplicationLag {
            requireLimit(aboveMillis);
            require(replicas >= 0, "pace.holdWhile.replicas: zero or more");
        }
    }

    /**
     * How far one replica is behind, by its own account.
     *
     * @param aboveMillis the limit, 0 or more
     * @param secret the Secret that says how to connect to it, mounted at {@link Mounts#replica}
     */
    record ReplicaLag(long aboveMillis, String secret) implements HoldCondition {
        /** @throws IllegalArgumentException if the limit is below zero or there is no Secret */
        public ReplicaLag {
            requireLimit(aboveMillis);
            require(!secret.isEmpty(), "pace.holdWhile.secretRef: the name of a Secret");
        }
    }

    /** @param above dead tuples of the table that is walked, all its partitions together, 0 or more */
    record DeadTuples(long above) implements HoldCondition {
        /** @throws IllegalArgumentException if the limit is below zero */
        public DeadTuples {
            requireLimit(above);
        }
    }

    /** @param aboveMillis age of the oldest transaction that keeps dead tuples from being removed, 0 or more */
    record OldestTransaction(long aboveMillis) implements HoldCondition {
        /** @throws IllegalArgumentException if the limit is below zero */
        public OldestTransaction {
            requireLimit(aboveMillis);
        }
    }

    /** @param above WAL segments that wait for the archiver, 0 or more */
    record WalToArchive(long above) implements HoldCondition {
        /** @throws IllegalArgumentException if the limit is below zero */
        public WalToArchive {
            requireLimit(above);
        }
    }

    /** @param above sessions that wait for a lock, 0 or more */
    record BlockedSessions(long above) implements HoldCondition {
        /** @throws IllegalArgumentException if the limit is below zero */
        public BlockedSessions {
            requireLimit(above);
        }
    }

    /**
     * The answer of a query, which only reads.
     *
     * @param sql it gives one number, or one boolean, which holds while it is true
     * @param above the limit of the number, null for a boolean
     * @param ofPlan whether the plan has to know it; the target's queries are its owner's and not the plan's
     */
    record Query(String sql, @Nullable BigDecimal above, boolean ofPlan) implements HoldCondition {}

    /**
     * One of a newer operator's, of which this version knows nothing but that it is to make the backfill wait.
     *
     * @param type how the newer version calls it
     */
    record Unknown(
            @JsonProperty(access = JsonProperty.Access.WRITE_ONLY)
            String type) implements HoldCondition {}

    private static void requireLimit(long above) {
        require(above >= 0, "pace.holdWhile.above: zero or more");
    }
}
