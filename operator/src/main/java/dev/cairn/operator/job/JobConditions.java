package dev.cairn.operator.job;

import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobCondition;
import java.util.Optional;

/** Reads the conditions that the Job controller sets on a Job. */
public final class JobConditions {
    private JobConditions() {}

    /** The condition of that type, such as {@code Failed}, where it is true. */
    public static Optional<JobCondition> find(Job job, String type) {
        if (job.getStatus() == null) return Optional.empty();
        return job.getStatus().getConditions().stream()
                .filter(condition -> condition.getType().equals(type)
                        && condition.getStatus().equals("True"))
                .findFirst();
    }

    /** Whether the Job is neither complete nor failed. */
    public static boolean isUnfinished(Job job) {
        return find(job, "Failed").isEmpty() && find(job, "Complete").isEmpty();
    }
}
