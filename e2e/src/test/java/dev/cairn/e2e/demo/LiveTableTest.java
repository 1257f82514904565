package dev.cairn.e2e.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.e2e.KubernetesTable;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class LiveTableTest {
    private static final List<String> COLUMNS = List.of("NAME", "PHASE", "AGE");

    private final ByteArrayOutputStream screen = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(screen, true, StandardCharsets.UTF_8);

    @Test
    void withoutATerminalEachChangeIsALineAndAgeIsNoChange() {
        var table = new LiveTable(out, false, List.of("first", "second"));

        table.show(table(List.of(List.of("second", "Waiting", "1s"), List.of("first", "Running", "1s"))));
        table.show(table(List.of(List.of("second", "Waiting", "2s"), List.of("first", "Applied", "2s"))));

        assertThat(lines()).hasSize(4);
        assertThat(lines().get(1)).startsWith("first").contains("Running");
        assertThat(lines().get(2)).startsWith("second").contains("Waiting");
        assertThat(lines().get(3)).startsWith("first").contains("Applied");
    }

    @Test
    void onATerminalTheTableIsDrawnOverItself() {
        var table = new LiveTable(out, true, List.of("first"));

        table.show(table(List.of(List.of("first", "Running", "1s"))));
        table.show(table(List.of(List.of("first", "Applied", "2s"))));

        // up by the header and one row, and clear
        assertThat(screen.toString(StandardCharsets.UTF_8)).containsOnlyOnce("\u001b[2A\u001b[J");
        assertThat(lines().getLast()).isEqualTo("first  Applied  2s");
    }

    private static KubernetesTable table(List<List<String>> rows) {
        return new KubernetesTable(COLUMNS, rows);
    }

    private List<String> lines() {
        return screen.toString(StandardCharsets.UTF_8).lines().toList();
    }
}
