package dev.selvedge.server;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Percent-encoding (RFC 3986 §2.1), and the one form in which paths are compared.
 *
 * <p>In the <em>canonical</em> form of a path there are no dot segments, every octet that a segment may have
 * literally ({@code pchar}) is literal, and every other one is an escape with upper-case digits. So two segments are
 * the same octets after decoding exactly if they are the same octets in canonical form, an escaped slash never
 * separates, and nothing has to be decoded to find a route. A path without percent sign and dot segment is canonical
 * as it is.
 */
final class PercentCoding {

    private static final char[] HEX = "0123456789ABCDEF".toCharArray();

    /** The octets of {@code pchar} (RFC 3986 §3.3): unreserved, sub-delims, colon and at. */
    private static final boolean[] PCHAR = octets("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
            + "-._~!$&'()*+,;=:@");

    /** The octets that may stand literally in some part of a URI, and the sign of those that are escaped already. */
    private static final boolean[] URI = octets("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
            + "-._~!$&'()*+,;=:@/?#[]%");

    private PercentCoding() { }

    private static boolean[] octets(String all) {
        boolean[] set = new boolean[256];
        all.chars().forEach(c -> set[c] = true);
        return set;
    }

    /**
     * Returns the canonical form of a raw path.
     *
     * @param raw holds a path that begins with a slash, without broken escapes, or an empty one
     * @return the path, beginning with a slash
     */
    static byte[] canonicalPath(byte[] raw, int from, int to) {
        byte[] path = new byte[Math.max(1, to - from)];     // decoding never makes a valid path longer
        int length = 0;
        for (int at = from; at < to;) {
            int segment = length;
            path[length++] = '/';
            for (at++; at < to && raw[at] != '/'; at++) {
                int octet = raw[at] & 0xFF;
                if (octet == '%' && isEscape(raw, at, to)) {
                    octet = octetAt(raw, at);
                    at += 2;
                }
                length = putCanonical(octet, path, length);
            }
            length = withoutDotSegment(path, segment, length, at == to);
        }
        if (length == 0) {
            path[length++] = '/';
        }
        return Arrays.copyOf(path, length);
    }

    /** Takes back the last segment if it is a dot segment (RFC 3986 §5.2.4), and returns the new length. */
    private static int withoutDotSegment(byte[] path, int segment, int length, boolean last) {
        boolean one = length - segment == 2 && path[segment + 1] == '.';
        boolean two = length - segment == 3 && path[segment + 1] == '.' && path[segment + 2] == '.';
        if (!one && !two) {
            return length;
        }
        int end = segment;
        if (two) {
            do {
                end--;
            } while (end >= 0 && path[end] != '/');
            end = Math.max(end, 0);     // above the root is the root; such requests are refused before
        }
        if (last) {
            path[end++] = '/';
        }
        return end;
    }

    private static int putCanonical(int octet, byte[] dst, int at) {
        if (PCHAR[octet]) {
            dst[at] = (byte) octet;
            return at + 1;
        }
        dst[at] = '%';
        dst[at + 1] = (byte) HEX[octet >> 4];
        dst[at + 2] = (byte) HEX[octet & 0xF];
        return at + 3;
    }

    /** Returns the canonical form of one segment that is given as text. */
    static byte[] canonicalSegment(String text) {
        byte[] utf8 = utf8(text);
        byte[] segment = new byte[3 * utf8.length];
        int length = 0;
        for (byte octet : utf8) {
            length = putCanonical(octet & 0xFF, segment, length);
        }
        return Arrays.copyOf(segment, length);
    }

    /**
     * Decodes a path or a part of one, as UTF-8 with U+FFFD for malformed input. An escaped slash stays escaped, so
     * that it can be told from one that separates.
     */
    static String decodePath(byte[] octets, int from, int to) {
        return decode(octets, from, to, true, false);
    }

    /** Decodes one segment, escaped slashes too, as UTF-8 with U+FFFD for malformed input. */
    static String decodeSegment(byte[] octets, int from, int to) {
        return decode(octets, from, to, false, false);
    }

    /** Decodes a name or a value of a query, where a plus sign is a space (application/x-www-form-urlencoded). */
    static String decodeForm(byte[] octets, int from, int to) {
        return decode(octets, from, to, false, true);
    }

    private static String decode(byte[] octets, int from, int to, boolean keepSlash, boolean plusIsSpace) {
        int at = from;
        while (at < to && octets[at] != '%' && octets[at] > 0 && !(plusIsSpace && octets[at] == '+')) {
            at++;
        }
        if (at == to) {
            return new String(octets, from, to - from, StandardCharsets.ISO_8859_1);
        }
        byte[] decoded = new byte[to - from];
        int length = 0;
        for (at = from; at < to; at++) {
            byte octet = octets[at];
            if (octet == '%' && isEscape(octets, at, to) && !(keepSlash && octetAt(octets, at) == '/')) {
                octet = (byte) octetAt(octets, at);
                at += 2;
            } else if (plusIsSpace && octet == '+') {
                octet = ' ';
            }
            decoded[length++] = octet;
        }
        return new String(decoded, 0, length, StandardCharsets.UTF_8);
    }

    private static boolean isEscape(byte[] octets, int at, int to) {
        return at + 2 < to && Character.digit(octets[at + 1], 16) >= 0 && Character.digit(octets[at + 2], 16) >= 0;
    }

    private static int octetAt(byte[] octets, int at) {
        return Character.digit(octets[at + 1], 16) << 4 | Character.digit(octets[at + 2], 16);
    }

    /**
     * Returns a URI reference in which what no URI may have literally is percent-encoded; escapes stay as they are.
     *
     * @throws IllegalArgumentException if it is empty, or has a control character or a broken surrogate pair
     */
    static String encodeUri(String uri) {
        if (uri.isEmpty()) {
            throw new IllegalArgumentException("the location is empty");
        }
        for (int i = 0; i < uri.length(); i++) {
            if (Character.isISOControl(uri.charAt(i))) {
                throw new IllegalArgumentException("the location has the control character U+"
                        + String.format("%04X", (int) uri.charAt(i)) + " at index " + i);
            }
        }
        ByteArrayOutputStream encoded = new ByteArrayOutputStream(uri.length());
        for (byte b : utf8(uri)) {
            int octet = b & 0xFF;
            if (URI[octet]) {
                encoded.write(octet);
            } else {
                encoded.write('%');
                encoded.write(HEX[octet >> 4]);
                encoded.write(HEX[octet & 0xF]);
            }
        }
        return encoded.toString(StandardCharsets.US_ASCII);
    }

    private static byte[] utf8(String text) {
        try {
            ByteBuffer utf8 = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
            return Arrays.copyOf(utf8.array(), utf8.limit());
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("half of a surrogate pair is no character: \"" + text + "\"", e);
        }
    }
}
