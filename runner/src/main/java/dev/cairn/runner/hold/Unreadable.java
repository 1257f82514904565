package dev.cairn.runner.hold;

import java.sql.Connection;

/** A signal of a newer operator, which this runner cannot read. It makes the walk wait, like every unknown signal. */
record Unreadable() implements Signal {
    @Override
    public Reading read(Connection primary) {
        return new Reading.Unknown(
                "this runner is older than the operator and does not know the signal: let the operator "
                        + "start a new Job, or suspend this hold");
    }
}
