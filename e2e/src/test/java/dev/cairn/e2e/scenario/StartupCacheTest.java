package dev.cairn.e2e.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.e2e.Project;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import java.util.Optional;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A JVM that cannot use its startup cache says nothing and starts slowly. Here it must use it, or end. */
@OnCluster
class StartupCacheTest {
    private static final String REFUSED = "AOT cache";

    @ParameterizedTest
    @ValueSource(strings = {"cairn-runner", "cairn-operator"})
    void theImageStartsWithItsCache(String image, Scenario scenario) {
        // without its plan or its API server the program ends by its own words
        start(scenario, "with-cache", image, "-XX:AOTMode=on");
        assertThat(end(scenario, "with-cache").getExitCode()).isNotZero();
        assertThat(log(scenario, "with-cache")).contains("cairn").doesNotContain(REFUSED);

        // a flag that the cache was not made for
        start(scenario, "without-cache", image, "-XX:AOTMode=on", "-XX:ObjectAlignmentInBytes=16");
        assertThat(end(scenario, "without-cache").getExitCode()).isNotZero();
        assertThat(log(scenario, "without-cache")).contains(REFUSED);
    }

    private static void start(Scenario scenario, String name, String image, String... flags) {
        var command = Stream.concat(
                        Stream.concat(Stream.of("/opt/java/bin/java"), Stream.of(flags)), Stream.of("@/app/java.args"))
                .map(word -> '"' + word + '"')
                .toList();
        scenario.apply("""
                apiVersion: v1
                kind: Pod
                metadata: {name: %s}
                spec:
                  restartPolicy: Never
                  automountServiceAccountToken: false
                  securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}
                  containers:
                    - name: program
                      image: %s/%s:%s
                      imagePullPolicy: Never
                      command: %s
                      securityContext:
                        allowPrivilegeEscalation: false
                        readOnlyRootFilesystem: true
                        capabilities: {drop: [ALL]}
                """.formatted(name, Project.imageRepository(), image, Project.version(), command));
    }

    private static ContainerStateTerminated end(Scenario scenario, String pod) {
        return Awaitility.await("the end of " + pod)
                .until(
                        () -> scenario
                                .client()
                                .pods()
                                .inNamespace(scenario.namespace())
                                .withName(pod)
                                .get()
                                .getStatus()
                                .getContainerStatuses()
                                .stream()
                                .flatMap(status ->
                                        Stream.ofNullable(status.getState().getTerminated()))
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }

    private static String log(Scenario scenario, String pod) {
        return scenario.client()
                .pods()
                .inNamespace(scenario.namespace())
                .withName(pod)
                .getLog();
    }
}
