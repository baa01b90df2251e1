package dev.selvedge.server.http1;

import java.nio.charset.StandardCharsets;

/** The fields that the protocol itself needs, told apart from all others while names are parsed. */
enum KnownField {
    HOST("host"),
    CONTENT_LENGTH("content-length"),
    TRANSFER_ENCODING("transfer-encoding"),
    CONNECTION("connection"),
    EXPECT("expect"),
    TRAILER("trailer");

    /** One bit, for sets of these fields. */
    final byte bit;

    private final byte[] lowerCase;

    KnownField(String lowerCase) {
        this.bit = (byte) (1 << ordinal());
        this.lowerCase = lowerCase.getBytes(StandardCharsets.US_ASCII);
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
     * Compares a token of the same length. Setting the bit that makes letters lower case is exact here: of all token
     * octets only a letter or its capital become that letter, and only a hyphen becomes a hyphen.
     */
    private boolean isName(byte[] octets, int from) {
        byte[] name = lowerCase;
        for (int index = 0; index < name.length; index++) {
            if ((octets[from + index] | 0x20) != name[index]) {
                return false;
            }
        }
        return true;
    }
}
