package dev.cairn.operator.leader;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LeaderLeaseTest {
    private long nanos = Long.MAX_VALUE - 10; // a clock that wraps around must not matter
    private final List<String> heard = new ArrayList<>();
    private final FakeLease store = new FakeLease();

    @Test
    void aFreeLeaseIsTakenAndRenewed() {
        var a = replica("a");
        assertThat(a.mayWrite()).isFalse();

        a.pass();
        pass(Duration.ofSeconds(9));
        a.pass();
        pass(Duration.ofSeconds(9));

        assertThat(a.mayWrite()).isTrue();
        assertThat(heard).containsExactly("a leads");
    }

    @Test
    void aHolderThatWasFrozenWritesNothingWhenItWakes() {
        // given a holder that is stopped for longer than the lease lasts, and another replica that asks for it
        var a = replica("a");
        var b = replica("b");
        a.pass();
        b.pass();
        pass(Duration.ofSeconds(16));
        b.pass();

        // when it wakes, then it may write nothing, before its own thread has run
        assertThat(a.mayWrite()).isFalse();
        assertThat(b.mayWrite()).isTrue();
        a.pass();
        assertThat(heard).containsExactly("a leads", "b leads", "a lost");
        assertThat(store.holder()).isEqualTo("b");
    }

    @Test
    void aHolderStopsWritingBeforeAnybodyElseMayBegin() {
        var a = replica("a");
        var b = replica("b");
        a.pass();
        b.pass();

        pass(Duration.ofSeconds(10));
        b.pass();

        assertThat(a.mayWrite()).isFalse();
        assertThat(b.mayWrite()).isFalse();
    }

    @Test
    void anApiServerThatIsGoneCostsTheLeaseInTime() {
        var a = replica("a");
        a.pass();
        store.gone = true;

        pass(Duration.ofSeconds(9));
        a.pass();
        assertThat(a.mayWrite()).isTrue();
        pass(Duration.ofSeconds(1));
        a.pass();

        assertThat(a.mayWrite()).isFalse();
        assertThat(heard).containsExactly("a leads", "a lost");
    }

    @Test
    void closingGivesTheLeaseToTheNextOneAtOnce() {
        var a = replica("a");
        var b = replica("b");
        a.pass();
        b.pass();

        a.close();
        b.pass();

        assertThat(a.mayWrite()).isFalse();
        assertThat(b.mayWrite()).isTrue();
    }

    @Test
    void theWallClockOfTheHolderDoesNotMatter() {
        // given a holder whose clock is years behind, and that renews
        store.term = new LeaseStore.Term("old", 15, Instant.EPOCH, Instant.EPOCH, 0);
        var b = replica("b");
        b.pass();
        pass(Duration.ofSeconds(14));
        store.term = new LeaseStore.Term("old", 15, Instant.EPOCH, Instant.EPOCH.plusSeconds(2), 0);
        store.version++;
        b.pass();
        pass(Duration.ofSeconds(14));
        b.pass();

        assertThat(heard).isEmpty();
    }

    @Test
    void aContainerThatStartsAnewInItsPodGoesOnWithItsLease() {
        replica("a").pass();

        var again = replica("a");
        again.pass();

        assertThat(again.mayWrite()).isTrue();
    }

    @Test
    void whoIsOvertakenInTheWriteDoesNotLead() {
        var a = replica("a");
        store.overtake = true;

        a.pass();

        assertThat(a.mayWrite()).isFalse();
    }

    private void pass(Duration time) {
        nanos += time.toNanos();
    }

    private LeaderLease replica(String name) {
        return new LeaderLease(store, name, () -> nanos, () -> Instant.EPOCH, new LeaderLease.Listener() {
            @Override
            public void leads() {
                heard.add(name + " leads");
            }

            @Override
            public void lost(String why) {
                heard.add(name + " lost");
            }
        });
    }

    /** One lease in memory that refuses writes on an old version, as the API server does. */
    private static final class FakeLease implements LeaseStore {
        private @Nullable Term term;
        private int version;
        private boolean gone;
        private boolean overtake;

        String holder() {
            return term == null ? "" : term.holder();
        }

        @Override
        public Optional<Held> read() {
            if (gone) throw new IllegalStateException("the API server is gone");
            return Optional.ofNullable(term).map(found -> new Held(found, String.valueOf(version)));
        }

        @Override
        public boolean write(@Nullable Held before, Term after) {
            if (gone) throw new IllegalStateException("the API server is gone");
            var expected = before == null ? "0" : before.version();
            if (overtake || !expected.equals(String.valueOf(version))) return false;
            term = after;
            version++;
            return true;
        }
    }
}
