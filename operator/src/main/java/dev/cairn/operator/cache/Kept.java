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
 * @param reduction drops from it in place what nobody reads
 */
public record Kept<T extends HasMetadata>(Predicate<T> ours, Consumer<T> reduction) {
    /** Of an object; an owner that is only written down may be called anything. */
    private static final int LONGEST_NAME = 253;

    /** Whether an object is kept at all. */
    public boolean isOurs(T object) {
        return ours.test(object);
    }

    /** Drops in place what nobody reads. */
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

    /** Jobs that a resource of ours controls. */
    public static Kept<Job> jobs() {
        return new Kept<>(Kept::hasAnOwner, Reductions::job);
    }

    /** Pods that a Job controls. */
    public static Kept<Pod> pods() {
        return new Kept<>(Kept::hasAnOwner, Reductions::pod);
    }

    /** The metadata of ConfigMaps that a resource of ours, or its Job, controls. */
    public static Kept<ConfigMap> configMaps() {
        return new Kept<>(Kept::hasAnOwner, Reductions::configMap);
    }

    /** The metadata of users' ConfigMaps. */
    public static Kept<ConfigMap> sources() {
        return new Kept<>(any -> true, Reductions::configMap);
    }

    /** Of nodes, whether Kubernetes hears from them. */
    public static Kept<Node> nodes() {
        return new Kept<>(any -> true, Reductions::node);
    }

    /** Events about Jobs and pods. */
    public static Kept<Event> obstacles() {
        return new Kept<>(event -> event.getInvolvedObject() != null, Reductions::event);
    }

    /**
     * Labels can be written by anybody. An owner can be invented too, but the garbage collector then deletes the object.
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
