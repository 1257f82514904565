package dev.cairn.e2e.demo;

import dev.cairn.crds.DataMigration;
import dev.cairn.crds.Migration;
import dev.cairn.crds.Phase;
import dev.cairn.crds.SchemaMigration;
import dev.cairn.e2e.Chart;
import dev.cairn.e2e.Command;
import dev.cairn.e2e.KubernetesTable;
import dev.cairn.e2e.Manifests;
import dev.cairn.e2e.Project;
import dev.cairn.e2e.cluster.Cluster;
import dev.cairn.e2e.cluster.Clusters;
import dev.cairn.e2e.database.Database;
import dev.cairn.e2e.database.DatabaseService;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Runs the first example on a real cluster and a real database, and leaves both running. {@code ./demo} starts it.
 *
 * <p>Arguments: the folder for files of later use, the number of rows, and {@code terminal} or {@code lines}.
 */
public final class Demo {
    private static final String EXAMPLE = "01-messages-mood";
    private static final String NAMESPACE = "demo";
    private static final String TARGET = "chat";
    private static final Duration PATIENCE = Duration.ofMinutes(60);

    private final PrintStream out = System.out;
    private final Path state;
    private final long rows;
    private final boolean terminal;

    private Demo(Path state, long rows, boolean terminal) {
        this.state = state;
        this.rows = rows;
        this.terminal = terminal;
    }

    /** Exits with 0 if every migration was applied and every row is right. */
    public static void main(String[] args) throws Exception {
        // The clients' threads do not end by themselves.
        System.exit(new Demo(Path.of(args[0]), Long.parseLong(args[1]), args[2].equals("terminal")).play() ? 0 : 1);
    }

    /** The cluster stays open on purpose, for users to explore it. */
    private boolean play() throws IOException, SQLException, InterruptedException {
        var cluster = Clusters.open();
        out.println("Kubernetes: " + cluster.name());
        Files.writeString(state.resolve("end"), cluster.endingLine() + "\n");
        cluster.load(Project.imageArchives());
        var database = Database.start(state.resolve("database"), cluster.hostAddress(), Map.of());
        database.create(Messages.DATABASE);
        out.printf("PostgreSQL: outside the cluster, port %d; writing %,d messages%n", database.port(), rows);
        try (var connection = database.connect(Messages.DATABASE, Messages.DATABASE)) {
            Messages.create(connection, rows);
        }
        out.println("Cairn: installing the chart");
        Chart.install(cluster, Map.of());
        try (var client = cluster.connect()) {
            publish(client, cluster, database);
            writeEnvironment(cluster, database);
            out.println("\n$ kubectl apply -f examples/" + EXAMPLE);
            out.println(kubectl(cluster, "apply", "-f", Project.example(EXAMPLE).toString()));
            out.println();
            boolean applied = watch(client);
            boolean right = new Evidence(out).show(database, rows);
            out.println("\n$ kubectl get migrations,migrationtargets");
            out.println(kubectl(cluster, "get", "migrations,migrationtargets"));
            farewell(applied && right);
            return applied && right;
        }
    }

    private static void publish(KubernetesClient client, Cluster cluster, Database database) {
        var namespace = new NamespaceBuilder()
                .withNewMetadata()
                .withName(NAMESPACE)
                .addToLabels("pod-security.kubernetes.io/enforce", "restricted")
                .endMetadata()
                .build();
        client.resource(namespace).serverSideApply();
        DatabaseService.of(database, NAMESPACE, "chat-db", Messages.DATABASE, cluster.hostAddress())
                .forEach(object -> client.resource(object).serverSideApply());
    }

    private void writeEnvironment(Cluster cluster, Database database) throws IOException {
        var kubeconfig = state.resolve("kubeconfig");
        Files.copy(cluster.kubeconfig(), kubeconfig, StandardCopyOption.REPLACE_EXISTING);
        kubectl(cluster, "config", "set-context", "--current", "--namespace", NAMESPACE);
        Files.writeString(state.resolve("env"), """
                export KUBECONFIG=%s
                export PGHOST=localhost PGPORT=%d PGUSER=%s PGPASSWORD=%s PGDATABASE=%s
                export CAIRN_NAMESPACE=%s CAIRN_TARGET=%s
                export PATH="%s:$PATH"
                """.formatted(
                        kubeconfig,
                        database.port(),
                        Messages.DATABASE,
                        database.password(),
                        Messages.DATABASE,
                        NAMESPACE,
                        TARGET,
                        cluster.kubectl().getParent()));
    }

    private boolean watch(KubernetesClient client) throws IOException, InterruptedException {
        var names = example();
        var table = new LiveTable(out, terminal, names);
        var deadline = Instant.now().plus(PATIENCE);
        while (true) {
            table.show(KubernetesTable.get(client, NAMESPACE, "schemamigrations")
                    .and(KubernetesTable.get(client, NAMESPACE, "datamigrations")));
            var phases = phases(client);
            if (phases.size() == names.size() && phases.stream().allMatch(Phase.Applied::equals)) return true;
            if (phases.contains(Phase.Failed) || Instant.now().isAfter(deadline)) return false;
            Thread.sleep(500);
        }
    }

    private static List<Phase> phases(KubernetesClient client) {
        var phases = new ArrayList<Phase>();
        for (var type : List.of(SchemaMigration.class, DataMigration.class)) {
            for (var migration :
                    client.resources(type).inNamespace(NAMESPACE).list().getItems()) {
                var status = ((Migration) migration).status();
                if (status != null && status.phase() != null) phases.add(status.phase());
            }
        }
        return phases;
    }

    /** The migrations' names, in the order of the files. */
    private static List<String> example() throws IOException {
        var names = new ArrayList<String>();
        try (var files = Files.list(Project.example(EXAMPLE))) {
            for (var file :
                    files.filter(f -> f.toString().endsWith(".yaml")).sorted().toList()) {
                for (var object : Manifests.parse(Files.readString(file))) {
                    if (object.getKind().endsWith("Migration"))
                        names.add(object.getMetadata().getName());
                }
            }
        }
        return names;
    }

    private String kubectl(Cluster cluster, String... arguments) {
        var command = new ArrayList<>(List.of(
                cluster.kubectl().toString(),
                "--kubeconfig",
                state.resolve("kubeconfig").toString()));
        command.addAll(List.of(arguments));
        return Command.run(command);
    }

    private void farewell(boolean well) {
        out.println(
                well ? "\nEverything is applied and every row is right." : "\nNot everything went well: see above.");
        out.println("""

                Everything is left running. To look around:
                  eval "$(./demo env)"
                  kubectl get migrations
                  kubectl describe datamigration messages-backfill-mood
                  psql -c 'SELECT * FROM cairn.event ORDER BY id'
                and when you are done:
                  ./demo down""");
    }
}
