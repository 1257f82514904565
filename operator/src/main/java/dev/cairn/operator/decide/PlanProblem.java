package dev.cairn.operator.decide;

import java.util.Collection;
import java.util.List;

/** Why a migration has no plan that its target allows. Values out of range are reported elsewhere. */
public sealed interface PlanProblem {
    /** The SQL of its ConfigMaps is too large. */
    record TooLarge(String key, String configMap, long mebibytes) implements PlanProblem {}

    /**
     * Two ConfigMaps have the same key.
     *
     * @param configMap the second one
     */
    record KeyTwice(String key, String configMap) implements PlanProblem {}

    /** No ConfigMap has a key with this ending. */
    record NoStep(Collection<String> configMaps, String suffix) implements PlanProblem {}

    /** The target allows no containers. */
    record ContainersNotAllowed(String target, String image) implements PlanProblem {}

    /** The target allows other images. */
    record ImageNotAllowed(String target, String image, List<String> patterns) implements PlanProblem {}

    /** The problem as an exception, for code that makes plans. */
    default IllegalArgumentException asException() {
        return new IllegalArgumentException(words());
    }

    private String words() {
        return switch (this) {
            case TooLarge(var key, var configMap, var mebibytes) ->
                "with the key %s of ConfigMap/%s its SQL is more than %d MiB: split it into several migrations that depend on each other, and load large data with a DataMigration of its own or a container"
                        .formatted(key, configMap, mebibytes);
            case KeyTwice(var key, var configMap) ->
                "the key %s is in more than one of its ConfigMaps (the second is %s)".formatted(key, configMap);
            case NoStep(var configMaps, var suffix) ->
                "no key of its ConfigMaps %s ends in %s"
                        .formatted(
                                String.join(", ", configMaps.stream().sorted().toList()), suffix);
            case ContainersNotAllowed(var target, var image) ->
                "MigrationTarget/%s allows no containers: add a pattern for %s to its spec.containers.allowedImages"
                        .formatted(target, image);
            case ImageNotAllowed(var target, var image, var patterns) ->
                "the image %s matches none of spec.containers.allowedImages of MigrationTarget/%s (%s)"
                        .formatted(image, target, String.join(", ", patterns));
        };
    }
}
