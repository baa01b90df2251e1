package dev.selvedge.server.http1;

/**
 * The body of one request while it comes in: takes its framing off and counts it against the limit.
 */
final class IncomingBody {

    /** The answer of {@link #read} when all input is used up. */
    static final int NEED_INPUT = 0;

    /** The answer of {@link #read} at the end of the body. */
    static final int END = -1;

    /** The answer of {@link #read} when the body is refused. */
    static final int REFUSED = -2;

    private final long declared;
    private final ChunkedDecoder chunks;
    private long limit = Long.MAX_VALUE;
    private long count;
    private boolean ended;
    private Refusal refusal;

    private IncomingBody(long declared, ChunkedDecoder chunks) {
        this.declared = declared;
        this.chunks = chunks;
        this.ended = declared == 0;
    }

    /** Returns the body that a head announces, or null if there is none. */
    static IncomingBody of(Framing framing, ConnectionLimits limits) {
        return switch (framing) {
            case Framing.None none -> null;
            case Framing.Length length -> new IncomingBody(length.octets(), null);
            case Framing.Chunked chunked ->
                new IncomingBody(-1, new ChunkedDecoder(limits.maxChunkExtensionBytes(), limits.head()));
            case Framing.Refused refused -> throw new IllegalArgumentException("refused: " + refused.refusal());
        };
    }

    /** Returns the length that the head tells, or -1. */
    long declared() {
        return declared;
    }

    /** Returns whether octets of the body have been seen. */
    boolean begun() {
        return count > 0;
    }

    /** Returns whether the whole body has been read. */
    boolean ended() {
        return ended;
    }

    /** Returns why the body is refused, or null. */
    Refusal refusal() {
        return refusal;
    }

    /** Refuses the rest of the body. */
    void refuse(Refusal reason) {
        if (refusal == null) {
            refusal = reason;
        }
    }

    /** Returns the trailer fields, once the body has ended. */
    FieldSection trailers() {
        return ended && chunks != null ? chunks.trailers() : FieldSection.EMPTY;
    }

    /** Sets the limit, in octets of content; a longer body is refused (RFC 9110 §15.5.14). */
    void limit(long maxBytes) {
        limit = maxBytes;
        if (declared > maxBytes) {
            refuse(Refusal.BODY_TOO_LARGE);
        }
    }

    /** Returns how many octets are still to come if that is known to be few, else {@link Long#MAX_VALUE}. */
    long rest() {
        return chunks == null ? declared - count : Long.MAX_VALUE;
    }

    /**
     * Reads content.
     *
     * @return how many octets were put into {@code dst}, or {@link #NEED_INPUT}, {@link #END} or {@link #REFUSED}
     */
    int read(Input in, byte[] dst, int from, int length) {
        if (refusal != null) {
            return REFUSED;
        }
        if (ended) {
            return END;
        }
        int n = chunks == null ? readPlain(in, dst, from, length) : readChunked(in, dst, from, length);
        if (n > 0) {
            count += n;
            if (count > limit) {
                refuse(Refusal.BODY_TOO_LARGE);
                return REFUSED;
            }
            ended |= count == declared;
        }
        return n;
    }

    private int readPlain(Input in, byte[] dst, int from, int length) {
        int n = (int) Math.min(Math.min(length, in.length()), declared - count);
        System.arraycopy(in.array(), in.from(), dst, from, n);
        in.skip(n);
        return n;
    }

    private int readChunked(Input in, byte[] dst, int from, int length) {
        ChunkedDecoder.Result result =
                chunks.decode(in.array(), in.from(), in.to(), dst, from, from + length);
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
     * Reads content away.
     *
     * @return how many octets, or {@link #NEED_INPUT}, {@link #END} or {@link #REFUSED}
     */
    int discard(Input in) {
        if (in.isEmpty() && !ended && refusal == null) {
            return NEED_INPUT;
        }
        // Decoding in place is safe because content never outgrows its coding.
        return read(in, in.array(), in.from(), in.length());
    }
}
