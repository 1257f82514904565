package dev.cairn.cases;

import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Values of one case. The same calls in the same order give the same values for the same seed.
 *
 * @param random for what has no method here
 */
public record Any(Random random) {
    /** A third of all characters each: ASCII, the basic plane without surrogates, beyond it. */
    private static final int[][] CHARACTERS = {{1, 0x7F}, {0xA0, 0xD7FF}, {0x1F300, 0x1FAFF}};

    /** A number of these bounds or between them; the bounds and zero come more often than others. */
    public int integer(int min, int max) {
        return switch (random.nextInt(10)) {
            case 0 -> min;
            case 1 -> max;
            case 2 -> Math.clamp(0, min, max);
            default -> random.nextInt(min, max + 1);
        };
    }

    /** One of these. */
    @SafeVarargs
    public final <T> T of(T... values) {
        return values[random.nextInt(values.length)];
    }

    /** One of these. */
    public <T> T of(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }

    /** Any number of values, up to this one. */
    public <T> Stream<T> some(int most, Supplier<T> value) {
        return exactly(integer(0, most), value);
    }

    /** This number of values. */
    public <T> Stream<T> exactly(int count, Supplier<T> value) {
        return IntStream.range(0, count).mapToObj(i -> value.get());
    }

    /** Well-formed text without NUL, up to this number of characters. */
    public String text(int most) {
        return some(most, this::character).collect(Collectors.joining());
    }

    private String character() {
        var plane = CHARACTERS[random.nextInt(CHARACTERS.length)];
        return Character.toString(random.nextInt(plane[0], plane[1] + 1));
    }
}
