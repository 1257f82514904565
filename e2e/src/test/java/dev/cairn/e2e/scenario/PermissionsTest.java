package dev.cairn.e2e.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.e2e.Chart;
import dev.cairn.e2e.Manifests;
import dev.cairn.e2e.cluster.AuditEvent;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBinding;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * The chart grants what the operator uses, no more and no less, by the API server's own record. What is used shows only
 * when the other scenarios have run: it comes after them, and fails alone.
 */
@OnCluster
@Isolated
@Order(PermissionsTest.AFTER_ALL_THAT_USE_THEM)
class PermissionsTest {
    /** Before the chaos: an API server that starts denies everything until it has read its roles. */
    static final int AFTER_ALL_THAT_USE_THEM = Integer.MAX_VALUE - 1;

    /** Pods on a lost node are deleted: JobReplacementTest, on an API server of its own, sees to that. */
    private static final Set<String> USED_ELSEWHERE = Set.of("delete pods");

    private static final List<HasMetadata> CHART = Manifests.parse(Chart.render(Map.of()));

    @Test
    void everyPermissionWasUsedAndNoneWasMissing(Scenario scenario) {
        var requests = requestsOfTheOperator(scenario);
        assertThat(requests).isNotEmpty();
        assertThat(requests.stream().filter(request -> !request.allowed()))
                .as("requests that were denied")
                .isEmpty();
        var used = requests.stream().flatMap(PermissionsTest::permissions).collect(Collectors.toSet());
        var unused = new TreeSet<>(granted());
        unused.removeAll(used);
        unused.removeAll(USED_ELSEWHERE);
        assertThat(unused).as("permissions that no scenario used").isEmpty();
    }

    private static Set<AuditEvent> requestsOfTheOperator(Scenario scenario) {
        var user = "system:serviceaccount:" + Chart.NAMESPACE + ":" + Chart.RELEASE;
        return scenario.cluster()
                .auditLog()
                .filter(event -> event.user().equals(user))
                .collect(Collectors.toSet());
    }

    /** Such as {@code patch jobs.batch}; a rule may be for one name alone. */
    private static Stream<String> permissions(AuditEvent request) {
        var permission = permission(request.verb(), request.resource(), request.group());
        return Stream.of(permission, permission + " " + request.name());
    }

    private static Set<String> granted() {
        return rules().flatMap(rule -> rule.getVerbs().stream()
                        .flatMap(verb -> rule.getApiGroups().stream()
                                .flatMap(group -> rule.getResources().stream()
                                        .map(resource -> permission(verb, resource, group))
                                        .flatMap(permission -> named(permission, rule.getResourceNames())))))
                .collect(Collectors.toSet());
    }

    private static Stream<String> named(String permission, List<String> names) {
        return names.isEmpty() ? Stream.of(permission) : names.stream().map(name -> permission + " " + name);
    }

    private static String permission(String verb, String resource, String group) {
        return verb + " " + resource + (group.isEmpty() ? "" : "." + group);
    }

    /** Of the roles that the operator has; the chart brings others, for people. */
    private static Stream<PolicyRule> rules() {
        var bound = Stream.concat(
                        of(ClusterRoleBinding.class)
                                .map(binding -> binding.getRoleRef().getName()),
                        of(RoleBinding.class)
                                .map(binding -> binding.getRoleRef().getName()))
                .collect(Collectors.toSet());
        return Stream.concat(
                of(ClusterRole.class)
                        .filter(role -> bound.contains(role.getMetadata().getName()))
                        .flatMap(role -> role.getRules().stream()),
                of(Role.class)
                        .filter(role -> bound.contains(role.getMetadata().getName()))
                        .flatMap(role -> role.getRules().stream()));
    }

    private static <T extends HasMetadata> Stream<T> of(Class<T> type) {
        return CHART.stream().filter(type::isInstance).map(type::cast);
    }
}
