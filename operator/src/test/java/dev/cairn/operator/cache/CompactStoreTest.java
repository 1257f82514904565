package dev.cairn.operator.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import org.junit.jupiter.api.Test;

class CompactStoreTest {
    private final CompactStore<ConfigMap> store = new CompactStore<>(Kept.configMaps(), new KubernetesSerialization());

    @Test
    void whatIsKeptComesBackReducedAndIsReadOnce() {
        store.put("chat/plan", ours("1"));

        var kept = store.get("chat/plan");
        assertThat(kept).isEqualTo(reduced("1")).isSameAs(store.get("chat/plan"));
        assertThat(store.values()).containsExactly(kept);
        assertThat(store.size()).isEqualTo(1);
    }

    @Test
    void aChangeGivesBackWhatWasThereBefore() {
        assertThat(store.put("chat/plan", ours("1"))).isNull();
        assertThat(store.put("chat/plan", ours("2"))).isEqualTo(reduced("1"));
        assertThat(store.remove("chat/plan")).isEqualTo(reduced("2"));
        assertThat(store.get("chat/plan")).isNull();
        assertThat(store.keySet()).isEmpty();
    }

    @Test
    void whatNoResourceOfOursControlsAnyMoreGoes() {
        store.put("chat/plan", ours("1"));
        store.put(
                "chat/plan",
                new ConfigMapBuilder(ours("2"))
                        .editMetadata()
                        .withOwnerReferences()
                        .endMetadata()
                        .build());

        assertThat(store.get("chat/plan")).isNull();
    }

    private static ConfigMap ours(String version) {
        return new ConfigMapBuilder(reduced(version))
                .addToData("plan.json", "{}")
                .build();
    }

    private static ConfigMap reduced(String version) {
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withName("plan")
                .withNamespace("chat")
                .withResourceVersion(version)
                .withOwnerReferences(new OwnerReferenceBuilder()
                        .withApiVersion("batch/v1")
                        .withKind("Job")
                        .withName("job")
                        .withUid("u")
                        .withController(true)
                        .build())
                .endMetadata()
                .build();
    }
}
