package dev.cairn.runner.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;

class LockBudgetTest {
    private final SQLException cancelled = new SQLException("canceling statement due to user request", "57014");
    private final LockBudget budget = new LockBudget(() -> 400);

    @Test
    void aTransactionThatKeptATableWhileItWaitedSaysWhichAndForHowLong() {
        budget.spend(new LockLook(1_000, "3/7", true, 240, true, "a"));
        assertThat(budget.spend(new LockLook(1_200, "3/7", true, 200, true, "a")))
                .isTrue();

        assertThat(budget.named(cancelled).getMessage())
                .isEqualTo("it held a lock on a for the 440 ms that it waited for other locks, and locks.timeout allows"
                        + " 400 ms for all waits of a transaction together");
    }

    @Test
    void aTransactionThatHasNothingSaysThatItsLockWasNotFree() {
        assertThat(budget.spend(new LockLook(1_000, "3/7", true, 400, true, null)))
                .isTrue();

        assertThat(budget.named(cancelled).getMessage()).isEqualTo("no lock within locks.timeout (400 ms)");
    }

    @Test
    void nothingIsCancelledAfterItsEnd() {
        assertThat(budget.end()).isFalse();

        assertThat(budget.spend(new LockLook(1_000, "3/7", true, 400, true, "a")))
                .isFalse();
        assertThat(budget.end()).isFalse();
    }

    @Test
    void itsEndTellsThatSomethingWasCancelled() {
        budget.spend(new LockLook(1_000, "3/7", true, 400, true, "a"));

        assertThat(budget.end()).isTrue();
    }
}
