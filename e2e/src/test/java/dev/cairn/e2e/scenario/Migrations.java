package dev.cairn.e2e.scenario;

import dev.cairn.crds.DataMigration;
import dev.cairn.crds.Migration;
import dev.cairn.crds.MigrationTarget;
import dev.cairn.crds.Phase;
import dev.cairn.crds.SchemaMigration;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** The migrations of one namespace, by references such as {@code DataMigration/backfill}, and their targets. */
public record Migrations(KubernetesClient client, String namespace) {
    /** Waits until one is in a phase. */
    public Migration await(String reference, Phase phase) {
        return await(reference, "phase " + phase, migration -> {
            var status = migration.status();
            return status != null && status.phase() == phase;
        });
    }

    /**
     * Waits until one is as wanted.
     *
     * @param wanted what is waited for, for the message when it does not come
     */
    public Migration await(String reference, String wanted, Predicate<Migration> condition) {
        var resource = resource(reference);
        try {
            return (Migration) resource.waitUntilCondition(
                    found -> found != null && condition.test((Migration) found),
                    Scenario.PATIENCE.toSeconds(),
                    TimeUnit.SECONDS);
        } catch (RuntimeException e) {
            throw new AssertionError(reference + " did not come to " + wanted + "; it is " + resource.get(), e);
        }
    }

    /** Waits until the status says this of the spec as it is now; its message for people. */
    public String awaitMessage(String reference, String standing) {
        var migration = await(reference, standing, found -> {
            var status = found.status();
            return status != null
                    && status.observedGeneration() == found.getMetadata().getGeneration()
                    && standing.equals(status.phase() + "/" + status.reason());
        });
        return message(migration);
    }

    /**
     * Waits until the target's condition Ready says this of the spec as it is now; its message.
     *
     * @param standing such as {@code True/Reached}
     */
    public String awaitTarget(String name, String standing) {
        return client.resources(MigrationTarget.class)
                .inNamespace(namespace)
                .withName(name)
                .waitUntilCondition(
                        target -> target.getStatus() != null
                                && target.getStatus().conditions() != null
                                && target.getStatus().observedGeneration()
                                        == target.getMetadata().getGeneration()
                                && target.getStatus().conditions().stream()
                                        .anyMatch(condition ->
                                                standing.equals(condition.status() + "/" + condition.reason())),
                        60,
                        TimeUnit.SECONDS)
                .getStatus()
                .conditions()
                .getFirst()
                .message();
    }

    /** What a migration says to people, empty while it has said nothing. */
    public static String message(Migration migration) {
        var status = migration.status();
        if (status == null || status.conditions() == null) return "";
        return status.conditions().stream()
                .filter(condition -> condition.type().equals("Ready"))
                .findFirst()
                .orElseThrow()
                .message();
    }

    /** Deletes it, and waits until it is gone. */
    public void delete(String reference) {
        var resource = resource(reference);
        resource.delete();
        resource.waitUntilCondition(Objects::isNull, Scenario.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    static String name(String reference) {
        return reference.substring(reference.indexOf('/') + 1);
    }

    private Resource<? extends HasMetadata> resource(String reference) {
        Class<? extends HasMetadata> type =
                reference.startsWith("Schema") ? SchemaMigration.class : DataMigration.class;
        return client.resources(type).inNamespace(namespace).withName(name(reference));
    }
}
