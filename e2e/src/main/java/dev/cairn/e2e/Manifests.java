package dev.cairn.e2e;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.List;
import java.util.regex.Pattern;

/** YAML of several objects, as kubectl reads it. */
public final class Manifests {
    private static final Pattern SEPARATOR = Pattern.compile("(?m)^---\\s*$");
    private static final Pattern CONTENT = Pattern.compile("(?m)^[^#\\s]");

    private Manifests() {}

    /** The objects, in the order in which they stand. */
    public static List<HasMetadata> parse(String yaml) {
        var serialization = new KubernetesSerialization();
        return SEPARATOR
                .splitAsStream(yaml)
                .filter(CONTENT.asPredicate())
                .map(document -> (HasMetadata) serialization.unmarshal(document))
                .toList();
    }
}
