package dev.cairn.operator.report;

import java.time.Duration;
import java.util.Locale;

/** Numbers short enough for a column. */
final class NumberFormat {
    private static final String[] UNITS = {"", "k", "M", "G", "T"};

    private NumberFormat() {}

    /** Such as {@code 950}, {@code 8.1k} or {@code 3.7M}. */
    static String count(long number) {
        double value = number;
        int unit = 0;
        while (value >= 999.5 && unit < UNITS.length - 1) {
            value /= 1000;
            unit++;
        }
        if (unit == 0) return String.valueOf(number);
        return String.format(Locale.ROOT, value < 99.95 ? "%.1f%s" : "%.0f%s", value, UNITS[unit]);
    }

    /** Such as {@code 45s}, {@code 4m}, {@code 3h20m} or {@code 2d}. */
    static String duration(Duration duration) {
        long seconds = Math.max(1, duration.toSeconds());
        if (seconds < 60) return seconds + "s";
        long minutes = (seconds + 30) / 60;
        if (minutes < 60) return minutes + "m";
        if (minutes < 24 * 60) return minutes / 60 + "h" + (minutes % 60 == 0 ? "" : minutes % 60 + "m");
        return (minutes + 12 * 60) / (24 * 60) + "d";
    }
}
