package dev.cairn.operator;

import dev.cairn.crds.SchemaMigration;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.util.List;

/** Reconciles SchemaMigrations. */
final class SchemaMigrationReconciler implements Reconciler<SchemaMigration> {
    private final Reconciliation<SchemaMigration> reconciliation;
    private final Doorbell<SchemaMigration> doorbell;

    SchemaMigrationReconciler(Reconciliation<SchemaMigration> reconciliation, Doorbell<SchemaMigration> doorbell) {
        this.reconciliation = reconciliation;
        this.doorbell = doorbell;
    }

    @Override
    public UpdateControl<SchemaMigration> reconcile(SchemaMigration migration, Context<SchemaMigration> context) {
        return reconciliation.reconcile(migration, context);
    }

    @Override
    public List<EventSource<?, SchemaMigration>> prepareEventSources(EventSourceContext<SchemaMigration> context) {
        return List.of(doorbell);
    }
}
