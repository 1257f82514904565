package dev.cairn.e2e.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.crds.Phase;
import dev.cairn.operator.job.Names;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import org.junit.jupiter.api.Test;

/** A Job's name follows from its plan, so somebody else's may be there already: it must not pass for ours. */
@OnCluster
class NamesakeTest {
    private static final String ADD = "SchemaMigration/add-moods";

    @Test
    void aJobOfTheSameNameThatIsNotOursIsNamedAndNotTouched(Scenario scenario) throws Exception {
        // given a stranger's Job under the name that the migration's own will have
        scenario.apply(Written.TARGET);
        var migration = Written.schema("add-moods", "CREATE TABLE moods (name text PRIMARY KEY)");
        scenario.apply(migration + "  suspend: true\n");
        var suspended = scenario.await(ADD, Phase.Suspended);
        var stranger =
                stranger(Names.job(suspended, String.valueOf(suspended.status().planHash())));
        scenario.apply(stranger);

        // when the migration may start, then it says what is in its way, and runs nothing
        scenario.apply(migration + "  suspend: false\n");
        scenario.await(
                ADD, "a word about the Job", found -> Migrations.message(found).contains("belongs to something else"));
        assertThat(scenario.awaitMessage(ADD, "Running/Starting"))
                .contains("Job/" + stranger.getMetadata().getName(), "Delete it");
        assertThat(scenario.value("SELECT to_regclass('cairn.migration') IS NULL"))
                .isEqualTo("t");

        // and when it is out of the way, then the migration goes on by itself
        scenario.client().resource(stranger).delete();
        scenario.await(ADD, Phase.Applied);
    }

    /** It never gets a pod. */
    private static Job stranger(String name) {
        return new JobBuilder()
                .withNewMetadata()
                .withName(name)
                .endMetadata()
                .withNewSpec()
                .withSuspend(true)
                .withNewTemplate()
                .withNewSpec()
                .withRestartPolicy("Never")
                .addNewContainer()
                .withName("nothing")
                .withImage("registry.invalid/nothing")
                .endContainer()
                .endSpec()
                .endTemplate()
                .endSpec()
                .build();
    }
}
