package dev.selvedge.server.http1;

/**
 * Takes the chunked coding off a body that arrives cut anywhere (RFC 9112 §7.1).
 *
 * <p>Allocates nothing, unless there are trailers.
 */
public final class ChunkedDecoder {

    /** What a call of {@link #decode} ended with. */
    public enum Result {
        /** All input is used up and the body has not ended. */
        NEED_INPUT,
        /** The room in the destination is used up; there is more input. */
        NEED_ROOM,
        /** The body and its trailers have ended; {@link #consumed()} tells where. */
        END,
        /** The coding is broken: {@link #refusal()}. */
        REFUSED
    }

    /**
     * Makes a decoder for one body.
     *
     * @param maxExtensionBytes octets of extensions for one chunk, and of all chunks of a body together at most 16 times that
     * @param trailerLimits limits of the trailer section
     */
    public ChunkedDecoder(int maxExtensionBytes, HeadLimits trailerLimits) {
        throw new UnsupportedOperationException("to be written");
    }

    /**
     * Decodes what it can.
     *
     * @param src coded bytes in {@code [from, to)}
     * @param dst takes the body's octets in {@code [at, limit)}; may be {@code src} itself only if {@code at <= from}
     */
    public Result decode(byte[] src, int from, int to, byte[] dst, int at, int limit) {
        throw new UnsupportedOperationException("to be written");
    }

    /** Returns how many octets of the input the last call used. */
    public int consumed() {
        throw new UnsupportedOperationException("to be written");
    }

    /** Returns how many octets of the body the last call made. */
    public int produced() {
        throw new UnsupportedOperationException("to be written");
    }

    /** Returns why, after {@link Result#REFUSED}. */
    public Refusal refusal() {
        throw new UnsupportedOperationException("to be written");
    }

    /** Returns the trailer fields, after {@link Result#END}. */
    public FieldSection trailers() {
        throw new UnsupportedOperationException("to be written");
    }
}
