package dev.cairn.runner.report;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** The log: one line for each event on standard output, in UTC. A logging framework would double the start-up time. */
public final class Log {
    private Log() {}

    /** @param line never holds a credential */
    @SuppressWarnings("SystemOut")
    public static void info(String line) {
        System.out.println(Instant.now().truncatedTo(ChronoUnit.MILLIS) + " " + line);
    }

    /** A defect, with its stack trace. */
    @SuppressWarnings({"SystemOut", "CatchAndPrintStackTrace"})
    public static void defect(String line, Throwable cause) {
        info(line + ": " + cause);
        cause.printStackTrace(System.out);
    }
}
