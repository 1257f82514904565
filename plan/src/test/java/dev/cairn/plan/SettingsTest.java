package dev.cairn.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class SettingsTest {
    @Test
    void settingsComeBackAsTheyWent() {
        var settings = new Settings(
                new Settings.Connection("chat-db", "db", 5432, null, "require", null, "cairn"),
                new Settings.Locks(2000, 600_000),
                new Settings.Pace(200, 1000, 100, 50_000, 5000L));
        assertThat(Json.read(Json.write(settings), Settings.class)).isEqualTo(settings);
    }

    @Test
    void batchSizesOutOfOrderAreNamed() {
        assertThatThrownBy(() -> new Settings.Pace(200, 1000, 2000, 50_000, null))
                .hasMessageStartingWith("pace.batchSize");
    }
}
