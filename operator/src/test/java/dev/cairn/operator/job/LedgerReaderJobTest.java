package dev.cairn.operator.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.operator.Samples;
import dev.cairn.plan.Json;
import dev.cairn.plan.LedgerQuestion;
import dev.cairn.plan.Mounts;
import dev.cairn.plan.Settings;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import java.util.List;
import org.junit.jupiter.api.Test;

class LedgerReaderJobTest {
    private static final LedgerQuestion QUESTION = new LedgerQuestion("chat", List.of());

    @Test
    void whatATargetSaysOfLocksDoesNotKeepItsLedgerFromBeingRead() {
        var none = Samples.target("{scope: chat, connection: {secretRef: {name: s}}, locks: {timeout: 0s}}");
        var file = LedgerReaderJob.file(none, "mtgt-chat-1", QUESTION);
        var settings = Json.read(file.getData().get(Mounts.SETTINGS_FILE), Settings.class);
        assertThat(settings.connection().secret()).isEqualTo("s");
    }

    @Test
    void theFileBelongsToTheJobAlone() {
        var job = new JobBuilder()
                .withNewMetadata()
                .withName("mtgt-chat-1")
                .withUid("uid-of-job")
                .endMetadata()
                .build();
        var file = LedgerReaderJob.owned(LedgerReaderJob.file(Samples.target(), "mtgt-chat-1", QUESTION), job);
        assertThat(file.getMetadata().getName()).isEqualTo(LedgerReaderJob.fileName("mtgt-chat-1"));
        assertThat(file.getMetadata().getOwnerReferences())
                .singleElement()
                .satisfies(owner -> assertThat(owner.getUid()).isEqualTo("uid-of-job"));
    }
}
