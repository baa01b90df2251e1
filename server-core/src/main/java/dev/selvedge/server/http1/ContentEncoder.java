package dev.selvedge.server.http1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/**
 * Puts streamed content on the wire: in chunks (RFC 9112 §7.1), or as it is and counted.
 *
 * <p>A write of {@value #OWN_CHUNK_MIN_BYTES} octets or more is a chunk of its own (or several, if it is large);
 * smaller ones are gathered until there are so many or somebody flushes, because a chunk for every few octets would
 * cost more than it carries.
 */
public final class ContentEncoder {

    /** From this size on a write is not gathered with others. */
    static final int OWN_CHUNK_MIN_BYTES = 512;

    /** No chunk is larger, so that an output of modest size takes it. */
    public static final int CHUNK_MAX_BYTES = 8192;

    private static final int SIZE_LINE_MAX_BYTES = 6;
    private static final byte[] LAST_CHUNK = "0\r\n".getBytes(ISO_8859_1);
    private static final byte[] HEX = "0123456789abcdef".getBytes(ISO_8859_1);

    private final Output out;
    private final boolean chunked;
    private final long declared;
    private long written;
    private byte[] gathered;
    private int gatheredLength;

    /**
     * Makes the encoder of one response.
     *
     * @param out where the octets go
     * @param chunked whether the content is sent in chunks
     * @param declared how many octets the head has promised, or {@link Content#UNKNOWN_LENGTH}
     */
    ContentEncoder(Output out, boolean chunked, long declared) {
        this.out = out;
        this.chunked = chunked;
        this.declared = declared;
    }

    /** Returns how many octets may still be written. */
    public long room() {
        return declared == Content.UNKNOWN_LENGTH ? Long.MAX_VALUE : declared - written;
    }

    /**
     * Appends as much of the octets as is reasonable at once.
     *
     * @param src the content
     * @param from the first index in {@code src}
     * @param length how many octets, at least 1 and at most {@link #room()}
     * @return how many octets were taken, at least 1; the caller sends what is in the output and calls again
     */
    public int write(byte[] src, int from, int length) {
        int n;
        if (!chunked) {
            n = Math.min(length, CHUNK_MAX_BYTES);
            out.put(src, from, n);
        } else if (length < OWN_CHUNK_MIN_BYTES) {
            n = gather(src, from, length);
        } else {
            flush();
            n = Math.min(length, CHUNK_MAX_BYTES);
            chunk(src, from, n);
        }
        written += n;
        return n;
    }

    private int gather(byte[] src, int from, int length) {
        if (gathered == null) {
            gathered = new byte[OWN_CHUNK_MIN_BYTES];
        }
        int n = Math.min(length, gathered.length - gatheredLength);
        System.arraycopy(src, from, gathered, gatheredLength, n);
        gatheredLength += n;
        if (gatheredLength == gathered.length) {
            flush();
        }
        return n;
    }

    /** Appends what was gathered, if anything. */
    public void flush() {
        if (gatheredLength > 0) {
            chunk(gathered, 0, gatheredLength);
            gatheredLength = 0;
        }
    }

    /**
     * Appends the end.
     *
     * @param trailers what comes behind the last chunk; without chunks they are left out
     * @return false if less was written than the head has promised
     */
    boolean end(FieldSection trailers) {
        if (declared != Content.UNKNOWN_LENGTH && written < declared) {
            return false;
        }
        if (chunked) {
            flush();
            out.put(LAST_CHUNK, 0, LAST_CHUNK.length);
            byte[] dst = out.reserve(trailers.wireLength() + 2);
            out.written(ResponseEncoder.lineEnd(dst, trailers.writeTo(dst, out.end())));
        }
        return true;
    }

    private void chunk(byte[] src, int from, int length) {
        byte[] dst = out.reserve(SIZE_LINE_MAX_BYTES + length + 2);
        int at = out.end();
        int shift = 28 - (Integer.numberOfLeadingZeros(length) & ~3);
        for (; shift >= 0; shift -= 4) {
            dst[at++] = HEX[length >>> shift & 15];
        }
        at = ResponseEncoder.lineEnd(dst, at);
        System.arraycopy(src, from, dst, at, length);
        out.written(ResponseEncoder.lineEnd(dst, at + length));
    }
}
