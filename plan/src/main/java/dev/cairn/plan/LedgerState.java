package dev.cairn.plan;

import java.util.Arrays;

/** What a ledger says of one migration, as one hexadecimal digit of a {@link LedgerAnswer}. */
public enum LedgerState {
    /** It has no line for it, or there is no ledger at all. */
    Absent('0'),
    /** It was started and has not ended. */
    Started('1'),
    /** It is done, with one of the checksums that were asked for. */
    Applied('2'),
    /** A person recorded it as done. */
    Marked('3'),
    /** It was passed over for good. */
    Skipped('4'),
    /** It was done, and then taken back. */
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

    /** The digit that stands for it. */
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
