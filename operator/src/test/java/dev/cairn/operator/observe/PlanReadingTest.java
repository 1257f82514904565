package dev.cairn.operator.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.operator.Samples;
import dev.cairn.operator.decide.Observation.PlanInvalid;
import dev.cairn.operator.decide.Observation.Planned;
import dev.cairn.operator.job.PlanSize;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PlanReadingTest {
    private static final int MIB = 1 << 20;
    private static final String EURO = "€";

    private final List<String> read = new ArrayList<>();

    @Test
    void aPlanThatIsTooLargeIsRefusedBeforeTheRestOfItIsRead() {
        // given twenty ConfigMaps of a MiB each
        var seen = read(20, "x".repeat(MIB));

        // then it says what to do, at the first one that is too much
        assertThat(seen)
                .isEqualTo(new PlanInvalid(
                        "with the key 16.sql of ConfigMap/c16 its SQL is more than 16 MiB: split it into "
                                + "several migrations that depend on each other, and load large data with a DataMigration of "
                                + "its own or a container"));
        assertThat(read).hasSize(17).last().isEqualTo("c16");
    }

    @Test
    void aPlanOfExactlyTheLimitIsMade() {
        assertThat(read(16, "x".repeat(MIB))).isInstanceOf(Planned.class);
        assertThat(PlanSize.MAX_BYTES).isEqualTo(16L * MIB);
    }

    @Test
    void theLimitIsOnBytesAndNotOnCharacters() {
        assertThat(read(6, EURO.repeat(MIB))).isInstanceOf(PlanInvalid.class);
        assertThat(read(5, EURO.repeat(MIB))).isInstanceOf(Planned.class);
        assertThat(read(5, "😀".repeat(MIB))).isInstanceOf(PlanInvalid.class);
        assertThat(read(4, "😀".repeat(MIB))).isInstanceOf(Planned.class);
    }

    private Object read(int configMaps, String sql) {
        var sources = new StringBuilder();
        for (int i = 0; i < configMaps; i++)
            sources.append(i == 0 ? "" : ", ")
                    .append("{configMapRef: {name: c")
                    .append(i)
                    .append("}}");
        var migration = Samples.schema("large", "{targetRef: {name: chat}, stepsFrom: [" + sources + "]}");
        var plans = new PlanReading(
                (namespace, name) -> {
                    read.add(name);
                    return Optional.of(Map.of(name.substring(1) + ".sql", sql, "README.md", sql));
                },
                namespace -> {});
        return plans.read(migration, Samples.target().getSpec(), List.of()).seen();
    }
}
