package dev.cairn.operator.job;

import dev.cairn.crds.MigrationTargetSpec;
import dev.cairn.plan.Mounts;
import dev.cairn.plan.Work;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import io.fabric8.kubernetes.api.model.VolumeProjection;
import io.fabric8.kubernetes.api.model.VolumeProjectionBuilder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The volumes with a Job's files at {@link Mounts}. */
final class Volumes {
    /** Readable by the owner and by the pod's group. */
    private static final int PRIVATE = 0440;

    private static final String RUN = "run";
    private static final String RUN_SIZE = "16Mi";
    private static final String TMP = "tmp";

    private Volumes() {}

    static List<Volume> of(JobInputs order, int planParts) {
        var volumes = new ArrayList<Volume>();
        volumes.add(new VolumeBuilder()
                .withName("plan")
                .withNewProjected()
                .withSources(IntStream.range(0, planParts)
                        .mapToObj(n -> planPart(order.name(), n))
                        .toList())
                .endProjected()
                .build());
        volumes.add(new VolumeBuilder()
                .withName("settings")
                .withNewConfigMap()
                .withName(Names.settings(order.name()))
                .endConfigMap()
                .build());
        credentials(order.target(), volumes);
        var replicas = replicas(order);
        for (var replica : replicas) volumes.add(secret("replica-" + replicas.indexOf(replica), replica));
        if (order.plan().work() instanceof Work.Container) {
            // In memory, since it has the password file.
            volumes.add(empty(RUN, "Memory", RUN_SIZE));
            volumes.add(empty(TMP, null, null));
        }
        return volumes;
    }

    static List<VolumeMount> mounts(JobInputs order) {
        var mounts = new ArrayList<VolumeMount>();
        mounts.add(mount("plan", Mounts.PLAN));
        mounts.add(mount("settings", Mounts.SETTINGS));
        credentialMounts(order.target(), mounts);
        var replicas = replicas(order);
        for (var replica : replicas) mounts.add(mount("replica-" + replicas.indexOf(replica), Mounts.replica(replica)));
        return mounts;
    }

    /** The mounts of the runner beside a user's container. */
    static List<VolumeMount> mountsBeside(JobInputs order) {
        var mounts = mounts(order);
        mounts.add(shared());
        return mounts;
    }

    /** The mounts of a user's container. Its root is read-only, so it gets a folder for its own files. */
    static List<VolumeMount> mountsOfTheUsers(JobInputs order) {
        var mounts = new ArrayList<VolumeMount>();
        credentialMounts(order.target(), mounts);
        mounts.add(shared());
        mounts.add(new VolumeMountBuilder().withName(TMP).withMountPath("/tmp").build());
        return mounts;
    }

    /** The folder through which both exchange files. */
    static VolumeMount shared() {
        return new VolumeMountBuilder()
                .withName(RUN)
                .withMountPath(Mounts.RUN.toString())
                .build();
    }

    /** The volumes of the target's Secret and, if it names one, of its authority's certificate. */
    static void credentials(MigrationTargetSpec target, List<Volume> volumes) {
        volumes.add(secret("secret", target.connection().secretRef().name()));
        rootCert(target, volumes);
    }

    static void credentialMounts(MigrationTargetSpec target, List<VolumeMount> mounts) {
        mounts.add(mount("secret", Mounts.SECRET));
        if (target.connection().sslRootCert() != null)
            mounts.add(mount("ca", Objects.requireNonNull(Mounts.ROOT_CERT.getParent(), "an absolute path")));
    }

    private static Volume empty(String name, @Nullable String medium, @Nullable String size) {
        return new VolumeBuilder()
                .withName(name)
                .withNewEmptyDir()
                .withMedium(medium)
                .withSizeLimit(size == null ? null : new Quantity(size))
                .endEmptyDir()
                .build();
    }

    /** A container has no pace, so it has no holds. */
    private static List<String> replicas(JobInputs order) {
        if (order.plan().work() instanceof Work.Container) return List.of();
        return HoldMapper.replicas(order.migration(), order.target());
    }

    /** The Secret is optional: the runner reports a missing Secret with a clear message. */
    private static Volume secret(String volume, String name) {
        return new VolumeBuilder()
                .withName(volume)
                .withNewSecret()
                .withSecretName(name)
                .withOptional(true)
                .withDefaultMode(PRIVATE)
                .endSecret()
                .build();
    }

    private static void rootCert(MigrationTargetSpec target, List<Volume> volumes) {
        var cert = target.connection().sslRootCert();
        if (cert == null) return;
        volumes.add(new VolumeBuilder()
                .withName("ca")
                .withNewSecret()
                .withSecretName(cert.secretKeyRef().name())
                .withOptional(true)
                .withDefaultMode(PRIVATE)
                .addNewItem()
                .withKey(cert.secretKeyRef().key())
                .withPath(Mounts.ROOT_CERT.getFileName().toString())
                .endItem()
                .endSecret()
                .build());
    }

    private static VolumeProjection planPart(String job, int n) {
        return new VolumeProjectionBuilder()
                .withNewConfigMap()
                .withName(Names.planPart(job, n))
                .addNewItem()
                .withKey(Mounts.planPart(n))
                .withPath(Mounts.planPart(n))
                .endItem()
                .endConfigMap()
                .build();
    }

    static VolumeMount mount(String name, Path path) {
        return new VolumeMountBuilder()
                .withName(name)
                .withMountPath(path.toString())
                .withReadOnly(true)
                .build();
    }
}
