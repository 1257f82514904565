package dev.cairn.operator.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.crds.Api;
import dev.cairn.operator.job.Labels;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import org.junit.jupiter.api.Test;

/** Anybody may write objects that look like ours, of up to a megabyte and more. */
class KeptTest {
    private static final String MUCH = "x".repeat(100_000);
    private static final String JOB_TRACKING = "batch.kubernetes.io/job-tracking";

    @Test
    void littleIsKeptOfAnObjectHoweverMuchSomebodyPutIntoIt() {
        Job job = new JobBuilder()
                .withMetadata(meta())
                .withNewSpec()
                .withNewTemplate()
                .withMetadata(meta())
                .withSpec(spec())
                .endTemplate()
                .endSpec()
                .build();
        Pod pod = new PodBuilder().withMetadata(meta()).withSpec(spec()).build();
        ConfigMap configMap = new ConfigMapBuilder().withMetadata(meta()).build();

        Kept.jobs().reduce(job);
        Kept.pods().reduce(pod);
        Kept.configMaps().reduce(configMap);

        assertThat(size(job)).isLessThan(2_500);
        assertThat(size(pod)).isLessThan(2_500);
        assertThat(size(configMap)).isLessThan(2_500);
        assertThat(pod.getMetadata().getFinalizers()).containsExactly(JOB_TRACKING);
        assertThat(job.getMetadata().getAnnotations()).containsEntry(Labels.PLAN, "sha256:1");
    }

    @Test
    void aLongRetryStaysARetryOfItsOwn() {
        var one = retried(MUCH);
        var other = retried(MUCH + "y");

        assertThat(one).hasSizeLessThan(100).isNotEqualTo(other);
        assertThat(retried(MUCH)).isEqualTo(one);
        assertThat(retried("2026-01-01")).isEqualTo("2026-01-01");
    }

    @Test
    void anOwnerWhoseNameOrUidNoOwnerHasIsNone() {
        var meta = new ObjectMetaBuilder()
                .addNewOwnerReference()
                .withApiVersion("batch/v1")
                .withKind("Job")
                .withName("job")
                .withUid(MUCH)
                .withController(true)
                .endOwnerReference()
                .build();

        assertThat(Kept.pods().isOurs(new PodBuilder().withMetadata(meta).build()))
                .isFalse();
        meta.getOwnerReferences().getFirst().setUid("uid");
        assertThat(Kept.pods().isOurs(new PodBuilder().withMetadata(meta).build()))
                .isTrue();
        meta.getOwnerReferences().getFirst().setName(MUCH);
        assertThat(Kept.pods().isOurs(new PodBuilder().withMetadata(meta).build()))
                .isFalse();
    }

    private static String retried(String value) {
        var configMap = new ConfigMapBuilder()
                .withNewMetadata()
                .addToAnnotations(Api.RETRY, value)
                .endMetadata()
                .build();
        Kept.configMaps().reduce(configMap);
        return configMap.getMetadata().getAnnotations().get(Api.RETRY);
    }

    private static ObjectMeta meta() {
        return new ObjectMetaBuilder()
                .withName("fake")
                .withFinalizers("example.org/" + MUCH, JOB_TRACKING)
                .addToLabels(Labels.MANAGED_BY, Labels.CAIRN)
                .addToLabels("cairn.dev/" + MUCH, "")
                .addToAnnotations(Labels.PLAN, "sha256:1")
                .addToAnnotations(Labels.FULL_NAME, MUCH)
                .addToAnnotations("cairn.dev/padding", MUCH)
                .addNewOwnerReference()
                .withApiVersion("batch/v1")
                .withKind("Job")
                .withName("job")
                .withUid("uid")
                .withController(true)
                .endOwnerReference()
                .addNewOwnerReference()
                .withApiVersion("example.org/" + MUCH)
                .withKind("Thing")
                .withName("thing")
                .withUid("uid")
                .endOwnerReference()
                .build();
    }

    private static PodSpec spec() {
        return new PodSpecBuilder()
                .addNewContainer()
                .withName("migration")
                .withImage(MUCH)
                .endContainer()
                .addNewContainer()
                .withName("another")
                .withImage(MUCH)
                .endContainer()
                .build();
    }

    private static int size(HasMetadata object) {
        return Serialization.asJson(object).length();
    }
}
