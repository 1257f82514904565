package dev.cairn.operator.cache;

import dev.cairn.crds.Api;
import dev.cairn.crds.Migration;
import dev.cairn.crds.MigrationTarget;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * What is kept of one kind of object.
 *
 * @param ours whether an object is kept at all
 * @param reduction removes unread fields from the object, in place
 */
public record Kept<T extends HasMetadata>(Predicate<T> ours, Consumer<T> reduction) {
    /** The longest name of an object in Kubernetes. An owner reference may have any text as its name. */
    private static final int LONGEST_NAME = 253;

    /** Whether an object is kept at all. */
    public boolean isOurs(T object) {
        return ours.test(object);
    }

    /** Removes unread fields, in place. */
    public void reduce(T object) {
        Reductions.metadata(object.getMetadata());
        reduction.accept(object);
    }

    /** Migrations: all of them. */
    public static <M extends Migration> Kept<M> migrations() {
        return new Kept<>(any -> true, whole -> {});
    }

    /** Targets: all of them. */
    public static Kept<MigrationTarget> targets() {
        return new Kept<>(any -> true, whole -> {});
    }

    /** Jobs that one of Cairn's resources controls. */
    public static Kept<Job> jobs() {
        return new Kept<>(Kept::hasAnOwner, Reductions::job);
    }

    /** Pods that a Job controls. */
    public static Kept<Pod> pods() {
        return new Kept<>(Kept::hasAnOwner, Reductions::pod);
    }

    /** The metadata of ConfigMaps that one of Cairn's resources, or its Job, controls. */
    public static Kept<ConfigMap> configMaps() {
        return new Kept<>(Kept::hasAnOwner, Reductions::configMap);
    }

    /** The metadata of users' ConfigMaps. */
    public static Kept<ConfigMap> sources() {
        return new Kept<>(any -> true, Reductions::configMap);
    }

    /** Nodes: only whether Kubernetes hears from them. */
    public static Kept<Node> nodes() {
        return new Kept<>(any -> true, Reductions::node);
    }

    /** Events about Jobs and pods. */
    public static Kept<Event> obstacles() {
        return new Kept<>(event -> event.getInvolvedObject() != null, Reductions::event);
    }

    /**
     * Labels are not trusted: any user can write them. A user can also invent an owner, but then the garbage collector
     * deletes the object.
     */
    private static boolean hasAnOwner(HasMetadata object) {
        return object.getMetadata().getOwnerReferences().stream().anyMatch(Kept::mayOwn);
    }

    private static boolean mayOwn(OwnerReference owner) {
        return Boolean.TRUE.equals(owner.getController())
                && owner.getUid().length() <= LONGEST_NAME
                && owner.getName().length() <= LONGEST_NAME
                && (owner.getApiVersion().startsWith(Api.GROUP + "/")
                        || (owner.getApiVersion().startsWith("batch/")
                                && owner.getKind().equals("Job")));
    }
}
