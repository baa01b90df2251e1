package dev.selvedge.server.http1;

import java.util.Arrays;

/**
 * Takes the chunked coding off a body that arrives cut anywhere (RFC 9112 §7.1).
 *
 * <p>Allocates nothing, unless there are trailers.
 *
 * <pre>
 *   SIZE_START ─hex─&gt; SIZE ────────CR────────&gt; SIZE_FEED ─LF─&gt; DATA ──&gt; DATA_END ─CR─&gt; DATA_FEED
 *       ^              │ ';', white space        ^ │                                           │
 *       │              └──────&gt; EXTENSION ───CR──┘ │ LF, size 0                                │ LF
 *       │                 (see ChunkExtensions)    v                                           │
 *       │                                    TRAILER_START ─CR─&gt; LAST_FEED ─LF─&gt; ENDED         │
 *       │                                          └─other─&gt; TRAILERS ────────────^            │
 *       │                                                (see FieldParser)                     │
 *       └──────────────────────────────────────────────────────────────────────────────────────┘
 * </pre>
 *
 * <p>Refused, where the RFC leaves room: a bare CR or LF anywhere, white space before a size, behind a size without
 * extension and at the end of an extension, sizes beyond 63 bits, and extensions and trailers that are malformed.
 * A chunk with which the body would be too large is refused as soon as its size is known. Trailers are kept apart from
 * the header fields and mean nothing to the protocol; the fields that would, had they come in time (Host,
 * Content-Length, Transfer-Encoding, Connection, Expect, Trailer), are dropped, so that nobody is misled by them.
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

    private enum Phase {
        SIZE_START, SIZE, EXTENSION, SIZE_FEED, DATA, DATA_END, DATA_FEED, TRAILER_START, TRAILERS, LAST_FEED, ENDED,
        REFUSED
    }

    /** What the extensions of all chunks may have together, in units of what those of one may have. */
    private static final int ALLOWANCE = 16;

    /** Digits that a size may have without being a burden; leading zeros beyond them count as extension. */
    private static final int FREE_DIGITS = 16;

    private static final int TRAILER_BYTES_AT_FIRST = 256;

    private final int maxExtensionBytes;
    private final HeadLimits trailerLimits;
    private final ChunkExtensions extensions = new ChunkExtensions();

    private Phase phase = Phase.SIZE_START;
    private Refusal refusal;
    private long maxBodyBytes = Long.MAX_VALUE;
    private long remaining;
    private long bodyBytes;
    private long overheadBytes;
    private int lineBytes;
    private int digits;
    private int consumed;
    private int produced;

    private FieldParser trailerParser;
    private byte[] trailerBytes;
    private int trailerLength;
    private int trailerBytesTaken;
    private FieldSection trailers = FieldSection.EMPTY;

    /**
     * Makes a decoder for one body.
     *
     * @param maxExtensionBytes octets of extensions for one chunk; all chunks of a body together may have 16 times
     *     that, and one more for every 16 octets of the body
     * @param trailerLimits limits of the trailer section; its request line limit does not matter
     */
    public ChunkedDecoder(int maxExtensionBytes, HeadLimits trailerLimits) {
        this.maxExtensionBytes = maxExtensionBytes;
        this.trailerLimits = trailerLimits;
    }

    /** Limits the content; a body that would have more octets is refused with {@link Refusal#BODY_TOO_LARGE}. */
    void limit(long maxBodyBytes) {
        this.maxBodyBytes = maxBodyBytes;
    }

    /**
     * Decodes what it can. It goes on behind the last octet of the body to see its end, even when there is no room.
     *
     * @param src coded bytes in {@code [from, to)}
     * @param dst takes the body's octets in {@code [at, limit)}; may be {@code src} itself only if {@code at <= from}
     */
    public Result decode(byte[] src, int from, int to, byte[] dst, int at, int limit) {
        assert src != dst || at <= from : at + " > " + from;
        Phase phase = this.phase;
        int position = from;
        int put = at;
        while (position < to && phase != Phase.ENDED && phase != Phase.REFUSED) {
            if (phase == Phase.DATA) {
                int length = (int) Math.min(remaining, Math.min(to - position, limit - put));
                if (length == 0) {
                    return answer(Result.NEED_ROOM, phase, position - from, put - at);
                }
                System.arraycopy(src, position, dst, put, length);
                position += length;
                put += length;
                remaining -= length;
                bodyBytes += length;
                if (remaining == 0) {
                    phase = Phase.DATA_END;
                }
            } else if (phase == Phase.TRAILERS) {
                phase = takeTrailers(src, position, to);
                position += trailerBytesTaken;
            } else if (phase == Phase.TRAILER_START && src[position] != Octets.CR) {
                phase = beginTrailers();
            } else {
                phase = step(phase, src[position++]);
            }
        }
        Result result = phase == Phase.ENDED ? Result.END : phase == Phase.REFUSED ? Result.REFUSED : Result.NEED_INPUT;
        return answer(result, phase, position - from, put - at);
    }

    private Result answer(Result result, Phase phase, int consumed, int produced) {
        this.phase = phase;
        this.consumed = consumed;
        this.produced = produced;
        return result;
    }

    /** Takes an octet of the framing, and returns the phase behind it. */
    private Phase step(Phase phase, byte octet) {
        return switch (phase) {
            case SIZE_START -> Octets.isHex(octet) ? beginSize(octet) : refuse(Refusal.CHUNK);
            case SIZE -> Octets.isHex(octet) ? takeDigit(octet)
                    : octet == Octets.CR ? Phase.SIZE_FEED : takeExtension(octet);
            case EXTENSION -> octet == Octets.CR && extensions.mayEnd() ? Phase.SIZE_FEED : takeExtension(octet);
            case SIZE_FEED -> octet != Octets.LF ? refuse(Refusal.CHUNK)
                    : remaining == 0 ? Phase.TRAILER_START
                    : remaining > maxBodyBytes - bodyBytes ? refuse(Refusal.BODY_TOO_LARGE) : Phase.DATA;
            case DATA_END -> octet == Octets.CR ? Phase.DATA_FEED : refuse(Refusal.CHUNK);
            case DATA_FEED -> octet == Octets.LF ? Phase.SIZE_START : refuse(Refusal.CHUNK);
            case TRAILER_START -> Phase.LAST_FEED;
            case LAST_FEED -> octet == Octets.LF ? Phase.ENDED : refuse(Refusal.CHUNK);
            case DATA, TRAILERS, ENDED, REFUSED -> throw new AssertionError(phase);
        };
    }

    private Phase refuse(Refusal why) {
        refusal = why;
        return Phase.REFUSED;
    }

    private Phase beginSize(byte octet) {
        remaining = 0;
        digits = 0;
        lineBytes = 0;
        extensions.begin();
        return takeDigit(octet);
    }

    private Phase takeDigit(byte octet) {
        if (remaining > Long.MAX_VALUE >>> 4) {
            return refuse(Refusal.CHUNK);
        }
        remaining = remaining << 4 | Octets.hexValue(octet);
        if (digits == FREE_DIGITS) {
            return burden() ? Phase.SIZE : refuse(Refusal.CHUNK_EXTENSION_TOO_LARGE);
        }
        digits++;
        return Phase.SIZE;
    }

    private Phase takeExtension(byte octet) {
        return !extensions.take(octet) ? refuse(Refusal.CHUNK)
                : burden() ? Phase.EXTENSION : refuse(Refusal.CHUNK_EXTENSION_TOO_LARGE);
    }

    /** Counts an octet that is neither data nor needed for it, and returns whether that is still bearable. */
    private boolean burden() {
        lineBytes++;
        overheadBytes++;
        return lineBytes <= maxExtensionBytes
                && overheadBytes <= (long) ALLOWANCE * maxExtensionBytes + bodyBytes / ALLOWANCE;
    }

    private Phase beginTrailers() {
        trailerParser = new FieldParser(trailerLimits);
        trailerParser.begin();
        trailerBytes = new byte[TRAILER_BYTES_AT_FIRST];
        return Phase.TRAILERS;
    }

    /** Takes octets of the trailer section, and returns the phase behind them. */
    private Phase takeTrailers(byte[] src, int from, int to) {
        int before = trailerLength;
        int length = Math.min(to - from, trailerLimits.maxFieldSectionBytes() + 2 - before);
        if (before + length > trailerBytes.length) {
            trailerBytes = Arrays.copyOf(trailerBytes, Math.max(before + length, 2 * trailerBytes.length));
        }
        System.arraycopy(src, from, trailerBytes, before, length);
        trailerLength += length;
        int end = trailerParser.parse(trailerBytes, 0, trailerLength);
        trailerBytesTaken = end > 0 ? end - before : length;
        return switch (end) {
            case FieldParser.INCOMPLETE -> Phase.TRAILERS;
            case FieldParser.REFUSED ->
                refuse(isTooLarge(trailerParser.refusal()) ? Refusal.TRAILERS_TOO_LARGE : Refusal.TRAILER);
            default -> {
                trailers = trailerParser.sectionWithoutKnownFields(Arrays.copyOf(trailerBytes, end));
                yield Phase.ENDED;
            }
        };
    }

    private static boolean isTooLarge(Refusal refusal) {
        return refusal == Refusal.HEAD_TOO_LARGE || refusal == Refusal.TOO_MANY_FIELDS;
    }

    /** Returns how many octets of the input the last call used. */
    public int consumed() {
        return consumed;
    }

    /** Returns how many octets of the body the last call made. */
    public int produced() {
        return produced;
    }

    /** Returns why, after {@link Result#REFUSED}. */
    public Refusal refusal() {
        return refusal;
    }

    /** Returns the trailer fields, after {@link Result#END}; without any, {@link FieldSection#EMPTY}. */
    public FieldSection trailers() {
        return trailers;
    }
}
