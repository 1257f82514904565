package dev.cairn.e2e.controlplane;

import java.util.List;

/** The output of programs, for messages. */
final class Logs {
    private static final int LINES = 20;

    private Logs() {}

    /** The last lines of a log. */
    static String tail(String log) {
        List<String> lines = log.lines().toList();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - LINES), lines.size()));
    }
}
