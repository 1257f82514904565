package dev.cairn.e2e.chart;

import dev.cairn.e2e.Project;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** The chart's copies of the generated CRDs: templates, because Helm never upgrades what is in a crds folder. */
final class ChartCrds {
    static final Path FOLDER = Project.chart().resolve("templates/crds");

    private ChartCrds() {}

    /** Files of the chart and what they should contain. */
    static Map<Path, String> wanted() throws IOException {
        var wanted = new TreeMap<Path, String>();
        try (var generated = Files.list(Project.root().resolve("crds/generated"))) {
            generated
                    .filter(file -> file.toString().endsWith(".yaml"))
                    .forEach(file -> wanted.put(FOLDER.resolve(file.getFileName()), asTemplate(file)));
        }
        return wanted;
    }

    private static String asTemplate(Path generated) {
        try {
            var yaml = Files.readString(generated);
            if (yaml.contains("{{")) throw new IllegalStateException(generated + " would be read as a template");
            return "{{- if .Values.crds.install }}\n"
                    + yaml.replaceFirst("metadata:\n", "metadata:\n  annotations:\n    helm.sh/resource-policy: keep\n")
                    + "{{- end }}\n";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
