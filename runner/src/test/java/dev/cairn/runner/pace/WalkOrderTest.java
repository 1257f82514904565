package dev.cairn.runner.pace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.plan.Settings.Order;
import dev.cairn.runner.pace.WalkOrder.Way;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class WalkOrderTest {
    private long now;
    private Order wish = Order.Measured;
    private final WalkOrder order = new WalkOrder(true, 1_000_000, () -> wish, () -> now);

    private void striped(int hotPercent, int nanosPerRow) {
        assertThat(order.next()).isEqualTo(Way.STRIPED);
        order.learn(Way.STRIPED, 20_000, 20_000, 200L * hotPercent, 20_000L * nanosPerRow);
    }

    private void plain(int hotPercent, int nanosPerRow) {
        assertThat(order.next()).isEqualTo(Way.PLAIN);
        order.learn(Way.PLAIN, 10_000, 10_000, 100L * hotPercent, 10_000L * nanosPerRow);
    }

    @Test
    void bothAreTriedAndTheBetterOneIsKept() {
        striped(80, 1000);
        plain(0, 900);
        assertThat(order.next()).isEqualTo(Way.STRIPED);
        assertThat(order.isStriped()).isTrue();
    }

    @Test
    void stripesThatKeepFewMoreRowsOnTheirPageAreNotWorthIt() {
        striped(80, 1000);
        plain(60, 1000);
        assertThat(order.next()).isEqualTo(Way.PLAIN);
    }

    @Test
    void stripesThatTakeMuchLongerAreNotWorthItEither() {
        striped(80, 1600);
        plain(0, 1000);
        assertThat(order.next()).isEqualTo(Way.PLAIN);
    }

    @Test
    void whenTheShareFallsItLooksAgain() {
        striped(80, 1000);
        plain(0, 1000);
        assertThat(order.next()).isEqualTo(Way.STRIPED);

        // a long snapshot appears: old versions cannot make room any more
        now += Duration.ofMinutes(2).toNanos();
        order.learn(Way.STRIPED, 20_000, 20_000, 1000, 1);
        striped(0, 1000);
        plain(0, 1000);
        assertThat(order.next()).isEqualTo(Way.PLAIN);

        // and once more after a while: it may have gone
        now += Duration.ofMinutes(6).toNanos();
        striped(80, 1000);
    }

    @Test
    void theSettingsHaveTheLastWordAndMayChange() {
        wish = Order.Plain;
        assertThat(order.next()).isEqualTo(Way.PLAIN);
        wish = Order.Striped;
        assertThat(order.next()).isEqualTo(Way.STRIPED);
        assertThat(new WalkOrder(false, 1_000_000, () -> wish, () -> now).next())
                .isEqualTo(Way.PLAIN);
    }

    @Test
    void aSmallTableIsNotWorthTheTrial() {
        assertThat(new WalkOrder(true, 1000, () -> wish, () -> now).next()).isEqualTo(Way.PLAIN);
    }
}
