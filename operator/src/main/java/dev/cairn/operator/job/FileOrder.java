package dev.cairn.operator.job;

import java.math.BigInteger;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The order of versions: {@code 2_b.sql} before {@code 10_a.sql}. Sequences of digits are numbers, the rest is text.
 */
final class FileOrder implements Comparator<String> {
    private static final Pattern PIECES = Pattern.compile("[0-9]+|[^0-9]+");

    @Override
    public int compare(String a, String b) {
        var left = pieces(a);
        var right = pieces(b);
        for (int i = 0; i < Math.min(left.size(), right.size()); i++) {
            int order = comparePiece(left.get(i), right.get(i));
            if (order != 0) return order;
        }
        int longer = Integer.compare(left.size(), right.size());
        return longer != 0 ? longer : a.compareTo(b); // 01 and 1 are the same number but two names
    }

    private static int comparePiece(String a, String b) {
        boolean numbers = isNumber(a) && isNumber(b);
        return numbers ? new BigInteger(a).compareTo(new BigInteger(b)) : a.compareTo(b);
    }

    private static boolean isNumber(String piece) {
        return Character.isDigit(piece.charAt(0));
    }

    private static List<String> pieces(String name) {
        return PIECES.matcher(name).results().map(match -> match.group()).toList();
    }
}
