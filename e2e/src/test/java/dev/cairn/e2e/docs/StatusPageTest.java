package dev.cairn.e2e.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.e2e.Project;
import dev.cairn.operator.decide.StatusReason;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class StatusPageTest {
    @Test
    void theTableHasEveryReasonUnderItsPhase() throws IOException {
        var phase = "";
        var rows = new ArrayList<String>();
        for (var line : Files.readAllLines(Project.root().resolve("docs/reference/status.md"))) {
            var cells = line.split("\\|", -1);
            if (cells.length != 9) continue;
            if (!cells[1].isBlank()) phase = cells[1].strip();
            rows.add(phase + "/" + cells[5].strip());
        }
        assertThat(rows)
                .containsExactlyInAnyOrderElementsOf(Stream.concat(
                                Stream.of("phase/reason", "---/---"),
                                Stream.of(StatusReason.values()).map(reason -> reason.phase() + "/" + reason))
                        .toList());
    }
}
