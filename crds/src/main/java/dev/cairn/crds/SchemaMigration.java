package dev.cairn.crds;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;
import org.jspecify.annotations.Nullable;

/** Changes of a database's structure. */
@JsonClassDescription("Changes of a database's structure. The steps run in order, each once.")
@Group(Api.GROUP)
@Version(Api.VERSION)
@Kind("SchemaMigration")
@Plural("schemamigrations")
@ShortNames("smig")
@Categories(Api.CATEGORY)
@AdditionalPrinterColumn(name = "TARGET", jsonPath = ".spec.targetRef.name", type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(name = "PHASE", jsonPath = ".status.phase", type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(name = "REASON", jsonPath = ".status.reason", type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
        name = "PROGRESS",
        jsonPath = ".status.display.progress",
        type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
        name = "AGE",
        jsonPath = ".metadata.creationTimestamp",
        type = AdditionalPrinterColumn.Type.DATE)
@AdditionalPrinterColumn(
        name = "MESSAGE",
        jsonPath = ".status.conditions[?(@.type==\"Ready\")].message",
        type = AdditionalPrinterColumn.Type.STRING,
        priority = 1)
@ValidationRule(value = Api.NOT_ITSELF, message = "a migration cannot depend on itself")
@ValidationRule(
        value = "!" + Api.STARTED + " || ("
                + "self.spec.targetRef.name == oldSelf.spec.targetRef.name"
                + " && (has(self.spec.steps) == has(oldSelf.spec.steps) && (!has(self.spec.steps) || self.spec.steps == oldSelf.spec.steps))"
                + " && has(self.spec.stepsFrom) == has(oldSelf.spec.stepsFrom)"
                + ")",
        message = Api.EDITED)
// Jackson finds the deserializer of any Kubernetes resource on the interface before the type's own on the superclass.
@JsonDeserialize(using = JsonDeserializer.None.class)
public final class SchemaMigration extends CustomResource<SchemaMigrationSpec, MigrationStatus>
        implements Namespaced, Migration {
    // A record has no empty form. So a new object has no spec and no status.
    @Override
    protected @Nullable SchemaMigrationSpec initSpec() {
        return null;
    }

    @Override
    protected @Nullable MigrationStatus initStatus() {
        return null;
    }

    @Override
    public MigrationSpec spec() {
        return getSpec();
    }

    @Override
    public @Nullable MigrationStatus status() {
        return getStatus();
    }
}
