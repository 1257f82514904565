package dev.cairn.runner.sql;

/** A text that Cairn refuses to run. The message says where, why, and what to write instead. */
public final class SqlRefused extends RuntimeException {
    private final TextPosition place;

    SqlRefused(String text, int offset, String why) {
        this(TextPosition.in(text, offset), why);
    }

    private SqlRefused(TextPosition place, String why) {
        super(place + ": " + why);
        this.place = place;
    }

    /** Where in the text. */
    public TextPosition place() {
        return place;
    }
}
