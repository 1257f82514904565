package dev.cairn.crds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationTextTest {
    @ParameterizedTest
    @CsvSource({"200ms,PT0.2S", "2s,PT2S", "6h,PT6H", "1h30m,PT1H30M", "1m5s10ms,PT1M5.01S", "0s,PT0S"})
    void durationsAreReadAsWritten(String text, Duration duration) {
        assertThat(DurationText.parse(text)).isEqualTo(duration);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "2", "s", "2 s", "2d", "-1s", "1s1h", "1.5s"})
    void anythingElseIsRefusedAndQuoted(String text) {
        assertThatThrownBy(() -> DurationText.parse(text)).hasMessageContaining("\"" + text + "\"");
    }
}
