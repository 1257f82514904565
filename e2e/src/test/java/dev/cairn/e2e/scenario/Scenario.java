package dev.cairn.e2e.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.crds.DataMigration;
import dev.cairn.crds.Migration;
import dev.cairn.crds.MigrationTarget;
import dev.cairn.crds.Phase;
import dev.cairn.crds.SchemaMigration;
import dev.cairn.e2e.Chart;
import dev.cairn.e2e.Manifests;
import dev.cairn.e2e.cluster.Cluster;
import dev.cairn.e2e.database.Database;
import dev.cairn.e2e.database.DatabaseService;
import dev.cairn.operator.job.Labels;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * One scenario's part of the cluster: a namespace with the Service {@code chat-db} and the Secret {@code chat-db-app},
 * and behind them an empty database of its own. Gone when the test is over.
 */
final class Scenario implements AutoCloseable {
    /** For what takes seconds on an idle machine; generous, because it is only waited for when something is wrong. */
    static final Duration PATIENCE = Duration.ofMinutes(4);

    private final Installation installation;
    private final Database server;
    private final String namespace;
    private final String database;
    private final Migrations migrations;
    private final Footprint footprint;
    private final List<Scenario> elsewhere = new ArrayList<>();

    private Scenario(Installation installation, Database server, String namespace, String database) {
        this.installation = installation;
        this.server = server;
        this.namespace = namespace;
        this.database = database;
        this.migrations = new Migrations(installation.client(), namespace);
        this.footprint = new Footprint(installation.client(), namespace);
    }

    static Scenario open(Installation installation, String testName, boolean ownServer) {
        var words = testName.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
        var name = words.substring(0, Math.min(words.length(), 40)).replaceAll("-+$", "")
                + "-"
                + Long.toString(System.nanoTime() & 0xfffff, 36);
        var server = ownServer ? installation.startServer() : installation.server();
        var scenario = new Scenario(installation, server, name, name.replace('-', '_'));
        try {
            server.create(scenario.database);
        } catch (SQLException e) {
            throw new IllegalStateException("no database for " + name, e);
        }
        scenario.prepare();
        return scenario;
    }

    private void prepare() {
        var restricted = new NamespaceBuilder()
                .withNewMetadata()
                .withName(namespace)
                .addToLabels("pod-security.kubernetes.io/enforce", "restricted")
                .endMetadata()
                .build();
        client().resource(restricted).create();
        DatabaseService.of(
                        server,
                        namespace,
                        "chat-db",
                        database,
                        installation.cluster().hostAddress())
                .forEach(object -> client().resource(object).create());
    }

    KubernetesClient client() {
        return installation.client();
    }

    String namespace() {
        return namespace;
    }

    /** Where its database lives; only a scenario with {@link OwnServer} may stop it. */
    Database server() {
        return server;
    }

    /** A connection as the role that the migrations use, for the caller to close. */
    Connection connect() throws SQLException {
        return server.connect(database, database);
    }

    void execute(String sql) throws SQLException {
        try (var connection = connect();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** The one value that a query returns, as text. */
    @Nullable
    String value(String query) throws SQLException {
        try (var connection = connect();
                var statement = connection.createStatement();
                var rows = statement.executeQuery(query)) {
            assertThat(rows.next()).as(query).isTrue();
            return rows.getString(1);
        }
    }

    /** Creates or changes objects as {@code kubectl apply} does, in the order in which they stand. */
    void apply(String yaml) {
        Manifests.parse(yaml).forEach(this::apply);
    }

    void apply(HasMetadata object) {
        object.getMetadata().setNamespace(namespace);
        client().resource(object).fieldManager("kubectl").forceConflicts().serverSideApply();
    }

    /**
     * Waits until a migration is in a phase.
     *
     * @param reference such as {@code DataMigration/backfill}
     */
    Migration await(String reference, Phase phase) {
        return migrations.await(reference, phase);
    }

    /**
     * Waits until a migration is as wanted.
     *
     * @param wanted what is waited for, for the message when it does not come
     */
    Migration await(String reference, String wanted, Predicate<Migration> condition) {
        return migrations.await(reference, wanted, condition);
    }

    /**
     * Waits until a migration's status says something of its spec as it is now.
     *
     * @param standing phase and reason, such as {@code Failed/SqlError}
     * @return the message for people
     */
    String awaitMessage(String reference, String standing) {
        return migrations.awaitMessage(reference, standing);
    }

    /** Deletes a migration, and waits until it is gone. */
    void delete(String reference) {
        migrations.delete(reference);
    }

    /** The Jobs and pods that its migrations ever had. */
    Footprint footprint() {
        return footprint;
    }

    /** kubectl, with this namespace as its own. */
    Kubectl kubectl() {
        return new Kubectl(installation.kubectl(), installation.cluster().kubeconfig(), namespace);
    }

    /**
     * The pod that works on a migration, the newest that it has. Waits until the API server knows that it runs: the
     * ledger has its attempt up to some seconds earlier.
     */
    Pod runningPod(String reference) {
        return Awaitility.await("the newest pod of " + reference + " runs")
                .atMost(PATIENCE)
                .until(
                        () -> pods(reference).stream()
                                .max(Comparator.comparing(
                                        pod -> pod.getMetadata().getCreationTimestamp())),
                        newest -> newest.filter(
                                        pod -> "Running".equals(pod.getStatus().getPhase()))
                                .isPresent())
                .orElseThrow();
    }

    /** The pods of a migration, whatever they do. */
    List<Pod> pods(String reference) {
        return client().pods()
                .inNamespace(namespace)
                .withLabel("cairn.dev/name", Migrations.name(reference))
                .list()
                .getItems();
    }

    /** Everything that Cairn made for the migrations of this namespace and that is still there. */
    List<HasMetadata> remains() {
        return Stream.of(Job.class, Pod.class, ConfigMap.class)
                .flatMap(type -> client()
                        .resources(type)
                        .inNamespace(namespace)
                        .withLabel("app.kubernetes.io/managed-by", "cairn")
                        .withoutLabel(Labels.ROLE)
                        .list()
                        .getItems()
                        .stream())
                .map(HasMetadata.class::cast)
                .toList();
    }

    /** Deletes all targets and migrations, and waits until nothing is left of them but what the database remembers. */
    void deleteEverything() {
        var all = List.of(DataMigration.class, SchemaMigration.class, MigrationTarget.class);
        all.forEach(type -> client().resources(type).inNamespace(namespace).delete());
        eventually(
                "nothing left in " + namespace,
                () -> remains().isEmpty()
                        && all.stream()
                                .allMatch(type -> client().resources(type)
                                        .inNamespace(namespace)
                                        .list()
                                        .getItems()
                                        .isEmpty()));
    }

    /**
     * Sees every version of the objects of one kind in this namespace, for the caller to close. Jobs and pods that only
     * read a target's ledger are left out.
     */
    <T extends HasMetadata> Sightings<T> watch(Class<T> type) {
        return Sightings.open(client(), namespace, type);
    }

    /** Waits for something that no object of Kubernetes tells, such as what the database holds. */
    void eventually(String wanted, BooleanSupplier condition) {
        Awaitility.await(wanted).atMost(PATIENCE).until(condition::getAsBoolean);
    }

    /**
     * Another cluster, as far as Cairn can tell: a namespace of its own before the same database. Closing this scenario
     * closes it too.
     */
    Scenario elsewhere() {
        var other = new Scenario(installation, server, namespace + "-2", database);
        other.prepare();
        elsewhere.add(other);
        return other;
    }

    /** SIGKILL for a pod's container, as for want of memory. */
    void kill(Pod pod) {
        var id = pod.getStatus().getContainerStatuses().getFirst().getContainerID();
        installation.cluster().kill(id.substring(id.indexOf("//") + 2));
    }

    /** The cluster, which is everybody's: only an isolated scenario may change more of it than its namespace. */
    Cluster cluster() {
        return installation.cluster();
    }

    /** The operator's pod that leads, or waits to. */
    List<Pod> operatorPods() {
        return client().pods()
                .inNamespace(Chart.NAMESPACE)
                .withLabel("app.kubernetes.io/name", "cairn-operator")
                .list()
                .getItems();
    }

    /** What the database remembers, in the order in which it started. */
    List<LedgerRow> ledger() throws SQLException {
        try (var connection = connect()) {
            return LedgerRow.all(connection);
        }
    }

    /** What people would look at when it went wrong. */
    String describe(String test) {
        return Diagnosis.of(client(), namespace, test);
    }

    @Override
    public void close() throws SQLException {
        footprint.close();
        client().namespaces().withName(namespace).delete();
        elsewhere.forEach(other -> {
            other.footprint.close();
            client().namespaces().withName(other.namespace).delete();
        });
        if (!server.equals(installation.server())) server.remove();
    }
}
