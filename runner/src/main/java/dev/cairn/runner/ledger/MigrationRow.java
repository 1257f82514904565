package dev.cairn.runner.ledger;

import dev.cairn.plan.Checksum;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A row of {@code migration}.
 *
 * @param state its state
 * @param format of the checksum: 2, or 1 where the last start was a runner of version 0.1
 * @param checksum of the plan of its last start
 * @param token of its last start
 * @param attempts starts so far
 * @param finished when it was applied or failed, null while it runs
 * @param error why it failed, null if it did not
 * @param worker the pod of the last start
 * @param backend the server process of the last start's connection, null for none
 * @param estimatedRows keys to walk, as the server's statistics estimate; null when unknown
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

    /** Whether its last start had this plan, as far as its format shows. */
    public boolean isOf(Checksum plan) {
        return checksum.equals(inItsFormat(plan));
    }

    /** A plan's checksum in this row's format, for comparison. */
    public String inItsFormat(Checksum plan) {
        return format == 1 ? plan.format1() : plan.format2();
    }

    /** The state of a migration. The ledger has the names in lower case. */
    public enum State {
        RUNNING("running"),
        APPLIED("applied"),
        FAILED("failed");

        private final String text;

        State(String text) {
            this.text = text;
        }

        /** The value in the table. */
        public String text() {
            return text;
        }

        static State of(String text) {
            for (var state : values()) if (state.text.equals(text)) return state;
            throw new IllegalStateException("the ledger holds a state that this version does not know: " + text);
        }
    }
}
