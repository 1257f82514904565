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
 * Something in the database that makes a backfill wait. What cannot be told holds as well.
 *
 * @param signal what is looked at, null for a query
 * @param query what is asked, null for a signal; part of the plan where the migration says it
 * @param above the limit, null for a query that returns a boolean
 * @param replicas how many have to be connected, null for {@link #DEFAULT_REPLICAS}
 * @param secretRef the Secret of the replica that is asked itself, null to ask the primary
 * @param suspend whether it does not count
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
        message = "above is zero or more; a number above 2147483647 stands in quotes")
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
        @Nullable @JsonPropertyDescription("What is looked at. {signals}.")
        HoldSignal signal,

        @Nullable
        @Size(min = 1, max = 4096)
        @JsonPropertyDescription("A query that returns one boolean, which holds while it is true, or one number, which "
                + "holds while it is above the limit. It runs every second, read only and for three seconds at most. "
                + "In a DataMigration it is part of the plan and cannot change once the migration has started.")
        String query,

        @Nullable
        @JsonPropertyDescription("The limit: a duration such as 5s for {times}, a number "
                + "otherwise; none for a query that returns a boolean. May change at any time.")
        IntOrString above,

        @Nullable
        @Min(0)
        @Max(100)
        @JsonPropertyDescription("For replicationLag: fewer connected physical replicas than this hold. Default 1.")
        Integer replicas,

        @Nullable
        @JsonPropertyDescription("For replicationLag: asks a replica itself, with the keys that the target's Secret "
                + "has, instead of the primary.")
        SecretRef secretRef,

        @Default("false")
        @JsonPropertyDescription("Leaves this hold out until set to false. May change at any time: the way out when a "
                + "query of a started migration turns out to be wrong.")
        boolean suspend) {

    /** How many replicas have to be connected where the hold does not say. */
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
