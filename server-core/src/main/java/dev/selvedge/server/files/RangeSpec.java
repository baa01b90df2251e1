package dev.selvedge.server.files;

/**
 * One range as it was asked for (RFC 9110 §14.1.1): {@code 0-499}, {@code 500-} or {@code -500}. Numbers may have any
 * number of digits; what a {@code long} can't hold is more than any representation has, but still compared exactly.
 *
 * @param first the offset of the first octet, or -1 if the last octets are meant
 * @param last the offset of the last octet, or how many of the last ones are meant
 */
record RangeSpec(long first, long last) {

    /** White space only, or nothing: an empty element of a list (RFC 9110 §5.6.1.2). */
    static final RangeSpec EMPTY = new RangeSpec(-1, -1);

    static final RangeSpec MALFORMED = new RangeSpec(-1, -2);

    private static final int SUFFIX = -1;

    /** Reads {@code [from, to)}. White space around a range is allowed, also before the first, where the RFC has it. */
    static RangeSpec parse(String text, int from, int to) {
        while (from < to && isWhite(text.charAt(from))) {
            from++;
        }
        while (to > from && isWhite(text.charAt(to - 1))) {
            to--;
        }
        if (from == to) {
            return EMPTY;
        }
        int dash = digitsEnd(text, from, to);
        if (dash == to || text.charAt(dash) != '-' || digitsEnd(text, dash + 1, to) != to) {
            return MALFORMED;
        }
        boolean hasFirst = dash > from;
        boolean hasLast = dash + 1 < to;
        if (!hasFirst) {
            return hasLast ? new RangeSpec(SUFFIX, number(text, dash + 1, to)) : MALFORMED;
        }
        if (hasLast && isLess(text, dash + 1, to, from, dash)) {
            return MALFORMED;
        }
        return new RangeSpec(number(text, from, dash), hasLast ? number(text, dash + 1, to) : Long.MAX_VALUE);
    }

    /** Returns what that is of a representation with so many octets, at least 1; null if it has nothing of it. */
    ByteRange of(long length) {
        if (first == SUFFIX) {
            return last == 0 ? null : ByteRange.between(length - Math.min(last, length), length - 1);
        }
        return first >= length ? null : ByteRange.between(first, Math.min(last, length - 1));
    }

    private static boolean isWhite(char character) {
        return character == ' ' || character == '\t';
    }

    private static boolean isDigit(char character) {
        return character >= '0' && character <= '9';
    }

    private static int digitsEnd(String text, int from, int to) {
        int at = from;
        while (at < to && isDigit(text.charAt(at))) {
            at++;
        }
        return at;
    }

    /** Returns the number, or the greatest {@code long} if it is greater. */
    private static long number(String text, int from, int to) {
        long number = 0;
        for (int at = from; at < to; at++) {
            int digit = text.charAt(at) - '0';
            if (number > (Long.MAX_VALUE - digit) / 10) {
                return Long.MAX_VALUE;
            }
            number = 10 * number + digit;
        }
        return number;
    }

    /** Compares two numbers of any size. */
    private static boolean isLess(String text, int from, int to, int otherFrom, int otherTo) {
        int at = significant(text, from, to);
        int otherAt = significant(text, otherFrom, otherTo);
        int digits = to - at;
        if (digits != otherTo - otherAt) {
            return digits < otherTo - otherAt;
        }
        for (int index = 0; index < digits; index++) {
            int difference = text.charAt(at + index) - text.charAt(otherAt + index);
            if (difference != 0) {
                return difference < 0;
            }
        }
        return false;
    }

    private static int significant(String text, int from, int to) {
        int at = from;
        while (at < to && text.charAt(at) == '0') {
            at++;
        }
        return at;
    }
}
