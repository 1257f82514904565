package dev.cairn.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.operator.job.RunnerImage;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OptionsTest {
    @Test
    void theImageAloneIsEnough() {
        assertThat(Options.from(Map.of("CAIRN_RUNNER_IMAGE", "r:1")))
                .isEqualTo(new Options(new RunnerImage("r:1", "IfNotPresent", true), Set.of(), "", null, null, 8081));
    }

    @Test
    void namespacesAreSeparatedByCommas() {
        var options = Options.from(Map.of("CAIRN_RUNNER_IMAGE", "r:1", "CAIRN_WATCH_NAMESPACES", "a, b,"));
        assertThat(options.namespaces()).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void aMissingImageIsNamed() {
        assertThatThrownBy(() -> Options.from(Map.of())).hasMessageStartingWith("CAIRN_RUNNER_IMAGE is not set");
    }
}
