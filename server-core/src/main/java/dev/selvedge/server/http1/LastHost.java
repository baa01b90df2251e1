package dev.selvedge.server.http1;

import java.util.Arrays;

/**
 * Decides about Host fields, and remembers the last one that was valid: most requests name the host that the one before
 * has named, and two short arrays are compared in a fifth of the time that the rules take.
 */
final class LastHost {

    /** Longer ones are not remembered. */
    private static final int MAX_BYTES = 64;

    private final byte[] value = new byte[MAX_BYTES];
    private int length;

    /** Returns whether the octets are a valid value of a Host field ({@link HostRule#isHostField}). */
    boolean isValid(byte[] bytes, int from, int to) {
        if (Arrays.equals(bytes, from, to, value, 0, length)) {
            return true; // also at the beginning: an empty value is valid
        }
        if (!HostRule.isHostField(bytes, from, to)) {
            return false;
        }
        if (to - from <= MAX_BYTES) {
            System.arraycopy(bytes, from, value, 0, to - from);
            length = to - from;
        }
        return true;
    }
}
