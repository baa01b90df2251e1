package dev.selvedge.server.http1;

/**
 * How large a request head may be.
 *
 * @param maxRequestLineBytes octets of the request line without its CRLF
 * @param maxFieldSectionBytes octets of all field lines together with their line ends
 * @param maxFields number of field lines
 */
public record HeadLimits(int maxRequestLineBytes, int maxFieldSectionBytes, int maxFields) {

    /** Offsets into a head are 16 bits wide; with this sum its every octet has one. */
    public static final int MAX_HEAD_BYTES = 65_000;

    /** Checks that the sizes are positive and that a whole head stays addressable. */
    public HeadLimits {
        if (maxRequestLineBytes < 16 || maxFieldSectionBytes < 16 || maxFields < 1
                || (long) maxRequestLineBytes + maxFieldSectionBytes > MAX_HEAD_BYTES) {
            throw new IllegalArgumentException("request line " + maxRequestLineBytes + " and header section "
                    + maxFieldSectionBytes + " bytes, " + maxFields + " fields: each size must be at least 16, both"
                    + " together at most " + MAX_HEAD_BYTES + ", and there must be room for one field");
        }
    }
}
