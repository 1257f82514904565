package dev.cairn.operator;

import dev.cairn.crds.Migration;
import dev.cairn.crds.MigrationStatus;
import dev.cairn.crds.Phase;
import dev.cairn.operator.act.Actions;
import dev.cairn.operator.act.EventRecorder;
import dev.cairn.operator.act.StatusWriter;
import dev.cairn.operator.decide.Decision;
import dev.cairn.operator.decide.NextStep;
import dev.cairn.operator.decide.Observation;
import dev.cairn.operator.decide.StatusReason;
import dev.cairn.operator.decide.Verdict;
import dev.cairn.operator.observe.Observer;
import dev.cairn.operator.report.StatusReport;
import io.fabric8.kubernetes.client.CustomResource;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the reconcilers of both kinds of migration do. */
final class Reconciliation<P extends CustomResource<?, MigrationStatus> & Migration> {
    private static final Logger LOG = LoggerFactory.getLogger(Reconciliation.class);

    /** After a write that came too late: the change that overtook it may be one that nothing else reacts to. */
    private static final Duration AFTER_A_CONFLICT = Duration.ofSeconds(1);

    private static final Duration AFTER_A_REFUSAL = Duration.ofSeconds(30);

    private final Observer observer;
    private final Actions actions;
    private final StatusWriter<MigrationStatus, P> writer;
    private final EventRecorder events;

    Reconciliation(Observer observer, Actions actions, StatusWriter<MigrationStatus, P> writer, EventRecorder events) {
        this.observer = observer;
        this.actions = actions;
        this.writer = writer;
        this.events = events;
    }

    /** Observe, decide, act, report. One pass, no waiting; repeating it on the same world changes nothing. */
    UpdateControl<P> reconcile(P migration, Context<P> context) {
        var observed = observer.observe(migration);
        var decision = actions.carryOut(NextStep.decide(observed.facts()), observed);
        boolean current = report(migration, decision, observed.facts(), context);
        if (!current) return UpdateControl.<P>noUpdate().rescheduleAfter(AFTER_A_CONFLICT);
        return decision instanceof Decision.Refused
                ? UpdateControl.<P>noUpdate().rescheduleAfter(AFTER_A_REFUSAL)
                : UpdateControl.noUpdate();
    }

    /** @return false when the resource has changed meanwhile, and has to be looked at again */
    private boolean report(P migration, Decision decision, Observation seen, Context<P> context) {
        var before = migration.getStatus();
        var after = StatusReport.status(before, migration.getMetadata().getGeneration(), decision, seen);
        if (!StatusReport.isDue(before, after, StatusWriter.lastWritten(migration), seen.now())) return true;
        if (!writer.write(migration, after, context)) return false;
        if (before == null || before.phase() != after.phase()) announce(migration, decision.verdict());
        return true;
    }

    private void announce(P migration, Verdict verdict) {
        LOG.info(
                "{}/{}: {} ({})",
                migration.getMetadata().getNamespace(),
                migration.reference(),
                verdict.phase(),
                verdict.message());
        events.record(
                migration, verdict.phase() == Phase.Failed, verdict.reason().name(), lasting(verdict));
    }

    /** Without figures, so that the same thing happening again is counted in one Event. */
    private static String lasting(Verdict verdict) {
        return verdict.reason() == StatusReason.Throttled
                ? "It waits until the database recovers, and goes on by itself: status.progress.heldBy says what holds."
                : verdict.message();
    }
}
