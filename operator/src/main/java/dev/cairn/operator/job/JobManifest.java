package dev.cairn.operator.job;

import dev.cairn.crds.MigrationTargetSpec;
import dev.cairn.plan.ExitCode;
import dev.cairn.plan.GracePeriod;
import dev.cairn.plan.Json;
import dev.cairn.plan.Mounts;
import dev.cairn.plan.Settings;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.PodSecurityContextBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.PodFailurePolicy;
import io.fabric8.kubernetes.api.model.batch.v1.PodFailurePolicyBuilder;
import java.util.Map;
import java.util.TreeMap;

/** The Job that carries out one plan. */
public final class JobManifest {
    /** The user of the images. */
    private static final long USER = 65_532;

    /** The runner ignores unknown fields; the runner of version 0.1 refuses them. */
    private static final String SETTINGS_VERSION = "2";

    private static final int KEPT_SECONDS = 24 * 60 * 60;

    private JobManifest() {}

    /** The complete Job. The same inputs give the same Job. */
    public static Job job(JobInputs order, int planParts) {
        var meta = ConfigMaps.meta(order.migration(), order.name());
        meta.getAnnotations().put(Labels.PLAN, order.plan().hash());
        meta.getAnnotations().put(Labels.RENDERED, Rendering.digest(order.migration(), order.target(), order.image()));
        meta.getAnnotations().put(Labels.RUNNER, order.image().name());
        meta.getAnnotations().put(Labels.SETTINGS_VERSION, SETTINGS_VERSION);
        meta.getAnnotations().put(Labels.STARTED_FROM, order.startsFrom());
        if (order.attempt() > 1) meta.getAnnotations().put(Labels.ATTEMPT, String.valueOf(order.attempt()));
        if (order.plan().dryRun() != null) meta.getAnnotations().put(Labels.MODE, Labels.DRY_RUN);
        return new JobBuilder()
                .withMetadata(meta)
                .withNewSpec()
                .withBackoffLimit(Integer.MAX_VALUE)
                .withPodFailurePolicy(podFailurePolicy())
                .withTtlSecondsAfterFinished(KEPT_SECONDS)
                .withSuspend(false)
                .withTemplate(template(order, planParts))
                .endSpec()
                .build();
    }

    /** A permanent failure of the migration fails the Job. Any other failure is retried without a limit. */
    private static PodFailurePolicy podFailurePolicy() {
        return new PodFailurePolicyBuilder()
                .addNewRule()
                .withAction("FailJob")
                .withNewOnExitCodes()
                .withContainerName(Mounts.CONTAINER) // ignores the exit code of a sidecar
                .withOperator("In")
                .withValues(ExitCode.PERMANENT.code())
                .endOnExitCodes()
                .endRule()
                .build();
    }

    private static PodTemplateSpec template(JobInputs order, int planParts) {
        var own = Map.of(
                Labels.FULL_NAME,
                order.migration().getMetadata().getName(),
                Labels.SETTINGS,
                settingsHash(order.settings()),
                "kubectl.kubernetes.io/default-container",
                Mounts.CONTAINER);
        var job = order.target().job();
        var users = job == null ? null : job.podMetadata();
        return new PodTemplateSpecBuilder()
                .withNewMetadata()
                .withLabels(beside(users == null ? Map.of() : users.labels(), Labels.of(order.migration())))
                .withAnnotations(beside(users == null ? Map.of() : users.annotations(), own))
                .endMetadata()
                .withSpec(pod(order, planParts))
                .build();
    }

    /** The operator's own labels win, since it finds pods by them. */
    static Map<String, String> beside(Map<String, String> users, Map<String, String> own) {
        var both = new TreeMap<>(users);
        both.putAll(own);
        return both;
    }

    /** The settings in the form that the runner of a Job can read. */
    public static Settings understoodBy(Job job, Settings settings) {
        var annotations = job.getMetadata().getAnnotations();
        boolean knowsAll = annotations != null && annotations.containsKey(Labels.SETTINGS_VERSION);
        return knowsAll ? settings : settings.asOfVersion01();
    }

    /** A digest that changes with the settings. */
    public static String settingsHash(Settings settings) {
        return Names.digest(Json.write(settings)).substring(0, 16);
    }

    private static PodSpec pod(JobInputs order, int planParts) {
        var pod = new PodSpecBuilder()
                .withRestartPolicy("Never")
                .withAutomountServiceAccountToken(false)
                .withEnableServiceLinks(false)
                .withTerminationGracePeriodSeconds(GracePeriod.OF_POD.toSeconds())
                .withSecurityContext(security(order.image().fixedUser()))
                .withInitContainers(Containers.beforeTheMigration(order))
                .withContainers(Containers.migration(order))
                .withVolumes(Volumes.of(order, planParts))
                .build();
        placement(pod, order.target());
        return pod;
    }

    static PodSecurityContext security(boolean fixedUser) {
        var security = new PodSecurityContextBuilder()
                .withRunAsNonRoot(true)
                .withNewSeccompProfile()
                .withType("RuntimeDefault")
                .endSeccompProfile();
        if (fixedUser)
            security.withRunAsUser(USER)
                    .withRunAsGroup(USER)
                    .withFsGroup(USER); // or the files of the Secret would be root's alone
        return security.build();
    }

    static void placement(PodSpec pod, MigrationTargetSpec target) {
        var job = target.job();
        if (job == null) return;
        if (job.nodeSelector() != null) pod.setNodeSelector(job.nodeSelector());
        if (job.tolerations() != null) pod.setTolerations(job.tolerations());
        if (job.imagePullSecrets() != null) pod.setImagePullSecrets(job.imagePullSecrets());
    }
}
