package dev.selvedge.server.http1;

import java.util.Arrays;

/**
 * Remembers the header section that a parser has accepted last: a client repeats its own from request to request, octet
 * for octet, more often than not, and to see that takes a fraction of the time that parsing takes.
 *
 * <p>A parser serves one connection after another, so it does not find the section of a client whose parser was used by
 * another one in between ({@link ParserPool}). A spare parser keeps the head of a client until it has parsed another.
 */
final class LastSection {

    /** Of a longer head it is not remembered, so that spare parsers do not hold much. */
    private static final int HEAD_MAX_BYTES = 4096;

    private static final byte[] NOTHING = {};

    /** The head of which the section is the end, from {@link #from} on; without any octet, there is none. */
    private byte[] head = NOTHING;

    private int from;
    private boolean http10;

    /**
     * Remembers a section, with the empty line behind it.
     *
     * @param octets a head, which nobody changes any more
     * @param at where its section begins
     */
    void remember(byte[] octets, int at, boolean isHttp10) {
        if (octets.length <= HEAD_MAX_BYTES) {
            head = octets;
            from = at;
            http10 = isHttp10;
        }
    }

    void forget() {
        head = NOTHING;
        from = 0;
    }

    /**
     * Returns how many octets the section has, if it stands at an index and has come whole, or 0. In the other version
     * the same fields may mean something else, or nothing that is allowed: Host, Transfer-Encoding, Expect.
     */
    int lengthAt(byte[] bytes, int at, int to, boolean isHttp10) {
        int length = head.length - from;
        return length > 0 && length <= to - at && isHttp10 == http10
                && Arrays.equals(head, from, head.length, bytes, at, at + length) ? length : 0;
    }
}
