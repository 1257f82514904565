package dev.cairn.plan;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Optional;

/**
 * What a backfill can wait for without a query of the user's. The API's values, their description and their rules, the
 * settings of a Job and the runner's messages come from here; the runner's {@code Signals} has the SQL.
 */
public enum HoldSignal {
    REPLICATION_LAG(
            "replicationLag",
            Unit.MILLIS,
            "how long ago the primary wrote what the slowest physical replica applies now"),
    DEAD_TUPLES("deadTuples", Unit.NUMBER, "dead rows of the table that is walked, its partitions together"),
    OLDEST_TRANSACTION(
            "oldestTransaction",
            Unit.MILLIS,
            "age of the oldest transaction in the database, prepared ones included, that keeps dead rows from being removed"),
    WAL_TO_ARCHIVE("walToArchive", Unit.NUMBER, "WAL segments that wait for the archiver"),
    BLOCKED_SESSIONS("blockedSessions", Unit.NUMBER, "sessions that wait for a lock");

    /** What its values and its limit are. */
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

    /** The middle of a sentence. */
    public String description() {
        return description;
    }

    /** The signal with this label; empty for one of another version. */
    static Optional<HoldSignal> of(String label) {
        return Arrays.stream(values())
                .filter(signal -> signal.label.equals(label))
                .findFirst();
    }
}
