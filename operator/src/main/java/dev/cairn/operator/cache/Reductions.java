package dev.cairn.operator.cache;

import dev.cairn.crds.Api;
import dev.cairn.operator.job.Labels;
import dev.cairn.operator.job.Names;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeStatusBuilder;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobSpecBuilder;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reduces objects to the fields that are read. Add a field here before new code reads it. */
final class Reductions {
    private static final String STATUS = "status";
    private static final String JOB_TRACKING = "batch.kubernetes.io/job-tracking";

    /** The longest text that Cairn itself writes. */
    private static final int LONGEST = 1024;

    /** Cairn's containers, and those that admission adds. */
    private static final int MOST_CONTAINERS = 20;

    private Reductions() {}

    /**
     * Removes the labels, annotations, owners and finalizers of others. Of the managed fields it keeps only the times
     * of status writes.
     */
    static void metadata(ObjectMeta meta) {
        meta.setAnnotations(ours(meta.getAnnotations()));
        meta.setLabels(ours(meta.getLabels()));
        meta.setOwnerReferences(meta.getOwnerReferences().stream()
                .filter(owner -> Boolean.TRUE.equals(owner.getController()))
                .toList());
        meta.setFinalizers(
                meta.getFinalizers().stream().filter(JOB_TRACKING::equals).toList());
        meta.setManagedFields(meta.getManagedFields().stream()
                .filter(entry -> STATUS.equals(entry.getSubresource()))
                .peek(entry -> entry.setFieldsV1(null))
                .toList());
    }

    private static @Nullable Map<String, String> ours(@Nullable Map<String, String> entries) {
        if (entries == null) return null;
        return entries.entrySet().stream()
                .filter(entry ->
                        Labels.ALL.contains(entry.getKey()) || entry.getKey().equals(Api.RETRY))
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, entry -> within(entry.getValue())));
    }

    /** A longer text becomes its digest, which still differs from others. */
    private static String within(String text) {
        return text.length() <= LONGEST ? text : Names.digest(text);
    }

    static void job(Job job) {
        var spec = job.getSpec();
        if (spec == null) return;
        var template = spec.getTemplate();
        job.setSpec(new JobSpecBuilder()
                .withSuspend(spec.getSuspend())
                .withTemplate(new PodTemplateSpecBuilder()
                        .withMetadata(annotations(template == null ? null : template.getMetadata()))
                        .withSpec(template == null ? new PodSpec() : podSpec(template.getSpec()))
                        .build())
                .build());
        if (job.getStatus() != null) job.getStatus().setUncountedTerminatedPods(null);
    }

    static void pod(Pod pod) {
        pod.setSpec(podSpec(pod.getSpec()));
        var status = pod.getStatus();
        if (status == null) return;
        pod.setStatus(new PodStatusBuilder()
                .withPhase(status.getPhase())
                .withReason(status.getReason())
                .withMessage(status.getMessage())
                .withPodIP(status.getPodIP())
                .withStartTime(status.getStartTime())
                .withConditions(status.getConditions())
                .withInitContainerStatuses(statuses(status.getInitContainerStatuses()))
                .withContainerStatuses(statuses(status.getContainerStatuses()))
                .build());
    }

    /** Removes the contents where the server does not send metadata alone. It restores the object's own kind. */
    static void configMap(ConfigMap configMap) {
        configMap.setApiVersion("v1");
        configMap.setKind("ConfigMap");
        configMap.setData(null);
        configMap.setBinaryData(null);
    }

    static void node(Node node) {
        node.setSpec(null);
        var status = node.getStatus();
        if (status == null) return;
        node.setStatus(new NodeStatusBuilder()
                .withConditions(status.getConditions().stream()
                        .filter(condition -> condition.getType().equals("Ready"))
                        .toList())
                .build());
    }

    static void event(Event event) {
        var about = event.getInvolvedObject();
        event.setInvolvedObject(new ObjectReferenceBuilder()
                .withKind(about.getKind())
                .withUid(about.getUid())
                .build());
        event.setSource(null);
        event.setRelated(null);
        event.setSeries(null);
    }

    private static @Nullable ObjectMeta annotations(@Nullable ObjectMeta meta) {
        return meta == null
                ? null
                : new ObjectMetaBuilder()
                        .withAnnotations(ours(meta.getAnnotations()))
                        .build();
    }

    private static PodSpec podSpec(@Nullable PodSpec spec) {
        if (spec == null) return new PodSpec();
        return new PodSpecBuilder()
                .withNodeName(spec.getNodeName())
                .withInitContainers(images(spec.getInitContainers()))
                .withContainers(images(spec.getContainers()))
                .build();
    }

    private static List<Container> images(List<Container> containers) {
        return containers.stream()
                .limit(MOST_CONTAINERS)
                .map(container -> new ContainerBuilder()
                        .withName(container.getName())
                        .withImage(container.getImage() == null ? null : within(container.getImage()))
                        .build())
                .toList();
    }

    private static List<ContainerStatus> statuses(List<ContainerStatus> statuses) {
        return statuses.stream()
                .map(status -> new ContainerStatusBuilder()
                        .withName(status.getName())
                        .withState(status.getState())
                        .withLastState(status.getLastState())
                        .withRestartCount(status.getRestartCount())
                        .build())
                .toList();
    }
}
