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

/** A change of data. A statement walks over a table in batches, or runs once; or a container does the work. */
@JsonClassDescription("A change of data. A statement walks over a table in batches, or runs once; or a program of "
        + "your own does the work.")
@Group(Api.GROUP)
@Version(Api.VERSION)
@Kind("DataMigration")
@Plural("datamigrations")
@ShortNames("dmig")
@Categories(Api.CATEGORY)
@AdditionalPrinterColumn(name = "TARGET", jsonPath = ".spec.targetRef.name", type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(name = "PHASE", jsonPath = ".status.phase", type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(name = "REASON", jsonPath = ".status.reason", type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
        name = "PROGRESS",
        jsonPath = ".status.display.progress",
        type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(name = "RATE", jsonPath = ".status.display.rate", type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(name = "ETA", jsonPath = ".status.display.eta", type = AdditionalPrinterColumn.Type.STRING)
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
        value = "!" + Api.STARTED + " || oldSelf.spec.mode == 'DryRun' || (self.spec.mode == oldSelf.spec.mode && "
                + "self.spec.targetRef.name == oldSelf.spec.targetRef.name"
                + " && (has(self.spec.sql) == has(oldSelf.spec.sql) && (!has(self.spec.sql) || self.spec.sql == oldSelf.spec.sql))"
                + " && (has(self.spec.container) == has(oldSelf.spec.container) && (!has(self.spec.container) || self.spec.container == oldSelf.spec.container))"
                + " && (has(self.spec.over) == has(oldSelf.spec.over) && (!has(self.spec.over) || self.spec.over == oldSelf.spec.over))"
                + " && (has(self.spec.verify) == has(oldSelf.spec.verify) && (!has(self.spec.verify) || self.spec.verify == oldSelf.spec.verify))"
                + " && (has(self.spec.repeat) ? self.spec.repeat : 'Once') == (has(oldSelf.spec.repeat) ? oldSelf.spec.repeat : 'Once')"
                + " && (has(self.spec.onRowError) ? self.spec.onRowError : 'Fail') == (has(oldSelf.spec.onRowError) ? oldSelf.spec.onRowError : 'Fail')"
                + " && (has(self.spec.maxSkippedRows) ? self.spec.maxSkippedRows : 1000) == (has(oldSelf.spec.maxSkippedRows) ? oldSelf.spec.maxSkippedRows : 1000)"
                + " && " + DataMigration.QUERIES + " == " + DataMigration.OLD_QUERIES
                + ")",
        message = Api.EDITED)
// Jackson finds the deserializer of any Kubernetes resource on the interface before the type's own on the superclass.
@JsonDeserialize(using = JsonDeserializer.None.class)
public final class DataMigration extends CustomResource<DataMigrationSpec, MigrationStatus>
        implements Namespaced, Migration {
    static final String QUERIES = "(has(self.spec.pace) && has(self.spec.pace.holdWhile)"
            + " ? self.spec.pace.holdWhile.filter(h, has(h.query)).map(h, h.query) : [])";
    static final String OLD_QUERIES = "(has(oldSelf.spec.pace) && has(oldSelf.spec.pace.holdWhile)"
            + " ? oldSelf.spec.pace.holdWhile.filter(h, has(h.query)).map(h, h.query) : [])";

    // A record has no empty form. So a new object has no spec and no status.
    @Override
    protected @Nullable DataMigrationSpec initSpec() {
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
