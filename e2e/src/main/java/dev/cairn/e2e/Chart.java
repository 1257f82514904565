package dev.cairn.e2e;

import com.marcnuri.helm.Helm;
import dev.cairn.e2e.cluster.Cluster;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** The project's chart, installed as {@code helm upgrade --install} does it. */
public final class Chart {
    /** The release's name. */
    public static final String RELEASE = "cairn";

    /** The operator's namespace. */
    public static final String NAMESPACE = "cairn-system";

    /** The Kubernetes version to render for, without a cluster. */
    private static final String KUBERNETES = "1.31.0";

    private Chart() {}

    /** Installs or upgrades it with only these values, and waits until the operator is ready. */
    public static void install(Cluster cluster, Map<String, String> values) {
        install(cluster, Project.chart(), values);
    }

    /** The same with a chart of another version. */
    public static void install(Cluster cluster, Path chart, Map<String, String> values) {
        var command = new Helm(chart)
                .upgrade()
                .install()
                // Without this flag, an upgrade without values keeps the values of the one before it.
                .resetValues()
                .createNamespace()
                .withName(RELEASE)
                .withNamespace(NAMESPACE)
                .withKubeConfig(cluster.kubeconfig())
                .waitReady()
                .withTimeout(180);
        new TreeMap<>(values).forEach(command::set);
        command.call();
    }

    /** Whether it is installed. */
    public static boolean isInstalled(Cluster cluster) {
        return Helm.list().withNamespace(NAMESPACE).withKubeConfig(cluster.kubeconfig()).call().stream()
                .anyMatch(release -> release.getName().equals(RELEASE));
    }

    /** Removes it. The CRDs stay, and with them all migrations. */
    public static void uninstall(Cluster cluster) {
        Helm.uninstall(RELEASE)
                .withNamespace(NAMESPACE)
                .withKubeConfig(cluster.kubeconfig())
                .ignoreNotFound()
                .call();
    }

    /** The objects that it would install, as YAML. */
    public static String render(Map<String, String> values) {
        var command = new Helm(Project.chart())
                .template()
                .withName(RELEASE)
                .withNamespace(NAMESPACE)
                .withKubeVersion(KUBERNETES);
        new TreeMap<>(values).forEach(command::set);
        return command.call();
    }
}
