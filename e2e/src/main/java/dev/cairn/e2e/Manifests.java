package dev.cairn.e2e;

import dev.cairn.crds.Api;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.List;
import java.util.regex.Pattern;

/** YAML of several objects, as kubectl reads it. */
public final class Manifests {
    private static final Pattern SEPARATOR = Pattern.compile("(?m)^---\\s*$");
    private static final Pattern CONTENT = Pattern.compile("(?m)^[^#\\s]");

    private Manifests() {}

    /** The objects, in their order in the text. */
    public static List<HasMetadata> parse(String yaml) {
        var serialization = new KubernetesSerialization();
        return SEPARATOR
                .splitAsStream(yaml)
                .filter(CONTENT.asPredicate())
                .map(document -> (HasMetadata) serialization.unmarshal(document))
                .toList();
    }

    /** Creates the objects, or changes those that are there; in the namespace, where their kind has one. */
    public static void apply(KubernetesClient client, String namespace, String... manifests) {
        for (var manifest : manifests)
            for (var object : parse(manifest)) {
                if (hasNamespace(object)) object.getMetadata().setNamespace(namespace);
                client.resource(object).fieldManager("test").forceConflicts().serverSideApply();
            }
    }

    private static boolean hasNamespace(HasMetadata object) {
        return object instanceof Namespaced || object.getApiVersion().startsWith(Api.GROUP);
    }
}
