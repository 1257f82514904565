package dev.cairn.crds;

import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Durations as users write them: {@code 200ms}, {@code 2s}, {@code 1h30m}. */
public final class DurationText {
    private static final Pattern PARTS =
            Pattern.compile("(?:([0-9]{1,6})h)?(?:([0-9]{1,9})m)?(?:([0-9]{1,9})s)?(?:([0-9]{1,12})ms)?");

    private DurationText() {}

    /** @throws IllegalArgumentException if it is not such a text; the message quotes it */
    public static Duration parse(String text) {
        var parts = PARTS.matcher(text);
        if (text.isEmpty() || !parts.matches())
            throw new IllegalArgumentException("not a duration such as 200ms, 2s or 1h30m: \"" + text + "\"");
        return Duration.ofHours(number(parts.group(1)))
                .plusMinutes(number(parts.group(2)))
                .plusSeconds(number(parts.group(3)))
                .plusMillis(number(parts.group(4)));
    }

    private static long number(@Nullable String digits) {
        return digits == null ? 0 : Long.parseLong(digits);
    }
}
