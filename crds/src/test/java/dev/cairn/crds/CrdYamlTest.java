package dev.cairn.crds;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CrdYamlTest {
    private static final Path CHECKED_IN = Path.of("generated");

    @Test
    void theCheckedInYamlIsWhatTheTypesSay() throws IOException {
        for (var file : CrdYaml.generate().entrySet()) {
            assertUpToDate(CHECKED_IN.resolve(file.getKey()), file.getValue());
        }
    }

    @Test
    void theReferenceIsWhatTheCrdsSay() throws IOException {
        assertUpToDate(
                Path.of("../docs/reference/api.md"),
                Reference.of(CrdYaml.generate().values()));
    }

    private static void assertUpToDate(Path checkedIn, String generated) throws IOException {
        if (System.getProperty("cairn.write") != null) {
            Files.createDirectories(checkedIn.getParent());
            Files.writeString(checkedIn, generated);
        }
        assertThat(checkedIn)
                .as("stale: run %s and commit the result", CrdYaml.COMMAND)
                .hasContent(generated);
    }

    @Test
    void everyFieldOfOursHasADescriptionAndEveryListAndTextAMaximum() throws IOException {
        var gaps = new ArrayList<String>();
        for (var yaml : CrdYaml.generate().values()) {
            var crd = Serialization.unmarshal(yaml, CustomResourceDefinition.class);
            var root = crd.getSpec().getVersions().getFirst().getSchema().getOpenAPIV3Schema();
            collectGaps(crd.getSpec().getNames().getKind(), root, gaps);
        }
        assertThat(gaps).isEmpty();
    }

    private static void collectGaps(String path, JSONSchemaProps schema, List<String> gaps) {
        if (schema.getProperties() == null) return;
        schema.getProperties().forEach((name, property) -> {
            var here = path + "." + name;
            if (isKubernetesOwn(here)) return;
            if (property.getDescription() == null) gaps.add(here + ": no description");
            if ("array".equals(property.getType()) && property.getMaxItems() == null) gaps.add(here + ": no maxItems");
            boolean bounded =
                    property.getMaxLength() != null || !property.getEnum().isEmpty();
            if ("string".equals(property.getType()) && !bounded) gaps.add(here + ": no maxLength");
            // The API server takes a rule that is there twice from some clients, and refuses it from others.
            var rules = property.getXKubernetesValidations();
            if (rules.stream().distinct().count() < rules.size()) gaps.add(here + ": a rule twice");
            collectGaps(here, property, gaps);
            if (property.getItems() != null)
                collectGaps(here + "[]", property.getItems().getSchema(), gaps);
        });
    }

    /** Types that are Kubernetes' own keep Kubernetes' rules. */
    private static boolean isKubernetesOwn(String path) {
        return path.contains(".job.resources.")
                || path.contains(".job.tolerations[]")
                || path.contains(".job.imagePullSecrets[]");
    }
}
