package dev.cairn.crds;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.cairn.plan.HoldSignal;
import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The CRDs as YAML, from the types. */
final class CrdYaml {
    /** The generator sorts columns by path; people read them in this order. */
    private static final List<String> COLUMNS = List.of(
            "TARGET",
            "SCOPE",
            "READY",
            "SUSPENDED",
            "PHASE",
            "REASON",
            "PROGRESS",
            "RATE",
            "ETA",
            "APPLIED",
            "RUNNING",
            "WAITING",
            "FAILED",
            "AGE",
            "MESSAGE");

    /** Writes the CRDs, their copies in the chart, the reference and the expected Job manifests. */
    static final String COMMAND =
            "./mvnw -q -pl e2e -am test -Dcairn.write -Dtest=CrdYamlTest,ChartTest,JobManifestTest";

    private static final String LIMIT =
            "^([0-9]{1,15}([.][0-9]{1,6})?|([0-9]{1,6}h)?([0-9]{1,9}m)?([0-9]{1,9}s)?([0-9]{1,12}ms)?)$";

    private static final Map<String, Class<? extends HasMetadata>> TYPES = Map.of(
            "MigrationTarget", MigrationTarget.class,
            "SchemaMigration", SchemaMigration.class,
            "DataMigration", DataMigration.class);

    private CrdYaml() {}

    /** File names and their contents. */
    static SortedMap<String, String> generate() throws IOException {
        var folder = Files.createTempDirectory("crds");
        new CRDGenerator()
                .customResourceClasses(TYPES.values())
                .forCRDVersions("v1")
                .withParallelGenerationEnabled(false)
                .inOutputDir(folder.toFile())
                .generate();
        var yaml = new TreeMap<String, String>();
        try (var files = Files.list(folder)) {
            files.forEach(file -> {
                var crd = read(file);
                yaml.put(crd.getMetadata().getName() + ".yaml", inOrder(crd));
            });
        }
        return yaml;
    }

    private static CustomResourceDefinition read(Path file) {
        try {
            return Serialization.unmarshal(Files.readString(file), CustomResourceDefinition.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the generator's annotations cannot say. */
    private static void complete(String kind, JSONSchemaProps root) {
        var spec = root.getProperties().get("spec").getProperties();
        var status = root.getProperties().get("status");
        root.setDescription(
                TYPES.get(kind).getAnnotation(JsonClassDescription.class).value());
        root.getProperties().get("spec").setDescription("What is wanted.");
        status.setDescription("What is: written by Cairn alone.");
        // a new object reads as not looked at yet, instead of as having no status
        status.setDefault(JsonNodeFactory.instance.objectNode().put("observedGeneration", -1));
        root.setRequired(List.of("spec"));
        keyedBy(status.getProperties().get("conditions"), "type");
        if (spec.containsKey("pace")) limited(spec.get("pace").getProperties().get("holdWhile"));
        if (spec.containsKey("dependsOn")) keyedBy(spec.get("dependsOn"), "kind", "name");
    }

    /** What concerns the signals, from the signals. The pattern concerns texts alone: an integer may stand without quotes. */
    private static void limited(JSONSchemaProps holds) {
        var hold = holds.getItems().getSchema();
        var fields = hold.getProperties();
        fields.get("above").setPattern(LIMIT);
        for (var field : List.of(fields.get("signal"), fields.get("above")))
            field.setDescription(ofSignals(field.getDescription(), " and ", ""));
        for (var rule : hold.getXKubernetesValidations()) {
            rule.setRule(ofSignals(rule.getRule(), ", ", "'"));
            rule.setMessage(ofSignals(rule.getMessage(), " and ", ""));
        }
    }

    private static String ofSignals(String text, String separator, String quote) {
        var times = Stream.of(HoldSignal.values())
                .filter(signal -> signal.unit() == HoldSignal.Unit.MILLIS)
                .map(signal -> quote + signal.label() + quote)
                .collect(Collectors.joining(separator));
        var all = Stream.of(HoldSignal.values())
                .map(signal -> signal.label() + ": " + signal.description())
                .collect(Collectors.joining(". "));
        return text.replace("{times}", times).replace("{signals}", all);
    }

    private static void keyedBy(JSONSchemaProps list, String... keys) {
        list.setXKubernetesListType("map");
        list.setXKubernetesListMapKeys(List.of(keys));
    }

    private static int place(String column) {
        int place = COLUMNS.indexOf(column);
        if (place < 0) throw new IllegalStateException("COLUMNS has no place for the column " + column);
        return place;
    }

    private static String inOrder(CustomResourceDefinition crd) {
        for (var version : crd.getSpec().getVersions()) {
            version.getAdditionalPrinterColumns()
                    .sort(Comparator.comparingInt((CustomResourceColumnDefinition c) -> place(c.getName())));
            complete(crd.getSpec().getNames().getKind(), version.getSchema().getOpenAPIV3Schema());
        }
        return "# Generated from the types in crds/ by `" + COMMAND + "`.\n" + Serialization.asYaml(crd);
    }
}
