package dev.cairn.crds;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.cairn.plan.Settings.Order;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How fast a backfill runs. A value that is null comes from the target's pace, then from {@link #DEFAULTS}.
 *
 * @param batchDuration how long a batch should take
 * @param batchSize the limits of a batch, in rows
 * @param maxRowsPerSecond rows walked a second, null for no limit
 * @param parallelism how many workers
 * @param order of the rows
 * @param holdWhile what makes it wait, null for the target's list; a migration's list replaces the target's
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "!has(self.batchDuration) || self.batchDuration.matches('[1-9]')",
        message = "batchDuration is more than zero, such as 200ms")
public record Pace(
        @Nullable
        @Pattern(Api.DURATION)
        @Size(min = 2, max = 20)
        @JsonPropertyDescription(
                "How long a batch, and so a row lock, should last, such as 200ms. Cairn adapts the size of "
                        + "the batches to it. Default 200ms.")
        String batchDuration,

        @Nullable @JsonPropertyDescription("The limits of a batch, in rows, and the size of the first one.")
        BatchSize batchSize,

        @Nullable
        @Min(1)
        @Max(1_000_000_000)
        @JsonPropertyDescription("The most rows that all workers together walk in a second. Default: no limit.")
        Long maxRowsPerSecond,

        @Nullable
        @Min(1)
        @Max(16)
        @JsonPropertyDescription("How many workers walk at the same time. Each has its own connection. Default 1.")
        Integer parallelism,

        @Nullable
        @JsonPropertyDescription(
                "The order in which the rows of a range of keys are walked. Plain: by the key. Striped: "
                        + "every 8th or 16th row first. Then most new row versions stay on their page, change no index and "
                        + "do not make the table grow. Measured: Cairn tries both and keeps the better one. Default "
                        + "Measured.")
        Order order,

        @Nullable
        @Size(max = 16)
        @JsonPropertyDescription(
                "What makes the backfill wait between two batches. Cairn checks it every second. A value "
                        + "that cannot be read (an error, NULL, a missing privilege) makes the backfill wait, too. A "
                        + "migration's list replaces its target's list; with an empty list nothing makes it wait.")
        List<Hold> holdWhile) {

    /** The defaults, where neither the migration nor its target sets a value. */
    public static final Pace DEFAULTS = new Pace("200ms", new BatchSize(1000L, 100L, 50_000L), null, 1, Order.Measured);

    /** A pace without holds. */
    public Pace(
            @Nullable String batchDuration,
            @Nullable BatchSize batchSize,
            @Nullable Long maxRowsPerSecond,
            @Nullable Integer parallelism,
            @Nullable Order order) {
        this(batchDuration, batchSize, maxRowsPerSecond, parallelism, order, null);
    }

    /** This pace; where a value is null, the other's value. */
    public Pace or(@Nullable Pace other) {
        if (other == null) return this;
        return new Pace(
                batchDuration != null ? batchDuration : other.batchDuration,
                batchSize == null ? other.batchSize : batchSize.or(other.batchSize),
                maxRowsPerSecond != null ? maxRowsPerSecond : other.maxRowsPerSecond,
                parallelism != null ? parallelism : other.parallelism,
                order != null ? order : other.order,
                holdWhile != null ? holdWhile : other.holdWhile);
    }

    /**
     * Rows of a batch.
     *
     * @param initial of the first batch
     * @param min of the smallest
     * @param max of the largest
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @ValidationRule(
            value = "self.?min.orValue(1) <= self.?initial.orValue(self.?min.orValue(1))"
                    + " && self.?initial.orValue(1) <= self.?max.orValue(1000000)"
                    + " && self.?min.orValue(1) <= self.?max.orValue(1000000)",
            message = "min <= initial <= max")
    public record BatchSize(
            @Nullable @Min(1) @Max(1_000_000) @JsonPropertyDescription("Rows of the first batch. Default 1000.")
            Long initial,

            @Nullable @Min(1) @Max(1_000_000) @JsonPropertyDescription("Rows of the smallest batch. Default 100.")
            Long min,

            @Nullable @Min(1) @Max(1_000_000) @JsonPropertyDescription("Rows of the largest batch. Default 50000.")
            Long max) {
        /**
         * {@code min} and {@code max} of this pace stay as they are. {@code initial} raises only the maximum of the
         * defaults; any other maximum limits it.
         */
        private BatchSize or(@Nullable BatchSize other) {
            if (other == null) return this;
            var smallest = min != null ? min : atMost(atMost(other.min, initial), max);
            var most = other.equals(DEFAULTS.batchSize) ? atLeast(other.max, initial) : other.max;
            var largest = max != null ? max : atLeast(most, min);
            var first = initial != null ? atMost(initial, largest) : atMost(atLeast(other.initial, smallest), largest);
            return new BatchSize(first, smallest, largest);
        }

        private static @Nullable Long atMost(@Nullable Long rows, @Nullable Long limit) {
            return rows == null || limit == null ? rows : Long.valueOf(Math.min(rows, limit));
        }

        private static @Nullable Long atLeast(@Nullable Long rows, @Nullable Long limit) {
            return rows == null || limit == null ? rows : Long.valueOf(Math.max(rows, limit));
        }
    }
}
