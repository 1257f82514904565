package dev.cairn.crds;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/**
 * One aspect of a resource's state, in the usual form of Kubernetes conditions.
 *
 * @param type Ready, Reconciling or Stalled
 * @param status True, False or Unknown
 * @param reason one word
 * @param message one sentence: the object, the cause, the next step
 * @param lastTransitionTime when the status last flipped, RFC 3339
 * @param observedGeneration the generation of the spec that it describes
 */
public record Condition(
        @Required
        @Size(min = 1, max = 64)
        @JsonPropertyDescription("Ready, Reconciling or Stalled; Suspended for a target.")
        String type,

        @Required @Size(max = 7) @JsonPropertyDescription("True, False or Unknown.")
        String status,

        @Required @Size(max = 64) @JsonPropertyDescription("The reason, one word.")
        String reason,

        @Required @Size(max = 32_768) @JsonPropertyDescription("What happened, to which object, and what to do next.")
        String message,

        @Required @Size(max = 40) @JsonPropertyDescription("When the status last flipped.")
        String lastTransitionTime,

        @Required @JsonPropertyDescription("The generation of the spec that it describes.")
        long observedGeneration) {}
