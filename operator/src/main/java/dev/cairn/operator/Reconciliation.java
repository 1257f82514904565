package dev.cairn.operator;

import dev.cairn.crds.Migration;
import dev.cairn.crds.MigrationStatus;
import dev.cairn.crds.Phase;
import dev.cairn.operator.act.Actions;
import dev.cairn.operator.act.EventRecorder;
import dev.cairn.operator.act.StatusWriter;
import dev.cairn.operator.decide.NextStep;
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
        var before = migration.getStatus();
        var after = StatusReport.status(before, migration.getMetadata().getGeneration(), decision, observed.facts());
        var written = StatusWriter.lastWritten(migration);
        if (!StatusReport.isDue(before, after, written, observed.facts().now())) return UpdateControl.noUpdate();
        if (!writer.write(migration, after, context))
            return UpdateControl.<P>noUpdate().rescheduleAfter(AFTER_A_CONFLICT);
        if (before == null || before.phase() != after.phase()) announce(migration, decision.verdict());
        return UpdateControl.noUpdate();
    }

    private void announce(P migration, Verdict verdict) {
        LOG.info(
                "{}/{}: {} ({})",
                migration.getMetadata().getNamespace(),
                migration.reference(),
                verdict.phase(),
                verdict.message());
        events.record(
                migration, verdict.phase() == Phase.Failed, verdict.reason().name(), verdict.message());
    }
}
