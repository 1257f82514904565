package dev.cairn.runner.session;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Finds names in a text of SQL, in the form of PostgreSQL's messages: without quotes, in lower case or as written. */
final class SqlText {
    private static final String OF_WORD = "[\\p{L}\\p{N}_$]";

    /** A word; it may consist of digits alone. */
    static final Pattern WORD = Pattern.compile(OF_WORD + "+");

    /** Words of SQL and of contexts that messages use, too. They reveal nothing about a row. */
    private static final Set<String> KEYWORDS = Set.of(
            ("a all and any as at be by cannot cast column constraint constraints database do does exist exists from function"
                            + " in index is it key language line not null of on operator or other procedure relation role row rows"
                            + " schema sequence set sql statement table text the to trigger type value values view with")
                    .split(" "));

    private final String text;

    SqlText(String text) {
        this.text = normal(text);
    }

    /**
     * Whether it contains these words in one place, as whole words. Punctuation alone, such as {@code ::}, is no word.
     */
    boolean contains(String words) {
        var wanted = normal(words);
        if (!WORD.matcher(wanted).find()) return false;
        var before = isOfWord(wanted.codePointAt(0)) ? "(?<!" + OF_WORD + ")" : "";
        var after = isOfWord(wanted.codePointBefore(wanted.length())) ? "(?!" + OF_WORD + ")" : "";
        return Pattern.compile(before + Pattern.quote(wanted) + after)
                .matcher(text)
                .find();
    }

    /** Whether it contains the word as a name or a value. */
    boolean names(String word) {
        return !KEYWORDS.contains(word.toLowerCase(Locale.ROOT)) && contains(word);
    }

    private static boolean isOfWord(int character) {
        return WORD.matcher(Character.toString(character)).matches();
    }

    private static String normal(String text) {
        return text.replace("\"", "").toLowerCase(Locale.ROOT).strip();
    }
}
