package dev.cairn.operator.job;

import dev.cairn.crds.MigrationTarget;
import dev.cairn.crds.MigrationTargetSpec;
import dev.cairn.plan.Json;
import dev.cairn.plan.LedgerQuestion;
import dev.cairn.plan.Mounts;
import dev.cairn.plan.Settings;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Makes the Job that asks a target's ledger about many migrations, and its only file. The Job changes nothing in the
 * database.
 */
public final class LedgerReaderJob {
    private static final int LONGEST_NAME = 52;
    private static final int KEPT_SECONDS = 10 * 60;

    /** After this time the Job fails, so that the status reports a silent database. */
    private static final long LONGEST_RUN_SECONDS = 90;

    private static final String QUESTION = "question";

    /**
     * The Job takes no locks and walks nothing. So invalid locks or pace of a target do not prevent a read of its
     * ledger.
     */
    private static final Settings.Locks LOCKS = new Settings.Locks(2_000, 600_000);

    private static final Settings.Pace PACE = new Settings.Pace(200, 1000, 100, 1000, null);

    private LedgerReaderJob() {}

    /**
     * A digest of the place of a target's ledger. It changes when another database may answer.
     *
     * @return 16 hexadecimal digits
     */
    public static String connection(MigrationTargetSpec target) {
        return Names.digest(target.scope() + "\n" + Json.write(SettingsMapper.connection(target)))
                .substring(0, 16);
    }

    /** The Job's name, unique for each question and each time that it is asked. */
    public static String name(MigrationTarget target, LedgerQuestion question, String nonce) {
        var meta = target.getMetadata();
        return Names.hashed(
                LONGEST_NAME,
                ("mtgt-" + meta.getName()).replace('.', '-'),
                String.join("\n", meta.getUid(), question.hash(), nonce));
    }

    /**
     * The file with the question and the connection. It can be made before the Job; {@link #owned} then binds it to the
     * Job.
     *
     * @param job the Job's name
     * @throws IllegalArgumentException if the target's spec is unusable; the message opens with the field
     */
    public static ConfigMap file(MigrationTarget target, String job, LedgerQuestion question) {
        var settings = new Settings(SettingsMapper.connection(target.getSpec()), LOCKS, PACE);
        return new ConfigMapBuilder()
                .withMetadata(meta(target, fileName(job)))
                .withImmutable(true)
                .withData(Map.of(Mounts.SETTINGS_FILE, Json.write(settings)))
                .withBinaryData(Map.of(Mounts.QUESTION_FILE, Base64.getEncoder().encodeToString(question.zipped())))
                .build();
    }

    /**
     * The file of a Job, which is deleted with the Job.
     *
     * @param job from the API server
     */
    public static ConfigMap owned(ConfigMap file, Job job) {
        return new ConfigMapBuilder(file)
                .editMetadata()
                .withOwnerReferences(new OwnerReferenceBuilder()
                        .withApiVersion(job.getApiVersion())
                        .withKind(job.getKind())
                        .withName(job.getMetadata().getName())
                        .withUid(job.getMetadata().getUid())
                        .withController(true)
                        .build())
                .endMetadata()
                .build();
    }

    /** The name of a Job's file. */
    public static String fileName(String job) {
        return job + "-question";
    }

    /** The Job: one pod and one attempt, since the operator asks again. */
    public static Job job(MigrationTarget target, String name, LedgerQuestion question, RunnerImage image) {
        var meta = meta(target, name);
        var spec = target.getSpec().job();
        var users = spec == null ? null : spec.podMetadata();
        return new JobBuilder()
                .withMetadata(meta)
                .withNewSpec()
                .withBackoffLimit(0)
                .withActiveDeadlineSeconds(LONGEST_RUN_SECONDS)
                .withTtlSecondsAfterFinished(KEPT_SECONDS)
                .withNewTemplate()
                .withNewMetadata()
                .withLabels(JobManifest.beside(users == null ? Map.of() : users.labels(), meta.getLabels()))
                .withAnnotations(
                        JobManifest.beside(users == null ? Map.of() : users.annotations(), meta.getAnnotations()))
                .endMetadata()
                .withSpec(pod(target.getSpec(), name, question, image))
                .endTemplate()
                .endSpec()
                .build();
    }

    private static PodSpec pod(MigrationTargetSpec target, String name, LedgerQuestion question, RunnerImage image) {
        var pod = new PodSpecBuilder()
                .withRestartPolicy("Never")
                .withAutomountServiceAccountToken(false)
                .withEnableServiceLinks(false)
                .withSecurityContext(JobManifest.security(image.fixedUser()))
                .withContainers(container(target, question, image))
                .withVolumes(volumes(target, name))
                .build();
        JobManifest.placement(pod, target);
        return pod;
    }

    private static Container container(MigrationTargetSpec target, LedgerQuestion question, RunnerImage image) {
        return Containers.ofOurs(image, Mounts.CONTAINER)
                .withArgs(Mounts.READ_LEDGER, question.hash())
                .withResources(Containers.resources(target))
                .withTerminationMessagePath(Mounts.TERMINATION_LOG.toString())
                .withTerminationMessagePolicy("File")
                .withVolumeMounts(mounts(target))
                .build();
    }

    private static List<Volume> volumes(MigrationTargetSpec target, String name) {
        var volumes = new ArrayList<Volume>();
        volumes.add(new VolumeBuilder()
                .withName(QUESTION)
                .withNewConfigMap()
                .withName(fileName(name))
                .endConfigMap()
                .build());
        Volumes.credentials(target, volumes);
        return volumes;
    }

    private static List<VolumeMount> mounts(MigrationTargetSpec target) {
        var mounts = new ArrayList<VolumeMount>();
        mounts.add(Volumes.mount(QUESTION, Mounts.QUESTION));
        mounts.add(Volumes.mount(QUESTION, Mounts.SETTINGS));
        Volumes.credentialMounts(target, mounts);
        return mounts;
    }

    /** Metadata of one of Cairn's objects that is deleted with the target. */
    private static ObjectMeta meta(MigrationTarget target, String name) {
        var meta = target.getMetadata();
        return new ObjectMetaBuilder()
                .withName(name)
                .withNamespace(meta.getNamespace())
                .withLabels(new TreeMap<>(Map.of(
                        Labels.MANAGED_BY,
                        Labels.CAIRN,
                        Labels.ROLE,
                        Labels.LEDGER_READER,
                        Labels.UID,
                        meta.getUid(),
                        Labels.TARGET,
                        Labels.value(meta.getName()))))
                .addToAnnotations(Labels.FULL_NAME, meta.getName())
                .addNewOwnerReference()
                .withApiVersion(target.getApiVersion())
                .withKind(target.getKind())
                .withName(meta.getName())
                .withUid(meta.getUid())
                .withController(true)
                .endOwnerReference()
                .build();
    }
}
