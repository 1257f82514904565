package dev.cairn.e2e.scenario;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * kubectl as a user of one namespace runs it.
 *
 * @param program its path
 * @param kubeconfig whose rights it has
 * @param namespace the one that is meant when none is given
 */
record Kubectl(Path program, Path kubeconfig, String namespace) {
    /**
     * What it answered.
     *
     * @param status 0 when it did as it was told
     * @param text its output and its errors
     */
    record Answer(int status, String text) {
        boolean refused() {
            return status != 0;
        }
    }

    Answer run(String... arguments) {
        return runWith("", arguments);
    }

    /** Server-side, with unknown fields refused; {@code options} such as {@code --dry-run=server}. */
    Answer apply(String yaml, String... options) {
        var arguments = new ArrayList<>(List.of("apply", "--server-side", "--validate=strict", "-f", "-"));
        arguments.addAll(List.of(options));
        return runWith(yaml, arguments.toArray(String[]::new));
    }

    private Answer runWith(String input, String... arguments) {
        var command = new ArrayList<>(
                List.of(program.toString(), "--kubeconfig", kubeconfig.toString(), "--namespace", namespace));
        command.addAll(List.of(arguments));
        try {
            var process = new ProcessBuilder(command).redirectErrorStream(true).start();
            try (var in = process.getOutputStream()) {
                in.write(input.getBytes(StandardCharsets.UTF_8));
            }
            var text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Answer(process.waitFor(), text.strip());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run " + program, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while kubectl ran", e);
        }
    }
}
