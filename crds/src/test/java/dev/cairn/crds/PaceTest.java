package dev.cairn.crds;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.plan.HoldSignal;
import dev.cairn.plan.Settings.Order;
import io.fabric8.kubernetes.api.model.IntOrString;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PaceTest {
    @Test
    void theMigrationsOwnWordsComeFirstThenTheTargetsThenTheDefaults() {
        var own = new Pace(null, new Pace.BatchSize(500L, null, null), null, null, null);
        var targets = new Pace("1s", new Pace.BatchSize(700L, 50L, null), 5000L, 2, Order.Plain);
        assertThat(own.or(targets).or(Pace.DEFAULTS))
                .isEqualTo(new Pace("1s", new Pace.BatchSize(500L, 50L, 50_000L), 5000L, 2, Order.Plain));
    }

    @Test
    void whatIsSaidOfABatchMovesTheDefaultsThatContradictIt() {
        assertThat(batchSize(new Pace.BatchSize(null, 60_000L, null)))
                .isEqualTo(new Pace.BatchSize(60_000L, 60_000L, 60_000L));
        assertThat(batchSize(new Pace.BatchSize(null, null, 50L))).isEqualTo(new Pace.BatchSize(50L, 50L, 50L));
        assertThat(batchSize(new Pace.BatchSize(70_000L, null, null)))
                .isEqualTo(new Pace.BatchSize(70_000L, 100L, 70_000L));
        assertThat(batchSize(new Pace.BatchSize(10L, null, null))).isEqualTo(new Pace.BatchSize(10L, 10L, 50_000L));
    }

    @Test
    void whereABatchBeginsDoesNotLiftTheTargetsLimit() {
        var targets = new Pace(null, new Pace.BatchSize(null, null, 500L), null, null, null);
        var own = new Pace(null, new Pace.BatchSize(70_000L, null, null), null, null, null);
        assertThat(own.or(targets).or(Pace.DEFAULTS).batchSize()).isEqualTo(new Pace.BatchSize(500L, 100L, 500L));
    }

    private static Pace.@Nullable BatchSize batchSize(Pace.BatchSize own) {
        return new Pace(null, own, null, null, null).or(Pace.DEFAULTS).batchSize();
    }

    @Test
    void nothingSaidMeansTheDefaults() {
        assertThat(new Pace(null, null, null, null, null).or(null).or(Pace.DEFAULTS))
                .isEqualTo(Pace.DEFAULTS);
    }

    @Test
    void oneListOfHoldsReplacesTheOther() {
        var holds = List.of(new Hold(HoldSignal.DEAD_TUPLES, null, new IntOrString(5), null, null, false));
        var targets = new Pace(null, null, null, null, null, holds);
        assertThat(new Pace(null, null, null, null, null).or(targets).holdWhile())
                .isEqualTo(holds);
        assertThat(new Pace(null, null, null, null, null, List.of()).or(targets).holdWhile())
                .isEmpty();
    }
}
