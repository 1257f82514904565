package dev.cairn.plan;

import java.util.Arrays;

/** The state of one migration in a ledger: one hexadecimal digit of a {@link LedgerAnswer}. */
public enum LedgerState {
    /** The ledger has no row for it, or there is no ledger. */
    Absent('0'),
    /** It was started and has not ended. */
    Started('1'),
    /** It is done, with one of the checksums that were asked for. */
    Applied('2'),
    /** A person recorded it as done. */
    Marked('3'),
    /** It was skipped for ever: it never runs. */
    Skipped('4'),
    /** It was done, and then reverted. */
    Reverted('5'),
    /** Its last start failed. */
    Failed('6'),
    /** It is done under the same name, with another checksum. */
    OtherChecksum('7'),
    /** A newer version of Cairn wrote a state that this one does not know. */
    Unknown('f');

    private final char digit;

    LedgerState(char digit) {
        this.digit = digit;
    }

    /** Its digit. */
    public char digit() {
        return digit;
    }

    /** Whether nothing is left to do. */
    public boolean isDone() {
        return switch (this) {
            case Applied, Marked, Skipped -> true;
            case Absent, Started, Reverted, Failed, OtherChecksum, Unknown -> false;
        };
    }

    /** The state of a digit; a digit of a newer version is {@link #Unknown}. */
    public static LedgerState of(char digit) {
        return Arrays.stream(values())
                .filter(state -> state.digit == digit)
                .findFirst()
                .orElse(Unknown);
    }
}
