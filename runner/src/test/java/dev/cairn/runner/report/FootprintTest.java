package dev.cairn.runner.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class FootprintTest {
    @Test
    void theProcessBeganInThePastAndHasUsedMemory() {
        assertThat(Footprint.began())
                .hasValueSatisfying(began -> assertThat(began).isBefore(Instant.now()));
        assertThat(Footprint.peakMemory()).matches("[1-9][0-9]* MB");
    }
}
