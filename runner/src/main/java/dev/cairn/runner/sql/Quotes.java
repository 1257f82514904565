package dev.cairn.runner.sql;

/** Finds where strings, quoted names, dollar quotes and comments end, and refuses those that do not. */
final class Quotes {
    private final String text;

    Quotes(String text) {
        this.text = text;
    }

    /**
     * @param start of the token, for the message
     * @param quote where the opening quote is
     */
    int stringEnd(int start, int quote) {
        return doubledEnd(start, quote, '\'', "a string that starts here does not end: close it with '");
    }

    int nameEnd(int start, int quote) {
        return doubledEnd(start, quote, '"', "a quoted name that starts here does not end: close it with \"");
    }

    private int doubledEnd(int start, int quote, char mark, String otherwise) {
        for (int i = quote + 1; i < text.length(); i++) {
            if (text.charAt(i) != mark) continue;
            if (i + 1 < text.length() && text.charAt(i + 1) == mark) i++;
            else return i + 1;
        }
        throw new SqlRefused(text, start, otherwise);
    }

    /** The end of an E'' string. A backslash escapes the next character, also in the parts that continue the string. */
    int escapedEnd(int start, int quote) {
        int end = escapedPartEnd(start, quote);
        for (int next = continuation(end); next >= 0; next = continuation(end)) end = escapedPartEnd(start, next);
        return end;
    }

    private int escapedPartEnd(int start, int quote) {
        for (int i = quote + 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\') i++;
            else if (c == '\'' && i + 1 < text.length() && text.charAt(i + 1) == '\'') i++;
            else if (c == '\'') return i + 1;
        }
        throw new SqlRefused(text, start, "a string that starts here does not end: close it with ' (\\' does not)");
    }

    /**
     * The next quote of a continued string, or -1. SQL joins strings with only white space and a newline between them.
     */
    private int continuation(int from) {
        boolean newline = false;
        int i = from;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (c == '\'') return newline ? i : -1;
            if (text.startsWith("--", i)) {
                while (i < text.length() && !Tokenizer.isNewline(text.charAt(i))) i++;
            } else if (Tokenizer.isSpace(c)) {
                newline |= Tokenizer.isNewline(c);
                i++;
            } else {
                return -1;
            }
        }
        return -1;
    }

    /** The end of a dollar-quoted string, -1 if the dollar opens none. */
    int dollarEnd(int dollar) {
        int tagEnd = dollar + 1;
        while (tagEnd < text.length() && text.charAt(tagEnd) != '$' && Tokenizer.isNamePart(text.charAt(tagEnd)))
            tagEnd++;
        boolean opens = tagEnd < text.length()
                && text.charAt(tagEnd) == '$'
                && (tagEnd == dollar + 1 || Tokenizer.isNameStart(text.charAt(dollar + 1)));
        if (!opens) return -1;
        var tag = text.substring(dollar, tagEnd + 1);
        int close = text.indexOf(tag, tagEnd + 1);
        if (close < 0)
            throw new SqlRefused(text, dollar, "a string that starts here does not end: close it with " + tag);
        return close + tag.length();
    }

    /** Comments nest. */
    int commentEnd(int start) {
        int depth = 0;
        for (int i = start; i < text.length() - 1; i++) {
            if (text.startsWith("/*", i)) {
                depth++;
                i++;
            } else if (text.startsWith("*/", i)) {
                depth--;
                i++;
                if (depth == 0) return i + 1;
            }
        }
        throw new SqlRefused(text, start, "a comment that starts here does not end: close it with */ (comments nest)");
    }
}
