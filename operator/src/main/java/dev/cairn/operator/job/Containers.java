package dev.cairn.operator.job;

import dev.cairn.crds.MigrationTargetSpec;
import dev.cairn.plan.Mounts;
import dev.cairn.plan.Work;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.SecurityContextBuilder;
import java.util.ArrayList;
import java.util.List;

/**
 * The containers of a Job's pod. The container {@link Mounts#CONTAINER} is the runner or the user's program. Its end is
 * the end of the migration. A user's program has the runner beside it, as a native sidecar that starts before and ends
 * after it. A launcher is its process 1.
 */
final class Containers {
    private static final String LAUNCHER = "launcher";

    private Containers() {}

    /** The init containers, in their start order; none where the runner does the work itself. */
    static List<Container> beforeTheMigration(JobInputs order) {
        if (!(order.plan().work() instanceof Work.Container)) return List.of();
        return List.of(launcher(order), sidecar(order));
    }

    static Container migration(JobInputs order) {
        return order.plan().work() instanceof Work.Container work ? own(order, work) : runner(order);
    }

    private static Container runner(JobInputs order) {
        return runner(order, Mounts.CONTAINER)
                .withResources(resources(order.target()))
                .withVolumeMounts(Volumes.mounts(order))
                .build();
    }

    private static Container sidecar(JobInputs order) {
        return runner(order, Mounts.SIDECAR)
                .withRestartPolicy("Always")
                .withResources(resources("50m", "128Mi", "256Mi"))
                .withVolumeMounts(Volumes.mountsBeside(order))
                .build();
    }

    private static ContainerBuilder runner(JobInputs order, String name) {
        return ofOurs(order.image(), name)
                .withArgs(order.plan().hash())
                .addNewEnv()
                .withName(Mounts.IMAGE_VARIABLE)
                .withValue(order.image().name())
                .endEnv()
                .addNewEnv()
                .withName(Mounts.POD_VARIABLE)
                .withNewValueFrom()
                .withNewFieldRef()
                .withFieldPath("metadata.name")
                .endFieldRef()
                .endValueFrom()
                .endEnv()
                .addNewPort()
                .withName("http")
                .withContainerPort(Mounts.PORT)
                .endPort()
                .withTerminationMessagePath(Mounts.TERMINATION_LOG.toString())
                .withTerminationMessagePolicy("File");
    }

    private static Container launcher(JobInputs order) {
        return ofOurs(order.image(), LAUNCHER)
                .withCommand(Mounts.LAUNCHER_IN_IMAGE.toString(), "install", Mounts.LAUNCHER.toString())
                .withResources(resources("10m", "16Mi", "64Mi"))
                .withVolumeMounts(Volumes.shared())
                .build();
    }

    static ContainerBuilder ofOurs(RunnerImage image, String name) {
        return new ContainerBuilder()
                .withName(name)
                .withImage(image.name())
                .withImagePullPolicy(image.pullPolicy())
                .withSecurityContext(restricted());
    }

    private static Container own(JobInputs order, Work.Container work) {
        var command = new ArrayList<>(List.of(Mounts.LAUNCHER.toString()));
        // Kubernetes would replace $(NAME) by variables of the pod's spec.
        work.command().forEach(word -> command.add(word.replace("$(", "$$(")));
        return new ContainerBuilder()
                .withName(Mounts.CONTAINER)
                .withImage(work.image())
                .withCommand(command)
                .withResources(resources(order.target()))
                .withTerminationMessagePath(Mounts.TERMINATION_LOG.toString())
                .withTerminationMessagePolicy("File")
                .withSecurityContext(restricted())
                .withVolumeMounts(Volumes.mountsOfTheUsers(order))
                .build();
    }

    private static SecurityContext restricted() {
        return new SecurityContextBuilder()
                .withAllowPrivilegeEscalation(false)
                .withReadOnlyRootFilesystem(true)
                .withNewCapabilities()
                .withDrop("ALL")
                .endCapabilities()
                .build();
    }

    static ResourceRequirements resources(MigrationTargetSpec target) {
        var job = target.job();
        return job != null && job.resources() != null ? job.resources() : resources("50m", "128Mi", "256Mi");
    }

    private static ResourceRequirements resources(String cpu, String memory, String memoryLimit) {
        return new ResourceRequirementsBuilder()
                .addToRequests("cpu", new Quantity(cpu))
                .addToRequests("memory", new Quantity(memory))
                .addToLimits("memory", new Quantity(memoryLimit))
                .build();
    }
}
