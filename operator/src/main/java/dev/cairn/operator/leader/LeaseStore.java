package dev.cairn.operator.leader;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The storage of the lease. A write fails if another replica wrote in the meantime. */
interface LeaseStore {
    /** The present lease, empty where there is none. */
    Optional<Held> read();

    /**
     * Writes the lease.
     *
     * @param before the lease as it was read, null where there was none
     * @return true if it was written; false if it changed since it was read
     */
    boolean write(@Nullable Held before, Term term);

    /**
     * The holder and its times.
     *
     * @param holder empty for none
     * @param seconds after the last renewal until others may take it
     * @param acquired when the holder got it
     * @param renewed the holder's last renewal, by its own clock
     * @param transitions how many times the holder has changed
     */
    record Term(String holder, int seconds, Instant acquired, Instant renewed, int transitions) {}

    /**
     * A lease as read.
     *
     * @param version for the store, to detect a change
     */
    record Held(Term term, String version) {}
}
