package dev.selvedge.server.http1;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** What the grammars of RFC 9110, RFC 9112 and RFC 3986 allow an octet to be, and the scans that follow from it. */
final class Octets {

    static final byte NUL = 0;
    static final byte HTAB = '\t';
    static final byte LF = '\n';
    static final byte CR = '\r';
    static final byte SP = ' ';
    static final byte DEL = 0x7F;

    private static final int TOKEN = 1;
    private static final int PCHAR = 2;
    private static final int REG_NAME = 4;
    private static final int HEX = 8;
    private static final int DIGIT = 16;
    private static final int ALPHA = 32;

    private static final String UNRESERVED_MARKS = "-._~";
    private static final String SUB_DELIMS = "!$&'()*+,;=";

    private static final byte[] CLASSES = classes();

    private static final VarHandle WORDS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final VarHandle QUADS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private static final long ONES = 0x0101_0101_0101_0101L;
    private static final long HIGH_BITS = ONES * 0x80;

    private Octets() { }

    private static byte[] classes() {
        byte[] classes = new byte[256];
        for (int octet = 'a'; octet <= 'z'; octet++) {
            classes[octet] = TOKEN | PCHAR | REG_NAME | ALPHA;
            classes[octet & ~0x20] = TOKEN | PCHAR | REG_NAME | ALPHA;
        }
        for (int octet = '0'; octet <= '9'; octet++) {
            classes[octet] = TOKEN | PCHAR | REG_NAME | DIGIT | HEX;
        }
        mark(classes, "abcdefABCDEF", HEX);
        mark(classes, "!#$%&'*+-.^_`|~", TOKEN);
        mark(classes, UNRESERVED_MARKS + SUB_DELIMS, PCHAR | REG_NAME);
        mark(classes, ":@", PCHAR);
        return classes;
    }

    private static void mark(byte[] classes, String octets, int bits) {
        for (int index = 0; index < octets.length(); index++) {
            classes[octets.charAt(index)] |= (byte) bits;
        }
    }

    private static boolean is(byte octet, int bits) {
        return (CLASSES[octet & 0xFF] & bits) != 0;
    }

    /** tchar (RFC 9110 §5.6.2). */
    static boolean isToken(byte octet) {
        return is(octet, TOKEN);
    }

    /** pchar without escapes: unreserved, sub-delims, colon and at sign (RFC 3986 §3.3). */
    static boolean isPchar(byte octet) {
        return is(octet, PCHAR);
    }

    /** What a registered name may have, without escapes: unreserved and sub-delims (RFC 3986 §3.2.2). */
    static boolean isRegName(byte octet) {
        return is(octet, REG_NAME);
    }

    static boolean isHex(byte octet) {
        return is(octet, HEX);
    }

    static boolean isDigit(byte octet) {
        return is(octet, DIGIT);
    }

    static boolean isAlpha(byte octet) {
        return is(octet, ALPHA);
    }

    /** Space or tab: what optional white space is made of (RFC 9110 §5.6.3). */
    static boolean isWhite(byte octet) {
        return octet == SP || octet == HTAB;
    }

    /** What a field value may have (RFC 9110 §5.5): tab, visible characters, space, and 0x80 to 0xFF as opaque data. */
    static boolean isFieldContent(byte octet) {
        return octet >= SP ? octet != DEL : octet < 0 || octet == HTAB;
    }

    /** Returns the value of a hexadecimal digit of either case, or -1. */
    static int hexValue(byte octet) {
        if (!isHex(octet)) {
            return -1;
        }
        return isDigit(octet) ? octet - '0' : (octet | 0x20) - 'a' + 10;
    }

    /** Returns whether an escape, a percent sign and two hexadecimal digits, is in {@code [at, to)}. */
    static boolean isEscape(byte[] octets, int at, int to) {
        return to - at >= 3 && octets[at] == '%' && isHex(octets[at + 1]) && isHex(octets[at + 2]);
    }

    /** Returns the eight octets at an index, the first one lowest. */
    static long word(byte[] octets, int at) {
        return (long) WORDS.get(octets, at);
    }

    /** Returns the four octets at an index, the first one lowest. */
    static int quad(byte[] octets, int at) {
        return (int) QUADS.get(octets, at);
    }

    /** Returns the eight octets at an index, with zeros for those behind the array's end. */
    static long wordOrRest(byte[] octets, int at) {
        if (at <= octets.length - Long.BYTES) {
            return word(octets, at);
        }
        long rest = 0;
        for (int index = octets.length - 1; index >= at; index--) {
            rest = rest << Byte.SIZE | octets[index] & 0xFF;
        }
        return rest;
    }

    /** Returns the index of the first octet in {@code [at, to)} that no token may have, or {@code to}. */
    static int endOfToken(byte[] octets, int at, int to) {
        while (at < to && isToken(octets[at])) {
            at++;
        }
        return at;
    }

    /** Returns the index of the first octet in {@code [at, to)} that is not space nor visible ASCII, or {@code to}. */
    static int endOfPlainText(byte[] octets, int at, int to) {
        // This condition is no loop limit to the compiler, which therefore prepares nothing for a loop that is short.
        while (to - at >= 2 * Long.BYTES) {
            long first = notPlain(word(octets, at));
            long second = notPlain(word(octets, at + Long.BYTES));
            if (((first | second) & HIGH_BITS) != 0) {
                return (first & HIGH_BITS) != 0 ? at + firstMark(first) : at + Long.BYTES + firstMark(second);
            }
            at += 2 * Long.BYTES;
        }
        if (to - at >= Long.BYTES) {
            long stops = notPlain(word(octets, at));
            if ((stops & HIGH_BITS) != 0) {
                return at + firstMark(stops);
            }
            at += Long.BYTES;
        }
        while (at < to && octets[at] >= SP && octets[at] != DEL) {
            at++;
        }
        return at;
    }

    /**
     * Marks the high bit of the lowest octet that is not space nor visible ASCII. The high bits above it are not to be
     * relied on, nor is any other bit: the subtraction marks what is below a space and from 0xA0 on, the addition 0x7F to
     * 0xFE, and either may pass over into the octets above.
     */
    private static long notPlain(long word) {
        return word - ONES * SP | word + ONES;
    }

    /** Returns how many octets are below the lowest one whose high bit is marked; there is one. */
    private static int firstMark(long marks) {
        return Long.numberOfTrailingZeros(marks & HIGH_BITS) >>> 3;
    }

    /** Returns the index of the first octet in {@code [at, to)} that no field value may have, or {@code to}. */
    static int endOfFieldContent(byte[] octets, int at, int to) {
        while (at <= to - Long.BYTES) {
            long stops = controls(word(octets, at));
            if (stops == 0) {
                at += Long.BYTES;
                continue;
            }
            at += firstMark(stops);
            if (octets[at] != HTAB) {
                return at;
            }
            at++;
        }
        while (at < to && isFieldContent(octets[at])) {
            at++;
        }
        return at;
    }

    /**
     * Marks the high bit of each octet below 0x20 and of each DEL. A borrow may mark an octet too many, but only above
     * one that is marked rightly: the lowest mark is always true.
     */
    private static long controls(long word) {
        long low = (word - ONES * SP) & ~word;
        long deleted = word ^ ONES * DEL;
        return (low | (deleted - ONES) & ~deleted) & HIGH_BITS;
    }

    /** Returns whether the octets in {@code [from, to)} are a word, which is given in lower case, in any case. */
    static boolean equalsIgnoreCase(byte[] octets, int from, int to, String lowerCase) {
        if (to - from != lowerCase.length()) {
            return false;
        }
        for (int index = 0; index < lowerCase.length(); index++) {
            if (lower(octets[from + index]) != lowerCase.charAt(index)) {
                return false;
            }
        }
        return true;
    }

    /** Returns an ASCII letter in lower case, and any other character as it is. */
    static int lower(int character) {
        return character >= 'A' && character <= 'Z' ? character | 0x20 : character;
    }
}
