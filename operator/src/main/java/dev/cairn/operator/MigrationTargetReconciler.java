package dev.cairn.operator;

import dev.cairn.crds.MigrationTarget;
import dev.cairn.crds.MigrationTargetStatus;
import dev.cairn.operator.act.StatusWriter;
import dev.cairn.operator.observe.Queue;
import dev.cairn.operator.observe.World;
import dev.cairn.operator.report.TargetReport;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/** Counts what happens on a MigrationTarget. It owns nothing: the migrations do the work. */
final class MigrationTargetReconciler implements Reconciler<MigrationTarget> {
    private static final Duration AFTER_A_CONFLICT = Duration.ofSeconds(1);

    private final World world;
    private final StatusWriter<MigrationTargetStatus, MigrationTarget> writer;
    private final Doorbell<MigrationTarget> doorbell;
    private final InstantSource clock;

    MigrationTargetReconciler(
            World world,
            StatusWriter<MigrationTargetStatus, MigrationTarget> writer,
            Doorbell<MigrationTarget> doorbell,
            InstantSource clock) {
        this.world = world;
        this.writer = writer;
        this.doorbell = doorbell;
        this.clock = clock;
    }

    @Override
    public UpdateControl<MigrationTarget> reconcile(MigrationTarget target, Context<MigrationTarget> context) {
        var meta = target.getMetadata();
        var migrations = world.onTarget(meta.getNamespace(), meta.getName())
                .sorted(Queue.ORDER)
                .toList();
        var status = TargetReport.status(target, migrations, clock.instant());
        if (status.equals(target.getStatus()) || writer.write(target, status, context)) return UpdateControl.noUpdate();
        return UpdateControl.<MigrationTarget>noUpdate().rescheduleAfter(AFTER_A_CONFLICT);
    }

    @Override
    public List<EventSource<?, MigrationTarget>> prepareEventSources(EventSourceContext<MigrationTarget> context) {
        return List.of(doorbell);
    }
}
