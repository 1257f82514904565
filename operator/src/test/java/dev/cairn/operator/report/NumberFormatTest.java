package dev.cairn.operator.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NumberFormatTest {
    @ParameterizedTest
    @CsvSource({
        "0,0",
        "999,999",
        "1000,1.0k",
        "8112,8.1k",
        "99949,99.9k",
        "99951,100k",
        "999949,1.0M",
        "3720114,3.7M",
        "9223372036854775807,9223372T"
    })
    void countsAreShort(long number, String text) {
        assertThat(NumberFormat.count(number)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"0,1s", "45,45s", "59,59s", "60,1m", "239,4m", "3599,1h", "12000,3h20m", "86400,1d", "172800,2d"})
    void durationsAreShort(long seconds, String text) {
        assertThat(NumberFormat.duration(Duration.ofSeconds(seconds))).isEqualTo(text);
    }
}
