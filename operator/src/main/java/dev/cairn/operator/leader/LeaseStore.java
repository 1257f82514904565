package dev.cairn.operator.leader;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where the lease stands. Every write is refused when somebody else wrote meanwhile. */
interface LeaseStore {
    /** As it stands now, empty where there is none. */
    Optional<Held> read();

    /**
     * Writes it.
     *
     * @param before as it was read, null where there was none
     * @return whether it was written; false when it has changed since it was read
     */
    boolean write(@Nullable Held before, Term term);

    /**
     * Who holds it.
     *
     * @param holder empty where nobody does
     * @param seconds after its last renewal, from when others may take it
     * @param acquired when the holder got it
     * @param renewed when the holder said last that it is alive, by its own clock
     * @param transitions how often the holder has changed
     */
    record Term(String holder, int seconds, Instant acquired, Instant renewed, int transitions) {}

    /**
     * A lease as read.
     *
     * @param version by which the store knows whether it has changed since
     */
    record Held(Term term, String version) {}
}
