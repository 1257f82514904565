package dev.cairn.operator;

import dev.cairn.crds.MigrationTarget;
import dev.cairn.crds.MigrationTargetStatus;
import dev.cairn.operator.act.EventRecorder;
import dev.cairn.operator.act.Refusals;
import dev.cairn.operator.act.StatusWriter;
import dev.cairn.operator.leader.WriteGate;
import dev.cairn.operator.observe.Queue;
import dev.cairn.operator.observe.World;
import dev.cairn.operator.reconcile.ObjectKey;
import dev.cairn.operator.reconcile.ReconcileLoop;
import dev.cairn.operator.reconcile.ReconcileLoop.Next;
import dev.cairn.operator.report.TargetReport;
import java.time.Duration;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts what happens on a MigrationTarget. It owns nothing: the migrations do the work. */
final class MigrationTargetReconciler implements ReconcileLoop.Look {
    private static final Logger LOG = LoggerFactory.getLogger(MigrationTargetReconciler.class);
    private static final Duration AFTER_A_CONFLICT = Duration.ofSeconds(1);

    private final World world;
    private final StatusWriter<MigrationTargetStatus, MigrationTarget> writer;
    private final EventRecorder events;
    private final InstantSource clock;

    MigrationTargetReconciler(
            World world,
            StatusWriter<MigrationTargetStatus, MigrationTarget> writer,
            EventRecorder events,
            InstantSource clock) {
        this.world = world;
        this.writer = writer;
        this.events = events;
        this.clock = clock;
    }

    @Override
    public Next at(ObjectKey key, int failuresBefore) {
        var found = world.targets().latest(key.namespace(), key.name());
        if (found.isEmpty()) return new Next.Never();
        try {
            return reconcile(found.get());
        } catch (WriteGate.ClosedException e) {
            LOG.debug("{}: {}", key, e.getMessage());
            return new Next.AfterFailure();
        } catch (RuntimeException e) {
            LOG.warn("{} was not reconciled", key, e);
            if (failuresBefore > 0 || !Refusals.mayPassAtOnce(e))
                events.record(
                        found.get(), true, Refusals.REASON, Refusals.sentence("MigrationTarget/" + key.name(), e));
            return new Next.AfterFailure();
        }
    }

    private Next reconcile(MigrationTarget target) {
        var meta = target.getMetadata();
        var migrations = world.onTarget(meta.getNamespace(), meta.getName())
                .sorted(Queue.ORDER)
                .toList();
        var status = TargetReport.status(target, migrations, clock.instant());
        if (status.equals(target.getStatus()) || writer.write(target, status)) return new Next.Whenever();
        return new Next.After(AFTER_A_CONFLICT);
    }
}
