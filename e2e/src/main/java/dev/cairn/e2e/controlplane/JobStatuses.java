package dev.cairn.e2e.controlplane;

import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.JobCondition;
import io.fabric8.kubernetes.api.model.batch.v1.JobConditionBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatus;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatusBuilder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.UnaryOperator;

/** Job statuses as the Job controller writes them and as the API server accepts them. */
final class JobStatuses {
    private JobStatuses() {}

    static boolean isFinished(Job job) {
        return has(job, "Complete") || has(job, "Failed");
    }

    static boolean isSuspended(Job job) {
        return has(job, "Suspended");
    }

    /** The number of failed pods. */
    static int failures(Job job) {
        var status = job.getStatus();
        return status == null || status.getFailed() == null ? 0 : status.getFailed();
    }

    static Job active(Job job) {
        return with(
                job,
                status -> started(status)
                        .withActive(1)
                        .removeMatchingFromConditions(
                                condition -> condition.getType().equals("Suspended")));
    }

    static Job suspended(Job job) {
        return with(
                job,
                status -> status.withActive(0)
                        .withStartTime(null)
                        .addToConditions(condition("Suspended", "JobSuspended", "Job suspended")));
    }

    static Job complete(Job job) {
        return with(
                job,
                status -> started(status)
                        .withActive(0)
                        .withSucceeded(1)
                        .withCompletionTime(now())
                        .addToConditions(
                                condition(
                                        "SuccessCriteriaMet",
                                        "CompletionsReached",
                                        "Reached expected number of succeeded pods"),
                                condition(
                                        "Complete",
                                        "CompletionsReached",
                                        "Reached expected number of succeeded pods")));
    }

    static Job failed(Job job, String pod) {
        var message = "Container migration for pod %s/%s failed with exit code 65 matching FailJob rule at index 1"
                .formatted(job.getMetadata().getNamespace(), pod);
        return with(
                job,
                status -> started(status)
                        .withActive(0)
                        .withFailed(failures(job) + 1)
                        .addToConditions(
                                condition("FailureTarget", "PodFailurePolicy", message),
                                condition("Failed", "PodFailurePolicy", message)));
    }

    static Job late(Job job) {
        var message = "Job was active longer than specified deadline";
        return with(
                job,
                status -> started(status)
                        .withActive(0)
                        .addToConditions(
                                condition("FailureTarget", "DeadlineExceeded", message),
                                condition("Failed", "DeadlineExceeded", message)));
    }

    static Job triesAgain(Job job) {
        return with(job, status -> started(status).withActive(0).withFailed(failures(job) + 1));
    }

    private static Job with(Job job, UnaryOperator<JobStatusBuilder> change) {
        var before = job.getStatus() == null ? new JobStatus() : job.getStatus();
        return new JobBuilder(job)
                .withStatus(change.apply(new JobStatusBuilder(before)).build())
                .build();
    }

    private static JobStatusBuilder started(JobStatusBuilder status) {
        return status.getStartTime() == null ? status.withStartTime(now()) : status;
    }

    private static JobCondition condition(String type, String reason, String message) {
        return new JobConditionBuilder()
                .withType(type)
                .withStatus("True")
                .withReason(reason)
                .withMessage(message)
                .withLastProbeTime(now())
                .withLastTransitionTime(now())
                .build();
    }

    private static boolean has(Job job, String type) {
        if (job.getStatus() == null) return false;
        List<JobCondition> conditions = job.getStatus().getConditions();
        return conditions.stream()
                .anyMatch(condition -> condition.getType().equals(type)
                        && condition.getStatus().equals("True"));
    }

    private static String now() {
        return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
