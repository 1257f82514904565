package dev.cairn.operator.reconcile;

import dev.cairn.crds.Migration;
import dev.cairn.crds.MigrationStatus;
import dev.cairn.operator.act.Actions;
import dev.cairn.operator.act.EventRecorder;
import dev.cairn.operator.act.Refusals;
import dev.cairn.operator.act.StatusWriter;
import dev.cairn.operator.cache.InformerCache;
import dev.cairn.operator.decide.Decision;
import dev.cairn.operator.decide.NextStep;
import dev.cairn.operator.decide.Verdict;
import dev.cairn.operator.leader.WriteGate;
import dev.cairn.operator.observe.ObservedMigration;
import dev.cairn.operator.observe.Observer;
import dev.cairn.operator.observe.PlanRoom;
import dev.cairn.operator.reconcile.ReconcileLoop.Next;
import dev.cairn.operator.report.FailedLook;
import dev.cairn.operator.report.StatusReport;
import io.fabric8.kubernetes.client.CustomResource;
import java.time.Duration;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reconciles both kinds of migration. */
public final class MigrationReconciler<P extends CustomResource<?, MigrationStatus> & Migration>
        implements ReconcileLoop.Look {
    private static final Logger LOG = LoggerFactory.getLogger(MigrationReconciler.class);

    /** The pause after a write conflict: the other change may be one that triggers no reconciliation. */
    private static final Duration AFTER_A_CONFLICT = Duration.ofSeconds(1);

    private static final Duration UNTIL_THERE_IS_ROOM = Duration.ofSeconds(2);

    private static final Duration AFTER_A_REFUSAL = Duration.ofSeconds(30);

    private final InformerCache<P> migrations;
    private final Observer observer;
    private final Actions actions;
    private final StatusWriter<MigrationStatus, P> writer;
    private final EventRecorder events;
    private final InstantSource clock;

    public MigrationReconciler(
            InformerCache<P> migrations,
            Observer observer,
            Actions actions,
            StatusWriter<MigrationStatus, P> writer,
            EventRecorder events,
            InstantSource clock) {
        this.migrations = migrations;
        this.observer = observer;
        this.actions = actions;
        this.writer = writer;
        this.events = events;
        this.clock = clock;
    }

    @Override
    public Next at(ObjectKey key, int failuresBefore) {
        var found = migrations.latest(key.namespace(), key.name());
        if (found.isEmpty()) return new Next.Never();
        try {
            return reconcile(found.get());
        } catch (PlanRoom.TakenException e) {
            LOG.debug("{}: {}", key, e.getMessage());
            return new Next.After(UNTIL_THERE_IS_ROOM);
        } catch (WriteGate.ClosedException e) {
            LOG.debug("{}: {}", key, e.getMessage());
        } catch (RuntimeException e) {
            if (failuresBefore > 0 || !Refusals.mayPassAtOnce(e)) sayWhy(key, found.get(), e);
            else LOG.info("{} was not reconciled, and is tried again at once: {}", key, e.getMessage());
        }
        return new Next.AfterFailure();
    }

    /**
     * Observes, decides, acts and reports. One pass, without a wait. A repeated pass on the same cluster changes
     * nothing.
     */
    private Next reconcile(P migration) {
        var observed = observer.observe(migration);
        var decision = actions.carryOut(NextStep.decide(observed.facts()), observed);
        boolean current = report(migration, decision, observed);
        if (!current) return new Next.After(AFTER_A_CONFLICT);
        return decision instanceof Decision.Refused ? new Next.After(AFTER_A_REFUSAL) : new Next.Whenever();
    }

    /** @return false if the resource has changed in the meantime and must be reconciled again */
    private boolean report(P migration, Decision decision, ObservedMigration observed) {
        var before = migration.getStatus();
        var seen = observed.facts();
        var target = observed.target();
        var after = StatusReport.status(
                before,
                migration.getMetadata().getGeneration(),
                decision,
                seen,
                observed.plan(),
                target == null ? null : target.place());
        if (!StatusReport.isDue(before, after, StatusWriter.lastWritten(migration), seen.now())) return true;
        if (!writer.write(migration, after)) return false;
        if (before == null || before.phase() != after.phase()) announce(migration, decision.verdict());
        return true;
    }

    /**
     * Writes the cause of a failed pass into the status, or into an Event where the status is final or cannot be
     * written.
     */
    private void sayWhy(ObjectKey key, P migration, RuntimeException failure) {
        LOG.warn("{} was not reconciled", key, failure);
        var message = Refusals.cause(failure).message(migration.reference());
        var before = migration.getStatus();
        if (before != null && FailedLook.saysSo(before, message)) return;
        var status = FailedLook.status(before, migration.getMetadata().getGeneration(), message, clock.instant());
        try {
            if (status.isPresent() && writer.write(migration, status.get())) return;
        } catch (WriteGate.ClosedException e) {
            return;
        } catch (RuntimeException e) {
            LOG.warn("{}: its status cannot be written: {}", key, e.getMessage());
        }
        events.record(migration, true, Refusals.REASON, message);
    }

    private void announce(P migration, Verdict verdict) {
        LOG.info(
                "{}/{}: {} ({})",
                migration.getMetadata().getNamespace(),
                migration.reference(),
                verdict.phase(),
                verdict.message());
        if (!StatusReport.isNews(migration.getStatus(), verdict)) return;
        events.record(
                migration, verdict.phase().needsAPerson(), verdict.reason().name(), verdict.lasting());
    }
}
