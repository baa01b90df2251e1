package dev.selvedge.server.http1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Arrays;

/**
 * The body of one request while it comes in: takes its framing off, counts it against the limit, and asks a client
 * that waits for {@code 100 Continue}.
 *
 * <p>It is read by whoever answers, collected in memory for a call that wants it whole, or read away.
 */
public final class IncomingBody {

    /** The answer of {@link #read} when there is no input: send the output, receive, and try again. */
    public static final int NEED_INPUT = 0;

    /** The answer of {@link #read} at the end of the body. */
    public static final int END = -1;

    /** The answer of {@link #read} when the body is refused: {@link #refusal()}. */
    public static final int REFUSED = -2;

    /** The answer of {@link #discard} when it is not worth it: the connection is to be closed instead. */
    public static final int TOO_MUCH = -3;

    private static final int COLLECT_MIN_BYTES = 512;

    private static final byte[] CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(ISO_8859_1);
    static final byte[] NO_OCTETS = {};

    private final Input in;
    private final Output out;
    private final long declared;
    private final ChunkedDecoder chunks;
    private boolean continueOwed;
    private boolean answered;
    private long count;
    private long discarded;
    private boolean ended;
    private Refusal refusal;
    private byte[] collected = NO_OCTETS;
    private int collectedLength;

    private IncomingBody(Input in, Output out, boolean continueOwed, long declared, ChunkedDecoder chunks) {
        this.in = in;
        this.out = out;
        this.continueOwed = continueOwed;
        this.declared = declared;
        this.chunks = chunks;
        this.ended = declared == 0;
    }

    /** Returns the body that a head announces, or null if there is none. */
    static IncomingBody of(RequestHead head, Input in, Output out, ConnectionLimits limits) {
        return head.framing() == Framing.NONE ? null : announced(head, in, out, limits); // the usual case by itself
    }

    private static IncomingBody announced(RequestHead head, Input in, Output out, ConnectionLimits limits) {
        return switch (head.framing()) {
            case Framing.None none -> null;
            case Framing.Length(long octets) -> new IncomingBody(in, out, head.expectsContinue(), octets, null);
            case Framing.Chunked chunked -> new IncomingBody(in, out, head.expectsContinue(), -1,
                    new ChunkedDecoder(limits.maxChunkExtensionBytes(), limits.head()));
            case Framing.Refused(Refusal why) -> throw new IllegalArgumentException("refused: " + why);
        };
    }

    /** Returns the length that the head tells, or -1. */
    public long declared() {
        return declared;
    }

    /** Returns the trailer fields, once the body has ended. */
    public FieldSection trailers() {
        return ended && chunks != null ? chunks.trailers() : FieldSection.EMPTY;
    }

    /** Returns why the body is refused, or null. */
    public Refusal refusal() {
        return refusal;
    }

    /** Refuses the rest of the body. */
    public void refuse(Refusal reason) {
        if (refusal == null) {
            refusal = reason;
        }
    }

    /** Returns whether the whole body has been read. */
    boolean ended() {
        return ended;
    }

    /** Sets the limit, in octets of content; a longer body is refused (RFC 9110 §15.5.14). */
    void limit(long maxBytes) {
        if (chunks != null) {
            chunks.limit(maxBytes);
        }
        if (declared > maxBytes) {
            refuse(Refusal.BODY_TOO_LARGE);
        }
    }

    /** Returns whether the client wants a 100 before it sends, and has not begun to send (RFC 9110 §10.1.1). */
    public boolean awaitsContinue() {
        return continueOwed && in.isEmpty() && !ended;
    }

    /** Puts a 100 before everything that waits for the body, if the client waits for that. */
    void askForIt() {
        if (awaitsContinue() && !answered) {
            out.put(CONTINUE, 0, CONTINUE.length);
        }
        continueOwed = false;
    }

    /** Notes that the final response has begun: a 100 can't come any more, not even if that response is taken back. */
    void answered() {
        answered = true;
    }

    /**
     * Returns whether the connection can be kept for certain: the body has been read, or its rest, if nobody reads it,
     * is worth reading away. Of chunks that are not read to their end nobody knows what they will come to.
     */
    boolean canBeDiscarded(long maxBytes) {
        return refusal == null && discarded <= maxBytes
                && (ended || declared >= 0 && restIsAtMost(maxBytes) && !in.ended());
    }

    /** Returns whether what is left of the body is on its way, and not more than this as far as is known yet. */
    public boolean restIsAtMost(long maxBytes) {
        // A client that waits for 100 may send the body or not: what comes next could not be told apart.
        boolean certain = !continueOwed || count > 0 || !in.isEmpty();
        return certain && (declared < 0 ? discarded : discarded + declared - count) <= maxBytes;
    }

    /**
     * Reads content, for whoever answers the request.
     *
     * @param dst where to put it
     * @param from the first index in {@code dst}
     * @param length how many octets at most, at least 1
     * @return how many octets, or {@link #NEED_INPUT}, {@link #END} or {@link #REFUSED}
     */
    public int read(byte[] dst, int from, int length) {
        if (refusal != null) {
            return REFUSED;
        }
        if (ended) {
            return END;
        }
        askForIt();
        int n = chunks == null ? readPlain(dst, from, length) : readChunked(dst, from, length);
        if (n > 0) {
            count += n;
            ended |= count == declared;
        } else if (n == NEED_INPUT && in.ended()) {
            refuse(Refusal.BODY_INCOMPLETE);
            return REFUSED;
        }
        return n;
    }

    private int readPlain(byte[] dst, int from, int length) {
        int n = (int) Math.min(Math.min(length, in.length()), declared - count);
        System.arraycopy(in.array(), in.from(), dst, from, n);
        in.skip(n);
        return n;
    }

    private int readChunked(byte[] dst, int from, int length) {
        ChunkedDecoder.Result result = chunks.decode(in.array(), in.from(), in.to(), dst, from, from + length);
        in.skip(chunks.consumed());
        return switch (result) {
            case END -> {
                ended = true;
                yield chunks.produced() > 0 ? chunks.produced() : END;
            }
            case REFUSED -> {
                refuse(chunks.refusal());
                yield REFUSED;
            }
            case NEED_INPUT, NEED_ROOM -> chunks.produced();
        };
    }

    /**
     * Reads away what nobody wants, as long as that costs less than another connection.
     *
     * @param maxBytes how much of it, in octets
     * @return {@link #NEED_INPUT}, {@link #END}, {@link #REFUSED} or {@link #TOO_MUCH}
     */
    public int discard(long maxBytes) {
        while (!ended && refusal == null) {
            if (!restIsAtMost(maxBytes)) {
                return TOO_MUCH;
            }
            if (in.isEmpty() && !in.ended()) {
                return NEED_INPUT;
            }
            // Not more than one octet too much, so that the result does not depend on how the body is cut. Decoding in
            // place is safe because content never outgrows its coding.
            long before = count;
            long left = maxBytes - discarded;
            read(in.array(), in.from(), in.length() <= left ? in.length() : (int) left + 1);
            discarded += (chunks == null ? count - before : chunks.produced());
        }
        return discarded > maxBytes ? TOO_MUCH : refusal != null ? REFUSED : END;
    }

    /**
     * Gathers content in memory.
     *
     * @return {@link #NEED_INPUT}, {@link #END} or {@link #REFUSED}
     */
    int collect() {
        askForIt();
        while (!in.isEmpty() || in.ended() || ended || refusal != null) {
            if (collectedLength == collected.length && !ended) {
                collected = Arrays.copyOf(collected, larger());
            }
            int n = read(collected, collectedLength, collected.length - collectedLength);
            if (n <= 0) {
                return n;
            }
            collectedLength += n;
        }
        return NEED_INPUT;
    }

    /** Memory follows what has come, not what a client only claims. */
    private int larger() {
        long size = Math.max(Math.max(COLLECT_MIN_BYTES, in.length()), 2L * collected.length);
        return (int) Math.min(declared >= 0 ? Math.min(size, declared) : size, Integer.MAX_VALUE - 16);
    }

    /** Returns the collected content; the caller may keep it. */
    byte[] takeCollected() {
        byte[] octets = collectedLength == collected.length ? collected : Arrays.copyOf(collected, collectedLength);
        collected = NO_OCTETS;
        collectedLength = 0;
        return octets;
    }
}
