package dev.cairn.runner;

import dev.cairn.plan.Mounts;
import java.nio.file.Path;
import java.util.Map;

/**
 * The files, port and names of a runner. In a pod they are as {@link Mounts} says. Elsewhere they are below another
 * folder, so that the same program runs as a plain process.
 *
 * @param root the folder to which {@link Mounts} is relative
 * @param port of the progress endpoint, 0 for any
 * @param pod its name, for the ledger
 * @param image its image, for the ledger
 */
record RunnerEnvironment(Path root, int port, String pod, String image) {
    /** The environment variable for {@code root}. */
    static final String ROOT_VARIABLE = "CAIRN_ROOT";

    /** The environment variable for {@code port}. */
    static final String PORT_VARIABLE = "CAIRN_PORT";

    static RunnerEnvironment of(Map<String, String> environment) {
        return new RunnerEnvironment(
                Path.of(environment.getOrDefault(ROOT_VARIABLE, "/")),
                Integer.parseInt(environment.getOrDefault(PORT_VARIABLE, String.valueOf(Mounts.PORT))),
                environment.getOrDefault(
                        Mounts.POD_VARIABLE,
                        "process " + ProcessHandle.current().pid()),
                environment.getOrDefault(Mounts.IMAGE_VARIABLE, "none"));
    }

    /** One of the paths of {@link Mounts}. */
    Path at(Path mount) {
        return root.resolve(mount.toString().substring(1));
    }
}
