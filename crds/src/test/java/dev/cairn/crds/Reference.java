package dev.cairn.crds;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Collection;
import java.util.List;

/** The reference page: every field of every kind, from the CRDs. */
final class Reference {
    /** Kubernetes documents these itself. */
    private static final List<String> KUBERNETES_OWN =
            List.of("spec.job.resources", "spec.job.tolerations", "spec.job.imagePullSecrets");

    private final StringBuilder page = new StringBuilder();

    private Reference() {}

    static String of(Collection<String> crds) {
        var reference = new Reference();
        reference.line("# API reference");
        reference.line(
                "This page has every field of `cairn.dev/v1alpha1`. It is generated from the CRDs. `kubectl explain` shows the same.");
        for (var yaml : crds) reference.add(Serialization.unmarshal(yaml, CustomResourceDefinition.class));
        return reference.page.toString();
    }

    private void add(CustomResourceDefinition crd) {
        var names = crd.getSpec().getNames();
        var root = crd.getSpec().getVersions().getFirst().getSchema().getOpenAPIV3Schema();
        line("");
        line("## " + names.getKind());
        line(root.getDescription() + " Short name `" + names.getShortNames().getFirst() + "`.");
        line("");
        line("| field | type | what it is |");
        line("|---|---|---|");
        rows("spec", root.getProperties().get("spec"));
        rows("status", root.getProperties().get("status"));
        line("");
        line("Rules, checked by the API server:");
        rules(root, "");
    }

    /** What the API server checks of a field and of those within it. */
    private void rules(JSONSchemaProps schema, String path) {
        if (KUBERNETES_OWN.contains(path.replace("[]", ""))) return;
        if (schema.getXKubernetesValidations() != null)
            schema.getXKubernetesValidations()
                    .forEach(rule -> line("- " + (path.isEmpty() ? "" : "`" + path + "`: ") + rule.getMessage() + "."));
        if (schema.getItems() != null) rules(schema.getItems().getSchema(), path + "[]");
        if (schema.getProperties() != null)
            schema.getProperties().forEach((name, field) -> rules(field, path.isEmpty() ? name : path + "." + name));
    }

    private void rows(String path, JSONSchemaProps schema) {
        if (schema.getProperties() == null || KUBERNETES_OWN.contains(path.replace("[]", ""))) return;
        schema.getProperties().forEach((name, field) -> {
            var required = schema.getRequired() != null && schema.getRequired().contains(name) ? ", required" : "";
            line("| `" + path + "." + name + "` | " + type(field) + required + " | " + text(field) + " |");
            rows(path + "." + name, field);
            if (field.getItems() != null)
                rows(path + "." + name + "[]", field.getItems().getSchema());
        });
    }

    private static String type(JSONSchemaProps field) {
        if (!field.getEnum().isEmpty()) {
            return String.join(
                    ", ",
                    field.getEnum().stream().map(v -> "`" + v.asText() + "`").toList());
        }
        if (Boolean.TRUE.equals(field.getXKubernetesIntOrString())) return "integer or string";
        return "array".equals(field.getType()) ? "list" : field.getType();
    }

    private static String text(JSONSchemaProps field) {
        var preset = field.getDefault() == null
                ? ""
                : " Default `" + field.getDefault().asText() + "`.";
        return field.getDescription().replace("|", "\\|") + preset;
    }

    private void line(String text) {
        page.append(text).append('\n');
    }
}
