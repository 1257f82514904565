package dev.cairn.runner.session;

import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The parts of a message inside and outside quotation marks, in all languages of PostgreSQL's messages. */
final class Quoted {
    /** An apostrophe inside a word ({@code n'existe pas}) quotes nothing. */
    private static final String MARK = "(?:[\"«»„“”‚‹›「」『』`]|(?<!\\p{L})['‘’]|['‘’](?!\\p{L}))";

    private static final Pattern ONE = Pattern.compile("\"([^\"]*)\"|«([^«»]*)»|»([^«»]*)«|[„“]([^„“”]*)[“”]"
            + "|‹([^‹›]*)›|「([^「」]*)」|『([^『』]*)』|(?<!\\p{L})['‘‚`]([^'‘’‚`]*)['‘’](?!\\p{L})");

    /** From the first mark to the last: the value may contain marks itself. */
    private static final Pattern ALL = Pattern.compile(MARK + ".*" + MARK, Pattern.DOTALL);

    /** A single mark: the text after it may be a value that was cut. */
    private static final Pattern UNCLOSED = Pattern.compile(MARK + ".*", Pattern.DOTALL);

    private static final Pattern BYTES_AND_NUMBERS =
            Pattern.compile("\\b0x[0-9a-fA-F]+|(?<![\\w$(,.])-?\\d[\\d.,:eE+-]*");

    private Quoted() {}

    /**
     * The message with all quotations, if each of them is allowed. Otherwise one … replaces all from the first mark to
     * the last, since the end of a value that contains marks is unknown.
     */
    static String without(String message, Predicate<String> allowed) {
        var rest = message;
        var one = ONE.matcher(message);
        boolean areAllowed = true;
        while (areAllowed && one.find()) areAllowed = allowed.test(content(one));
        if (areAllowed) rest = ONE.matcher(message).replaceAll("");
        if (areAllowed && !UNCLOSED.matcher(rest).find()) return message;
        var all = ALL.matcher(message);
        return all.find()
                ? all.replaceFirst("\"…\"")
                : UNCLOSED.matcher(message).replaceFirst("\"…\"");
    }

    /** The message with the pattern's matches outside quotations replaced. */
    static String outside(String message, UnaryOperator<String> shown, Pattern pattern) {
        var result = new StringBuilder();
        var one = ONE.matcher(message);
        int end = 0;
        while (one.find()) {
            result.append(replaced(message.substring(end, one.start()), shown, pattern))
                    .append(one.group());
            end = one.end();
        }
        return result.append(replaced(message.substring(end), shown, pattern)).toString();
    }

    /** The message without bytes and numbers outside quotations, unless they are allowed. */
    static String withoutNumbers(String message, Predicate<String> allowed) {
        return outside(message, number -> allowed.test(number) ? number : "…", BYTES_AND_NUMBERS);
    }

    private static String replaced(String text, UnaryOperator<String> shown, Pattern pattern) {
        return pattern.matcher(text).replaceAll(found -> Matcher.quoteReplacement(shown.apply(found.group())));
    }

    /** The content of the one alternative that matched. */
    private static String content(Matcher one) {
        for (int n = 1; n <= one.groupCount(); n++) {
            var content = one.group(n);
            // Some languages put a space inside their marks.
            if (content != null) return content.strip().replaceAll("^\u00a0|\u00a0$", "");
        }
        return "";
    }
}
