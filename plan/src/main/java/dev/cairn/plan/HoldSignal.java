package dev.cairn.plan;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Optional;

/**
 * What a backfill can wait for without a query. The API's values, descriptions and rules, a Job's settings and the
 * runner's messages use it. The runner's {@code Signals} has the SQL.
 */
public enum HoldSignal {
    REPLICATION_LAG(
            "replicationLag",
            Unit.MILLIS,
            "the time between a write on the primary and its replay on the slowest physical replica"),
    DEAD_TUPLES("deadTuples", Unit.NUMBER, "dead rows of the table that is walked, with all its partitions"),
    OLDEST_TRANSACTION(
            "oldestTransaction",
            Unit.MILLIS,
            "age of the oldest transaction in the database that keeps vacuum from removing dead rows, "
                    + "prepared transactions included"),
    WAL_TO_ARCHIVE("walToArchive", Unit.NUMBER, "WAL segments that wait for the archiver"),
    BLOCKED_SESSIONS("blockedSessions", Unit.NUMBER, "sessions that wait for a lock");

    /** The unit of its values and its limit. */
    public enum Unit {
        NUMBER,
        /** A duration, in milliseconds. */
        MILLIS
    }

    private final String label;
    private final Unit unit;
    private final String description;

    HoldSignal(String label, Unit unit, String description) {
        this.label = label;
        this.unit = unit;
        this.description = description;
    }

    /** Its name for people, in YAML and in JSON. */
    @JsonValue
    public String label() {
        return label;
    }

    public Unit unit() {
        return unit;
    }

    /** Its description, as a part of a sentence. */
    public String description() {
        return description;
    }

    /** The signal with this label; empty for a signal of another version. */
    static Optional<HoldSignal> of(String label) {
        return Arrays.stream(values())
                .filter(signal -> signal.label.equals(label))
                .findFirst();
    }
}
