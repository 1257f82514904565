package dev.cairn.e2e.scenario;

import dev.cairn.e2e.Command;
import dev.cairn.e2e.Project;
import dev.cairn.e2e.cluster.Cluster;
import java.util.List;

/** The images of examples/02-containers, which no registry has. */
final class ExampleImages {
    private static boolean loaded;

    private ExampleImages() {}

    /** Builds them and brings them onto the nodes, once for all scenarios. */
    static synchronized void load(Cluster cluster) {
        if (loaded) return;
        var folder = Project.root().resolve("images/target");
        Command.run(Project.root().resolve("e2e/images/build").toString(), folder.toString());
        cluster.load(List.of(folder.resolve("example-fill-words.tar"), folder.resolve("example-fill-tone.tar")));
        loaded = true;
    }
}
