package dev.cairn.operator.decide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.crds.Phase;
import dev.cairn.operator.report.StatusReport;
import dev.cairn.plan.LedgerState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the ledger's word decides without a run. */
class LedgerVerdictTest {
    @Test
    void aNewMigrationThatTheLedgerHasIsAppliedByTheJobThatAsked() {
        var seen = new Seen().ledger(LedgerState.Applied).build();
        var decision = NextStep.decide(seen);
        assertThat(decision).isInstanceOf(Decision.Conclude.class);
        var status = StatusReport.status(null, 1, decision, seen);
        assertThat(status.reason()).isEqualTo("AlreadyApplied");
        assertThat(status.job()).isEqualTo(Seen.READER);
        assertThat(status.planHash()).isEqualTo(Seen.HASH);

        // and it stays so when the answer is forgotten
        var later = new Seen()
                .past(Phase.Applied, StatusReason.AlreadyApplied, Seen.HASH, Seen.READER, 0)
                .build();
        assertThat(NextStep.decide(later).verdict().reason()).isEqualTo(StatusReason.AlreadyApplied);
    }

    @ParameterizedTest
    @EnumSource(
            value = LedgerState.class,
            names = {"Absent", "Started", "Failed", "Reverted", "OtherChecksum", "Unknown"})
    void aNewMigrationRunsWhereTheLedgerDoesNotHaveItAsDone(LedgerState state) {
        assertThat(NextStep.decide(new Seen().ledger(state).build())).isInstanceOf(Decision.Start.class);
    }

    @Test
    void anAnswerAboutAnotherTextDoesNotCount() {
        var edited = new Seen()
                .ledger(LedgerState.Applied)
                .plan(new Observation.Planned("sha256:2", Seen.JOB))
                .build();
        assertThat(NextStep.decide(edited)).isInstanceOf(Decision.Start.class);
    }

    @Test
    void whatIsLostRunsOnlyWhenSomebodyAsks() {
        assertThat(NextStep.decide(lost().build()).verdict().reason()).isEqualTo(StatusReason.LedgerLost);
        assertThat(NextStep.decide(lost().plan(new Observation.Planned("sha256:2", Seen.JOB))
                                .build())
                        .verdict()
                        .reason())
                .as("with another text")
                .isEqualTo(StatusReason.LedgerLost);
        assertThat(NextStep.decide(lost().retry("1").build())).isInstanceOf(Decision.Start.class);
    }

    @Test
    void whatIsFoundAgainIsAppliedAgain() {
        assertThat(NextStep.decide(lost().ledger(LedgerState.Applied).build())
                        .verdict()
                        .reason())
                .isEqualTo(StatusReason.AlreadyApplied);
    }

    @ParameterizedTest
    @EnumSource(
            value = LedgerState.class,
            names = {"Absent", "Started", "Failed", "Reverted", "OtherChecksum"})
    void whateverElseTheLedgerSaysOfWhatIsAppliedIsLostUntilALaterReadingFindsIt(LedgerState state) {
        // given a migration that was applied, and a ledger that says otherwise
        var seen = new Seen()
                .past(Phase.Applied, StatusReason.Applied, Seen.HASH, Seen.JOB, 1)
                .ledger(state)
                .build();
        var lost = StatusReport.status(null, 1, NextStep.decide(seen), seen);
        assertThat(lost.phase()).isEqualTo(Phase.Lost);

        // then it stays so, in words that follow the ledger, until the ledger lists it
        var before = NextStep.decide(lost().ledger(LedgerState.Absent).build()).verdict();
        var after = NextStep.decide(lost().ledger(state).build()).verdict();
        assertThat(after.phase()).isEqualTo(Phase.Lost);
        if (state != LedgerState.Absent) assertThat(after.message()).isNotEqualTo(before.message());
        assertThat(NextStep.decide(lost().ledger(LedgerState.Marked).build())
                        .verdict()
                        .phase())
                .isEqualTo(Phase.Applied);
    }

    @Test
    void aRetryOfWhatIsLostRunsItWhateverTheLedgerSaidBefore() {
        assertThat(NextStep.decide(
                        lost().ledger(LedgerState.OtherChecksum).retry("1").build()))
                .isInstanceOf(Decision.Start.class);
    }

    @Test
    void whatIsFoundAgainKeepsThePlanThatRan() {
        var seen = lost().plan(new Observation.PlanIncomplete("ConfigMap/chat-sql"))
                .ledgerOfAnyPlan(LedgerState.Applied)
                .build();
        var before = StatusReport.status(null, 1, NextStep.decide(lost().build()), lost().build())
                .withContentHash("sha256:content");
        assertThat(before.phase()).isEqualTo(Phase.Lost);
        var found = StatusReport.status(before, 1, NextStep.decide(seen), seen);
        assertThat(found.phase()).isEqualTo(Phase.Applied);
        assertThat(found.planHash()).isEqualTo(before.planHash());
    }

    @Test
    void askingTheLedgerAnswersTheRetryAndRunsNothing() {
        var seen = new Seen()
                .past(Phase.Applied, StatusReason.Applied, Seen.HASH, Seen.JOB, 1)
                .retry("7")
                .ledger(LedgerState.Absent)
                .build();
        var status = StatusReport.status(null, 1, NextStep.decide(seen), seen);
        assertThat(status.phase()).isEqualTo(Phase.Lost);
        assertThat(status.retry()).isEqualTo("7");
        assertThat(status.conditions()).anyMatch(condition -> condition.type().equals("Stalled"));
    }

    @Test
    void whatWasAppliedIsLostWhereItsTargetKeepsItsLedgerElsewhere() {
        var applied = new Seen()
                .past(Phase.Applied, StatusReason.Applied, Seen.HASH, Seen.JOB, 1)
                .plan(new Observation.Planned("sha256:2", "dmig-backfill-2"))
                .movedTarget();
        var verdict = NextStep.decide(applied.build()).verdict();
        assertThat(verdict.reason()).isEqualTo(StatusReason.LedgerLost);
        assertThat(verdict.message()).contains("scope other, schema cairn; it was scope chat, schema cairn");

        // then it says so until somebody wants it as a new one
        assertThat(NextStep.decide(
                                lost().movedTarget().ledger(LedgerState.Absent).build())
                        .verdict())
                .isEqualTo(verdict);
        assertThat(NextStep.decide(lost().movedTarget().retry("1").build())).isInstanceOf(Decision.Start.class);
    }

    private static Seen lost() {
        return new Seen().past(Phase.Lost, StatusReason.LedgerLost, Seen.HASH, Seen.JOB, 1);
    }
}
