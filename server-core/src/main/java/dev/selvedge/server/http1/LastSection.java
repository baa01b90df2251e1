package dev.selvedge.server.http1;

import java.util.Arrays;

/**
 * Remembers the header section that was accepted last: on one connection it is often the same from request to request,
 * octet for octet, and to see that takes a fraction of the time that parsing takes.
 */
final class LastSection {

    /** Of a longer head it is not remembered, so that a spare parser does not hold much. */
    private static final int HEAD_MAX_BYTES = 4096;

    private static final byte[] NOTHING = {};

    /** The head of which the section is the end, from {@link #from} on; without any octet, there is none. */
    private byte[] head = NOTHING;

    private int from;
    private boolean isHttp10;

    /**
     * Remembers a section, with the empty line behind it.
     *
     * @param octets a head, which nobody changes any more
     * @param at where its section begins
     */
    void remember(byte[] octets, int at, boolean inHttp10) {
        if (octets.length <= HEAD_MAX_BYTES) {
            head = octets;
            from = at;
            isHttp10 = inHttp10;
        }
    }

    void forget() {
        head = NOTHING;
        from = 0;
    }

    /** Returns how many octets the section has, if it stands at an index and has come whole, or 0. */
    int lengthAt(byte[] bytes, int at, int to, boolean inHttp10) {
        int length = head.length - from;
        return length > 0 && length <= to - at && inHttp10 == isHttp10
                && Arrays.equals(head, from, head.length, bytes, at, at + length) ? length : 0;
    }
}
