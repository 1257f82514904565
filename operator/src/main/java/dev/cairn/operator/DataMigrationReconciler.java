package dev.cairn.operator;

import dev.cairn.crds.DataMigration;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.util.List;

/** Reconciles DataMigrations. */
final class DataMigrationReconciler implements Reconciler<DataMigration> {
    private final Reconciliation<DataMigration> reconciliation;
    private final Doorbell<DataMigration> doorbell;

    DataMigrationReconciler(Reconciliation<DataMigration> reconciliation, Doorbell<DataMigration> doorbell) {
        this.reconciliation = reconciliation;
        this.doorbell = doorbell;
    }

    @Override
    public UpdateControl<DataMigration> reconcile(DataMigration migration, Context<DataMigration> context) {
        return reconciliation.reconcile(migration, context);
    }

    @Override
    public List<EventSource<?, DataMigration>> prepareEventSources(EventSourceContext<DataMigration> context) {
        return List.of(doorbell);
    }
}
