package dev.cairn.operator.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.crds.Api;
import dev.cairn.operator.Samples;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NamesTest {
    @Test
    void aJobsNameFollowsFromItsMigrationPlanAndRetry() {
        var add = Samples.schema("add");
        var name = Names.job(add, "sha256:1");
        assertThat(name).matches("smig-add-[0-9a-f]{8}").isEqualTo(Names.job(Samples.schema("add"), "sha256:1"));
        assertThat(Names.job(add, "sha256:2")).isNotEqualTo(name);
        add.getMetadata().setAnnotations(Map.of(Api.RETRY, "1"));
        assertThat(Names.job(add, "sha256:1")).isNotEqualTo(name);
    }

    @Test
    void aResourceThatWasCreatedAgainGetsAnotherJob() {
        var again = Samples.schema("add");
        again.getMetadata().setUid("another");
        assertThat(Names.job(again, "sha256:1")).isNotEqualTo(Names.job(Samples.schema("add"), "sha256:1"));
    }

    @Test
    void longNamesThatBeginAlikeStayApartAndFit() {
        var one = Names.job(Samples.schema("m." + "x".repeat(240) + "1"), "sha256:1");
        var two = Names.job(Samples.schema("m." + "x".repeat(240) + "2"), "sha256:1");
        assertThat(one).hasSizeLessThanOrEqualTo(52).matches("[a-z0-9]([-a-z0-9]*[a-z0-9])?");
        assertThat(two).isNotEqualTo(one);
        assertThat(Labels.value("x".repeat(253))).hasSizeLessThanOrEqualTo(63);
    }

    @Test
    void aNameIsNotCutBehindADotOrADash() {
        assertThat(Labels.value("x".repeat(53) + "-.-" + "y".repeat(40))).matches("x+-[0-9a-f]{8}");
    }
}
