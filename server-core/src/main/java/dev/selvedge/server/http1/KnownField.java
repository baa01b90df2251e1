package dev.selvedge.server.http1;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The fields that the protocol itself needs, told apart from all others while names are parsed. */
enum KnownField {
    HOST("host"),
    CONTENT_LENGTH("content-length"),
    TRANSFER_ENCODING("transfer-encoding"),
    CONNECTION("connection"),
    EXPECT("expect"),
    TRAILER("trailer");

    /** How many there are. */
    static final int COUNT = values().length;

    private static final long LOWER = 0x2020_2020_2020_2020L;

    /** One bit, for sets of these fields. */
    final byte bit;

    private final byte length;
    private final byte ninth;
    private final long headMask;
    private final long head;
    private final long tail;

    KnownField(String lowerCase) {
        byte[] name = lowerCase.getBytes(StandardCharsets.US_ASCII);
        byte[] padded = Arrays.copyOf(name, Math.max(name.length, Long.BYTES + 1));
        bit = (byte) (1 << ordinal());
        length = (byte) name.length;
        ninth = padded[Long.BYTES];
        headMask = -1L >>> Long.SIZE - Byte.SIZE * Math.min(name.length, Long.BYTES);
        head = Octets.word(padded, 0);
        tail = Octets.word(padded, Math.max(name.length - Long.BYTES, 0));
    }

    /** Returns the field whose name, in any case, is the token in {@code [from, to)}, or null. */
    static KnownField of(byte[] octets, int from, int to) {
        KnownField candidate = switch (to - from) {
            case 4 -> HOST;
            case 6 -> EXPECT;
            case 7 -> TRAILER;
            case 10 -> CONNECTION;
            case 14 -> CONTENT_LENGTH;
            case 17 -> TRANSFER_ENCODING;
            default -> null;
        };
        return candidate != null && candidate.isName(octets, from) ? candidate : null;
    }

    /**
     * Compares a token of the same length: its first eight octets, the ninth, and its last eight, so every one if there
     * are at most 17. Setting the bit that makes letters lower case is exact here: of all token octets only a letter or
     * its capital become that letter, and only a hyphen becomes a hyphen.
     */
    private boolean isName(byte[] octets, int from) {
        return ((Octets.wordOrRest(octets, from) | LOWER) & headMask) == head
                && (length <= Long.BYTES || (octets[from + Long.BYTES] | 0x20) == ninth
                        && (Octets.word(octets, from + length - Long.BYTES) | LOWER) == tail);
    }
}
