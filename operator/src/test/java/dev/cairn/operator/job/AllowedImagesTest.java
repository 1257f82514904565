package dev.cairn.operator.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.operator.Samples;
import dev.cairn.plan.Work;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AllowedImagesTest {
    @ParameterizedTest
    @CsvSource({
        "registry.example/chat/*@sha256:*, registry.example/chat/fill@sha256:abc, true",
        "registry.example/chat/*@sha256:*, registry.example/chat/fill:v1@sha256:abc, true",
        "registry.example/chat/*@sha256:*, registry.example/chat/fill:v1, false",
        "registry.example/chat/*@sha256:*, registry.example/chat/sub/fill@sha256:abc, false",
        "registry.example/chat/*, evil.example/registry.example/chat/fill, false",
        "registry.example/chat/*, registryXexample/chat/fill, false",
        "registry.example/chat/fill:1, registry.example/chat/fill:1, true",
        "registry.example/chat/fill:1, registry.example/chat/fill:12, false",
        "*, fill:1, true",
        "*, registry.example/fill:1, false",
    })
    void aStarStandsForAnythingButASlashAndTheRestForItself(String pattern, String image, boolean matches) {
        assertThat(AllowedImages.matches(pattern, image)).isEqualTo(matches);
    }

    @Test
    void aHostilePatternTakesFewSteps() {
        // given a pattern of many stars that matches until its last character
        var pattern = "*a".repeat(120) + "b";
        var image = new Counted("a".repeat(255));

        // then the image is not looked at again for each way of dividing it
        assertThat(AllowedImages.matches(pattern, image)).isFalse();
        assertThat(image.steps).hasValueLessThan(4L * pattern.length() * image.length());
    }

    /** Counts how often it is looked at, and gives up when that is endless. */
    private record Counted(String text, AtomicLong steps) implements CharSequence {
        Counted(String text) {
            this(text, new AtomicLong());
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public char charAt(int index) {
            if (steps.incrementAndGet() > 100_000_000) throw new AssertionError("more than a hundred million steps");
            return text.charAt(index);
        }

        @Override
        public CharSequence subSequence(int from, int to) {
            return text.subSequence(from, to);
        }
    }

    @Test
    void aTargetAllowsNoneUnlessItSaysSo() {
        assertThatThrownBy(() -> AllowedImages.require(
                        container("fill:1"), "chat", Samples.target().getSpec()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "MigrationTarget/chat allows no containers: add a pattern for fill:1 to its spec.containers.allowedImages");
        var target = Samples.target(
                        "{scope: chat, connection: {secretRef: {name: s}}, containers: {allowedImages: ['a/*', 'b/*']}}")
                .getSpec();
        assertThatThrownBy(() -> AllowedImages.require(container("c/fill:1"), "chat", target))
                .hasMessage(
                        "the image c/fill:1 matches none of spec.containers.allowedImages of MigrationTarget/chat (a/*, b/*)");
        assertThatCode(() -> AllowedImages.require(container("b/fill:1"), "chat", target))
                .doesNotThrowAnyException();
    }

    @Test
    void sqlNeedsNoImage() {
        assertThatCode(() -> AllowedImages.require(
                        new Work.Once("SELECT 1", null),
                        "chat",
                        Samples.target().getSpec()))
                .doesNotThrowAnyException();
    }

    private static Work container(String image) {
        return new Work.Container(image, List.of("/fill"), List.of(), null);
    }
}
