package dev.selvedge.server.http1;

/**
 * Finds the end of a request head in bytes that arrive cut anywhere, and refuses what the grammar does not allow.
 *
 * <p>It resumes where it stopped, never looks at an octet twice for the same question, and allocates nothing until
 * {@link #head} is asked for. Offsets are relative to the head's first octet, so the bytes may move between calls.
 */
public final class RequestParser {

    /** The answer of {@link #parse} when more bytes are needed. */
    public static final int INCOMPLETE = 0;

    /** The answer of {@link #parse} when the request is refused. */
    public static final int REFUSED = -1;

    /** Makes a parser, which can be used for one head after another. */
    public RequestParser(HeadLimits limits) {
        throw new UnsupportedOperationException("to be written");
    }

    /**
     * Goes on parsing a head.
     *
     * @param bytes holds all octets of the head that have come so far
     * @param from the index of the head's first octet; the octets behind it are those of the call before, and more
     * @param to the index behind the last octet
     * @return the number of octets of the whole head, with the empty lines before it and the one behind it;
     *     {@link #INCOMPLETE}; or {@link #REFUSED}
     */
    public int parse(byte[] bytes, int from, int to) {
        throw new UnsupportedOperationException("to be written");
    }

    /** Returns why the request is refused, after {@link #REFUSED}. */
    public Refusal refusal() {
        throw new UnsupportedOperationException("to be written");
    }

    /**
     * Returns the head that was parsed, as a value with its own copy of the octets. The parser is then ready for the
     * next head.
     *
     * @param bytes the bytes of the last call of {@link #parse}, which answered with a length
     * @param from the index of the head's first octet
     * @return the head
     */
    public RequestHead head(byte[] bytes, int from) {
        throw new UnsupportedOperationException("to be written");
    }

    /** Returns whether nothing but empty lines has been seen since the last head: no request has begun. */
    public boolean idle() {
        throw new UnsupportedOperationException("to be written");
    }

    /** Forgets what was seen, for another connection. */
    public void reset() {
        throw new UnsupportedOperationException("to be written");
    }
}
