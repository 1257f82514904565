package dev.cairn.e2e.scenario;

import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.awaitility.Awaitility;

/** What can happen to a cluster and its databases. */
enum Fault {
    /** SIGKILL for a runner, or for a user's program. */
    KillRunner {
        @Override
        boolean strike(Scenario scenario, Random random) {
            return anyOf(runners(scenario), random, scenario::kill);
        }
    },
    /** A runner's pod is deleted by force, as a node that is lost loses it. */
    DeleteRunner {
        @Override
        boolean strike(Scenario scenario, Random random) {
            return anyOf(runners(scenario), random, pod -> delete(scenario, pod));
        }
    },
    /** Somebody tidies up. */
    DeleteJob {
        @Override
        boolean strike(Scenario scenario, Random random) {
            var jobs =
                    scenario.client().resources(Job.class).inNamespace(scenario.namespace()).list().getItems().stream()
                            .filter(job -> job.getStatus() != null
                                    && job.getStatus().getActive() != null
                                    && job.getStatus().getActive() > 0)
                            .sorted(BY_NAME)
                            .toList();
            return anyOf(
                    jobs,
                    random,
                    job -> scenario.client()
                            .resource(job)
                            .withPropagationPolicy(DeletionPropagation.BACKGROUND)
                            .delete());
        }
    },
    /** SIGKILL for the operator. */
    KillOperator {
        @Override
        boolean strike(Scenario scenario, Random random) {
            return anyOf(running(scenario.operatorPods()), random, scenario::kill);
        }
    },
    /** The operator's pod is deleted by force. */
    DeleteOperator {
        @Override
        boolean strike(Scenario scenario, Random random) {
            return anyOf(running(scenario.operatorPods()), random, pod -> delete(scenario, pod));
        }
    },
    /** The API server is away for seconds; pods go on. */
    StopApiServer {
        @Override
        boolean strike(Scenario scenario, Random random) {
            scenario.cluster().stopApiServer();
            outage(random);
            scenario.cluster().startApiServer();
            return true;
        }
    },
    /** A power cut of the database. */
    CrashDatabase {
        @Override
        boolean strike(Scenario scenario, Random random) {
            scenario.server().crash();
            scenario.server().start();
            return true;
        }
    },
    /** Maintenance of the database. */
    StopDatabase {
        @Override
        boolean strike(Scenario scenario, Random random) {
            scenario.server().stop();
            outage(random);
            scenario.server().start();
            return true;
        }
    };

    private static final Comparator<HasMetadata> BY_NAME =
            Comparator.comparing(object -> object.getMetadata().getName());

    /**
     * Makes it happen.
     *
     * @param random chooses the victim, and how long an outage lasts
     * @return false when there was nothing to hit, or it had ended before it was hit
     */
    abstract boolean strike(Scenario scenario, Random random);

    /** What is away stays away for one to six seconds. */
    private static void outage(Random random) {
        var length = Duration.ofMillis(random.nextLong(1_000, 6_000));
        Awaitility.await("an outage")
                .during(length)
                .atMost(length.multipliedBy(3))
                .until(() -> true);
    }

    private static List<Pod> runners(Scenario scenario) {
        return running(scenario.client()
                .pods()
                .inNamespace(scenario.namespace())
                .withLabel("app.kubernetes.io/managed-by", "cairn")
                .list()
                .getItems());
    }

    private static List<Pod> running(List<Pod> pods) {
        return pods.stream()
                .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null
                        && pod.getStatus().getContainerStatuses().stream()
                                .anyMatch(container -> container.getState().getRunning() != null))
                .sorted(BY_NAME)
                .toList();
    }

    private static void delete(Scenario scenario, Pod pod) {
        scenario.client().resource(pod).withGracePeriod(0).delete();
    }

    private static <T extends HasMetadata> boolean anyOf(List<T> victims, Random random, Strike<T> strike) {
        if (victims.isEmpty()) return false;
        var victim = victims.get(random.nextInt(victims.size()));
        try {
            strike.at(victim);
            return true;
        } catch (IllegalStateException e) {
            System.out.println("fault: missed " + victim.getMetadata().getName() + ": " + e.getMessage());
            return false;
        }
    }

    private interface Strike<T> {
        /**
         * Hits it.
         *
         * @throws IllegalStateException when it is too late
         */
        void at(T victim);
    }
}
