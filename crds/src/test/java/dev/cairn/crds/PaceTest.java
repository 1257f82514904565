package dev.cairn.crds;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PaceTest {
    @Test
    void theMigrationsOwnWordsComeFirstThenTheTargetsThenTheDefaults() {
        var own = new Pace(null, new Pace.BatchSize(500L, null, null), null, null, null);
        var targets = new Pace("1s", new Pace.BatchSize(700L, 50L, null), 5000L, 2, Pace.Order.Plain);
        assertThat(own.or(targets).or(Pace.DEFAULTS))
                .isEqualTo(new Pace("1s", new Pace.BatchSize(500L, 50L, 50_000L), 5000L, 2, Pace.Order.Plain));
    }

    @Test
    void nothingSaidMeansTheDefaults() {
        assertThat(new Pace(null, null, null, null, null).or(null).or(Pace.DEFAULTS))
                .isEqualTo(Pace.DEFAULTS);
    }
}
