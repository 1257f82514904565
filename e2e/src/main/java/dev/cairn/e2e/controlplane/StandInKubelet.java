package dev.cairn.e2e.controlplane;

import dev.cairn.operator.job.Labels;
import dev.cairn.plan.LedgerAnswer;
import dev.cairn.plan.LedgerQuestion;
import dev.cairn.plan.LedgerState;
import dev.cairn.plan.Mounts;
import dev.cairn.plan.Reason;
import io.fabric8.kubernetes.api.model.BindingBuilder;
import io.fabric8.kubernetes.api.model.ConfigMapProjection;
import io.fabric8.kubernetes.api.model.ConfigMapVolumeSource;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Simulates the pods of migrations, as a script says. It binds them to a node, writes their status, and removes deleted
 * pods. It starts no container.
 */
public final class StandInKubelet implements AutoCloseable {
    /** The node of its pods until the node is lost. There is no object of this name. */
    public static final String NODE = "stand-in";

    private final KubernetesClient client;
    private final Script script;
    private final SharedIndexInformer<Pod> pods;
    private final Lanes lanes = new Lanes();
    private final Map<String, PodRun> runs = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> attempts = new ConcurrentHashMap<>();
    private final Set<String> lostNodes = ConcurrentHashMap.newKeySet();
    private volatile String node = NODE;

    /** Decides what a pod does. */
    @FunctionalInterface
    public interface Script {
        /**
         * Called once for each pod.
         *
         * @param migration such as {@code DataMigration/backfill}
         * @param attempt the number of the migration's pods so far, this one included
         */
        PodRun run(String migration, int attempt);

        /**
         * Called for each pod that reads a ledger. By default the ledger is empty.
         *
         * @param question to answer
         */
        default PodRun read(LedgerQuestion question) {
            return new PodRun.Answers(LedgerAnswer.to(
                    question, Collections.nCopies(question.entries().size(), LedgerState.Absent)));
        }
    }

    private StandInKubelet(KubernetesClient client, @Nullable String namespace, Script script) {
        this.client = client;
        this.script = script;
        var ours = namespace == null
                ? client.pods().inAnyNamespace().withLabel(Labels.MANAGED_BY, Labels.CAIRN)
                : client.pods().inNamespace(namespace).withLabel(Labels.MANAGED_BY, Labels.CAIRN);
        pods = ours.inform(new Handler());
    }

    /**
     * Starts to simulate pods.
     *
     * @param namespace the namespace of the pods, null for all
     */
    public static StandInKubelet start(KubernetesClient client, @Nullable String namespace, Script script) {
        return new StandInKubelet(client, namespace, script);
    }

    /**
     * Stops all work on pods of the node. Later pods go to another node, as the scheduler would decide.
     *
     * @return the name of the lost node
     */
    public String loseNode() {
        var lost = node;
        lostNodes.add(lost);
        node = NODE + "-" + (lostNodes.size() + 1);
        return lost;
    }

    /** Ends the hanging pods of a migration. */
    public void end(String migration, PodRun.Ends end) {
        pods.getIndexer().list().stream()
                .filter(pod -> reference(pod).equals(migration))
                .filter(pod -> runs.get(pod.getMetadata().getUid()) instanceof PodRun.Hangs)
                .forEach(pod -> {
                    runs.put(pod.getMetadata().getUid(), end);
                    lanes.run(key(pod), () -> advance(pod));
                });
    }

    @Override
    public void close() {
        pods.close();
        lanes.close();
    }

    private void advance(Pod seen) {
        var pod = pods.getIndexer().getByKey(key(seen));
        if (pod == null || hasEnded(pod) || isOnALostNode(pod)) return;
        if (pod.getMetadata().getDeletionTimestamp() != null) letGo(pod);
        else
            switch (run(pod)) {
                case PodRun.NeverStarts() -> {}
                case PodRun.Hangs(var address) -> {
                    if (!isRunning(pod)) begin(pod, address);
                }
                case PodRun.Answers(var answer) -> {
                    if (isRunning(pod)) finish(pod, 0, answer.toTerminationMessage());
                    else begin(pod, null);
                }
                case PodRun.Ends end -> {
                    if (isRunning(pod)) lanes.runAfter(end.after(), key(pod), () -> finish(pod, end));
                    else begin(pod, null);
                }
            }
    }

    private PodRun run(Pod pod) {
        return runs.computeIfAbsent(pod.getMetadata().getUid(), uid -> {
            if (Labels.readTarget(pod).isPresent()) return script.read(question(pod));
            var migration = reference(pod);
            var place = pod.getMetadata().getNamespace() + "/" + migration;
            int attempt =
                    attempts.computeIfAbsent(place, key -> new AtomicInteger()).incrementAndGet();
            return script.run(migration, attempt);
        });
    }

    /** As the pod would read it from its file. */
    private LedgerQuestion question(Pod pod) {
        var file = pod.getSpec().getVolumes().stream()
                .flatMap(volume -> Stream.ofNullable(volume.getConfigMap()))
                .findFirst()
                .orElseThrow();
        var configMap = client.configMaps()
                .inNamespace(pod.getMetadata().getNamespace())
                .withName(file.getName())
                .get();
        if (configMap == null) throw new KubernetesClientException("ConfigMap " + file.getName() + " is not there yet");
        return LedgerQuestion.unzipped(
                Base64.getDecoder().decode(configMap.getBinaryData().get(Mounts.QUESTION_FILE)));
    }

    /** Its containers start when its files exist. */
    private void requireFiles(Pod pod) {
        for (var volume : pod.getSpec().getVolumes()) {
            Stream<String> files = Stream.concat(
                    Stream.ofNullable(volume.getConfigMap()).map(ConfigMapVolumeSource::getName),
                    Stream.ofNullable(volume.getProjected())
                            .flatMap(projected -> projected.getSources().stream())
                            .flatMap(source -> Stream.ofNullable(source.getConfigMap()))
                            .map(ConfigMapProjection::getName));
            files.forEach(file -> requireFile(pod.getMetadata().getNamespace(), file));
        }
    }

    private void requireFile(String namespace, String name) {
        if (client.configMaps().inNamespace(namespace).withName(name).get() == null)
            throw new KubernetesClientException("ConfigMap " + name + " is not there yet");
    }

    private void begin(Pod pod, @Nullable String address) {
        requireFiles(pod);
        if (pod.getSpec().getNodeName() == null) bind(pod);
        var status = new PodBuilder(pod)
                .withNewStatus()
                .withPhase("Running")
                .withPodIP(address)
                .withStartTime(now())
                .withContainerStatuses(container()
                        .withNewState()
                        .withNewRunning()
                        .withStartedAt(now())
                        .endRunning()
                        .endState()
                        .withReady(true)
                        .build())
                .endStatus()
                .build();
        writeStatus(status);
    }

    private void finish(Pod pod, PodRun.Ends end) {
        var outcome = end.outcome();
        finish(pod, end.exitCode(), outcome == null ? "" : outcome.toTerminationMessage());
    }

    private void finish(Pod pod, int exitCode, String message) {
        var status = new PodBuilder(pod)
                .editStatus()
                .withPhase(exitCode == 0 ? "Succeeded" : "Failed")
                .withContainerStatuses(container()
                        .withNewState()
                        .withNewTerminated()
                        .withExitCode(exitCode)
                        .withReason(exitCode == 0 ? "Completed" : "Error")
                        .withMessage(message)
                        .withFinishedAt(now())
                        .endTerminated()
                        .endState()
                        .withReady(false)
                        .build())
                .endStatus()
                .build();
        writeStatus(status);
    }

    /** A runner saves its checkpoint, reports that and ends. Then the pod can be deleted. */
    private void letGo(Pod pod) {
        if (isRunning(pod)) finish(pod, PodRun.ends(Reason.Stopped, "Stopped; the checkpoint is saved."));
        client.resource(pod).withGracePeriod(0).delete();
    }

    private void bind(Pod pod) {
        var binding = new BindingBuilder()
                .withNewMetadata()
                .withName(pod.getMetadata().getName())
                .withNamespace(pod.getMetadata().getNamespace())
                .endMetadata()
                .withNewTarget()
                .withKind("Node")
                .withName(node)
                .endTarget()
                .build();
        client.bindings()
                .inNamespace(pod.getMetadata().getNamespace())
                .resource(binding)
                .create();
    }

    /** Writes regardless of other changes of the object: only a kubelet writes a pod's status. */
    private void writeStatus(Pod pod) {
        pod.getMetadata().setResourceVersion(null);
        client.resource(pod).patchStatus();
    }

    private static ContainerStatusBuilder container() {
        return new ContainerStatusBuilder()
                .withName(Mounts.CONTAINER)
                .withImage("stand-in")
                .withImageID("stand-in")
                .withRestartCount(0);
    }

    private static boolean isRunning(Pod pod) {
        return "Running".equals(pod.getStatus().getPhase());
    }

    private boolean isOnALostNode(Pod pod) {
        var bound = pod.getSpec().getNodeName();
        return bound != null && lostNodes.contains(bound);
    }

    private static boolean hasEnded(Pod pod) {
        var phase = pod.getStatus().getPhase();
        boolean ended = "Succeeded".equals(phase) || "Failed".equals(phase);
        return ended && pod.getMetadata().getDeletionTimestamp() == null;
    }

    private static String reference(Pod pod) {
        return Labels.owner(pod).map(Objects::toString).orElse("");
    }

    private static String key(Pod pod) {
        return pod.getMetadata().getNamespace() + "/" + pod.getMetadata().getName();
    }

    private static String now() {
        return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private final class Handler implements ResourceEventHandler<Pod> {
        @Override
        public void onAdd(Pod pod) {
            lanes.run(key(pod), () -> advance(pod));
        }

        @Override
        public void onUpdate(Pod before, Pod pod) {
            lanes.run(key(pod), () -> advance(pod));
        }

        @Override
        public void onDelete(Pod pod, boolean unknown) {
            runs.remove(pod.getMetadata().getUid());
        }
    }
}
