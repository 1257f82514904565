package dev.cairn.operator.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.cairn.crds.MigrationStatus;
import dev.cairn.crds.Phase;
import dev.cairn.crds.SchemaMigration;
import dev.cairn.operator.Samples;
import dev.cairn.operator.decide.Observation.NotPlanned;
import dev.cairn.operator.decide.Observation.PlanInvalid;
import dev.cairn.operator.decide.Observation.Planned;
import dev.cairn.operator.job.PlanSize;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class PlanReadingTest {
    private static final int MIB = 1 << 20;
    private static final String EURO = "€";

    private final List<String> read = new CopyOnWriteArrayList<>();
    private final FakeWatches watches = new FakeWatches();

    /** Sees every ConfigMap in the version that a test says. */
    private static final class FakeWatches implements PlanReading.Watches {
        private String version = "1";

        @Override
        public void watch(String namespace) {}

        @Override
        public Optional<String> version(String namespace, String name) {
            return Optional.of(version);
        }
    }

    private final PlanRoom room = new PlanRoom();

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

    @Test
    void whatIsAppliedIsReadAgainOnlyAfterAChange() {
        // given a migration that was applied from a ConfigMap
        var migration = Samples.schema("fed", "{targetRef: {name: chat}, stepsFrom: [{configMapRef: {name: c0}}]}");
        var target = Samples.target().getSpec();
        var plans = plans("SELECT 1");
        var planned = (Planned) plans.read(migration, target, List.of()).seen();
        migration.setStatus(applied(planned.hash(), "sha256:content"));

        // then it is not read again for nothing
        var again = plans.readAgain(migration, target, List.of());
        assertThat(again.seen()).isEqualTo(planned);
        assertThat(again.settings()).isNotNull();
        assertThat(read).hasSize(1);

        // but where its ConfigMap, its spec, or what was applied is another one
        watches.version = "2";
        assertThat(plans.readAgain(migration, target, List.of()).plan()).isNotNull();
        watches.version = "1";
        migration.setStatus(applied("sha256:other", "sha256:content"));
        assertThat(plans.readAgain(migration, target, List.of()).plan()).isNotNull();
        migration.setStatus(applied(planned.hash(), null));
        assertThat(plans.readAgain(migration, target, List.of()).plan()).isNotNull();
        migration.setStatus(applied(planned.hash(), "sha256:content"));
        migration.getMetadata().setGeneration(2L);
        assertThat(plans.readAgain(migration, target, List.of()).plan()).isNotNull();
        assertThat(read).hasSize(5);
    }

    private static MigrationStatus applied(String planHash, String contentHash) {
        return new MigrationStatus(
                1,
                Phase.Applied,
                "Applied",
                List.of(),
                planHash,
                contentHash,
                null,
                "job",
                null,
                null,
                null,
                null,
                null,
                null,
                null);
    }

    @Test
    void charactersThatJsonWritesInSixCountSix() {
        assertThat(read(3, "\u0001".repeat(MIB))).isInstanceOf(PlanInvalid.class);
        assertThat(read(2, "\u0001".repeat(MIB))).isInstanceOf(Planned.class);
    }

    @Test
    void aLargePlanIsMadeWhileNoOtherOneIs() throws Exception {
        // given a look that has read a large plan
        assertThat(read(2, "x".repeat(MIB))).isInstanceOf(Planned.class);

        // then another one is not held beside it, and small ones are
        var others = Executors.newSingleThreadExecutor();
        try (others) {
            read.clear();
            assertThat(others.submit(() -> catchThrowable(() -> read(16, "x".repeat(MIB))))
                            .get())
                    .isInstanceOf(PlanRoom.TakenException.class);
            assertThat(read).hasSize(1);
            assertThat(others.submit(() -> read(1, "x".repeat(MIB / 2))).get()).isInstanceOf(Planned.class);

            // until that look ends
            room.leave();
            assertThat(others.submit(() -> read(16, "x".repeat(MIB))).get()).isInstanceOf(Planned.class);
        }
    }

    @Test
    void whoOnlyAsksAboutPlansReadsNoLargeOne() {
        var migration = migration(16);
        var target = Samples.target().getSpec();

        assertThat(plans("x".repeat(MIB)).readSmall(migration, target).seen()).isInstanceOf(NotPlanned.class);
        assertThat(read).hasSize(1);
        assertThat(plans("x").readSmall(migration, target).seen()).isInstanceOf(Planned.class);
    }

    private Object read(int configMaps, String sql) {
        return plans(sql)
                .read(migration(configMaps), Samples.target().getSpec(), List.of())
                .seen();
    }

    private static SchemaMigration migration(int configMaps) {
        var sources = new StringBuilder();
        for (int i = 0; i < configMaps; i++)
            sources.append(i == 0 ? "" : ", ")
                    .append("{configMapRef: {name: c")
                    .append(i)
                    .append("}}");
        return Samples.schema("large", "{targetRef: {name: chat}, stepsFrom: [" + sources + "]}");
    }

    private PlanReading plans(String sql) {
        return new PlanReading(
                (namespace, name) -> {
                    read.add(name);
                    var data = Map.of(name.substring(1) + ".sql", sql, "README.md", sql);
                    return Optional.of(new PlanReading.Source("1", data));
                },
                watches,
                room);
    }
}
