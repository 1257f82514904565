package dev.cairn.runner.ledger;

import dev.cairn.plan.Checksum;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A line of {@code migration}.
 *
 * @param state where it stands
 * @param format of the checksum: 2, or 1 where a runner of version 0.1 made the last start
 * @param checksum of the plan it was last started with
 * @param token of its last start
 * @param attempts starts so far
 * @param finished when it was applied or failed, null while it runs
 * @param error why it failed, null if it did not
 * @param worker the pod of the last start
 * @param backend the server process of the last start's connection, null for none
 * @param estimatedRows keys to walk by the server's statistics, null when unknown
 */
public record MigrationRow(
        State state,
        int format,
        String checksum,
        UUID token,
        int attempts,
        @Nullable Instant finished,
        @Nullable String error,
        @Nullable String worker,
        @Nullable Backend backend,
        @Nullable Long estimatedRows) {

    /** Whether it was last started with this plan, as far as its format can tell. */
    public boolean isOf(Checksum plan) {
        return checksum.equals(inItsFormat(plan));
    }

    /** A plan's checksum as this line would have it, for comparison. */
    public String inItsFormat(Checksum plan) {
        return format == 1 ? plan.format1() : plan.format2();
    }

    /** Where a migration stands. The ledger has the names in lower case. */
    public enum State {
        RUNNING("running"),
        APPLIED("applied"),
        FAILED("failed");

        private final String text;

        State(String text) {
            this.text = text;
        }

        /** As the table has it. */
        public String text() {
            return text;
        }

        static State of(String text) {
            for (var state : values()) if (state.text.equals(text)) return state;
            throw new IllegalStateException("the ledger holds a state that this version does not know: " + text);
        }
    }
}
