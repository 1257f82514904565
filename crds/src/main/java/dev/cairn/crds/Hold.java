package dev.cairn.crds;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.cairn.plan.HoldSignal;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.IntOrString;
import org.jspecify.annotations.Nullable;

/**
 * Something in the database that makes a backfill wait. A value that cannot be read makes it wait, too.
 *
 * @param signal what is measured, null for a query
 * @param query the query, null for a signal; part of the plan where the migration's own list has it
 * @param above the limit, null for a query that returns a boolean
 * @param replicas how many replicas must be connected, null for {@link #DEFAULT_REPLICAS}
 * @param secretRef the Secret of the replica to ask, null to ask the primary
 * @param suspend whether this hold is off
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(value = "has(self.signal) != has(self.query)", message = "exactly one of signal and query")
@ValidationRule(value = "!has(self.signal) || has(self.above)", message = "a signal needs its limit in above")
@ValidationRule(
        value = "!has(self.signal) || !has(self.above) || !(self.signal in [{times}]) || " + Hold.IS_TIME,
        message = "above is a duration for {times}, such as 5s")
@ValidationRule(
        value = "!has(self.above) || (has(self.signal) && self.signal in [{times}]) || !" + Hold.IS_TIME,
        message = "above is a number, such as 50, except for {times}")
@ValidationRule(
        value = "!has(self.signal) || !has(self.above) || type(self.above) == int || !self.above.contains('.')",
        message = "above is a whole number or duration for a signal")
@ValidationRule(
        value = "!has(self.above) || type(self.above) == string || (self.above >= 0 && self.above <= 2147483647)",
        message = "above is zero or more; write a number above 2147483647 in quotes")
@ValidationRule(
        value = "!has(self.above) || type(self.above) == int || size(self.above) > 0",
        message = "above is a number or a duration")
@ValidationRule(
        value = "!has(self.replicas) || (has(self.signal) && self.signal == 'replicationLag' && !has(self.secretRef))",
        message = "replicas goes with signal: replicationLag, and without secretRef")
@ValidationRule(
        value = "!has(self.secretRef) || (has(self.signal) && self.signal == 'replicationLag')",
        message = "secretRef goes with signal: replicationLag")
public record Hold(
        @Nullable @JsonPropertyDescription("What is measured. {signals}.")
        HoldSignal signal,

        @Nullable
        @Size(min = 1, max = 4096)
        @JsonPropertyDescription(
                "A query that returns one boolean or one number. The backfill waits while the boolean is "
                        + "true, or while the number is above the limit. It runs every second, read only, for at most "
                        + "three seconds. In a DataMigration it is part of the plan and cannot change after the "
                        + "migration has started.")
        String query,

        @Nullable
        @JsonPropertyDescription(
                "The limit: a duration such as 5s for {times}, else a number. Leave it out for a query that "
                        + "returns a boolean. May change at any time.")
        IntOrString above,

        @Nullable
        @Min(0)
        @Max(100)
        @JsonPropertyDescription("For replicationLag: the backfill waits while fewer physical replicas than this are "
                + "connected. Default 1.")
        Integer replicas,

        @Nullable
        @JsonPropertyDescription(
                "For replicationLag: the Secret of a replica. Cairn then asks this replica instead of the "
                        + "primary. The Secret has the same keys as the target's Secret.")
        SecretRef secretRef,

        @Default("false")
        @JsonPropertyDescription(
                "true turns this hold off until it is set to false. May change at any time. Use it when a "
                        + "started migration has a wrong query.")
        boolean suspend) {

    /** How many replicas must be connected where the hold does not say. */
    public static final int DEFAULT_REPLICAS = 1;

    static final String IS_TIME = "(type(self.above) == string"
            + " && (self.above.endsWith('h') || self.above.endsWith('m') || self.above.endsWith('s')))";

    /**
     * A Secret of a replica.
     *
     * @param name its name
     */
    public record SecretRef(
            @Required
            @Size(min = 1, max = 253)
            @Pattern(Api.NAME)
            @JsonPropertyDescription("Name of a Secret in the same namespace.")
            String name) {}
}
