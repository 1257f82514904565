package dev.cairn.crds;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;
import org.jspecify.annotations.Nullable;

/** A database, and the policy under which migrations run on it. */
@JsonClassDescription("A database, and the policy under which migrations run on it. Only this object differs "
        + "between staging and production.")
@Group(Api.GROUP)
@Version(Api.VERSION)
@Kind("MigrationTarget")
@Plural("migrationtargets")
@ShortNames("mtgt")
@AdditionalPrinterColumn(name = "SCOPE", jsonPath = ".spec.scope", type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
        name = "READY",
        jsonPath = ".status.conditions[?(@.type==\"Ready\")].status",
        type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(name = "SUSPENDED", jsonPath = ".spec.suspend", type = AdditionalPrinterColumn.Type.BOOLEAN)
@AdditionalPrinterColumn(name = "APPLIED", jsonPath = ".status.applied", type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(name = "RUNNING", jsonPath = ".status.running", type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(name = "WAITING", jsonPath = ".status.waiting", type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(name = "FAILED", jsonPath = ".status.failed", type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(
        name = "AGE",
        jsonPath = ".metadata.creationTimestamp",
        type = AdditionalPrinterColumn.Type.DATE)
@AdditionalPrinterColumn(
        name = "MESSAGE",
        jsonPath = ".status.conditions[?(@.type==\"Ready\")].message",
        type = AdditionalPrinterColumn.Type.STRING,
        priority = 1)
@ValidationRule(
        value = "(has(self.spec.ledger) ? self.spec.ledger.schema : 'cairn')"
                + " == (has(oldSelf.spec.ledger) ? oldSelf.spec.ledger.schema : 'cairn')",
        message = "the ledger cannot move")
public final class MigrationTarget extends CustomResource<MigrationTargetSpec, MigrationTargetStatus>
        implements Namespaced {
    // A record has no empty form. So a new object has no spec and no status.
    @Override
    protected @Nullable MigrationTargetSpec initSpec() {
        return null;
    }

    @Override
    protected @Nullable MigrationTargetStatus initStatus() {
        return null;
    }
}
