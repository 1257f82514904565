package dev.cairn.runner.report;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** The log: one line for each event on standard output, in UTC. A logging framework would double the start-up time. */
public final class Log {
    private Log() {}

    /**
     * Writes UTF-8 from now on. The JVM takes the encoding of standard output from the container's LANG, which is
     * usually not set. Then it prints a question mark for each character outside ASCII.
     */
    public static void useUtf8() {
        System.setOut(new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8));
    }

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
