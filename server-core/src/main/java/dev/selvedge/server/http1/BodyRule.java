package dev.selvedge.server.http1;

/**
 * Decides how a request's body is delimited: the one place for RFC 9112 §6.3, as a pure function.
 *
 * <p>Where the RFC leaves room the strict side is taken: Transfer-Encoding in HTTP/1.0 is refused; so are a repeated
 * Content-Length, even with the same value, and a list of equal values in it.
 *
 * <p>A decision is a number, so that none has to be allocated: a length, or one of the negative values below.
 */
final class BodyRule {

    /** There is no body. */
    static final long NONE = -1;

    /** The body is chunked. */
    static final long CHUNKED = -2;

    /** This value less a refusal's ordinal number. */
    private static final long REFUSED = -3;

    private static final Refusal[] REFUSALS = Refusal.values();

    /** What is known of the codings so far, as bits. */
    private static final int LAST_IS_CHUNKED = 1;
    private static final int HAS_UNKNOWN = 2;
    private static final int MALFORMED = 4;

    private static final FieldList.Reader CODINGS = BodyRule::readCoding;

    private BodyRule() { }

    /** Decides from the version and the fields, in the order of RFC 9112 §6.3. */
    static long decide(Version version, FieldParser fields, byte[] octets, int from) {
        boolean hasLength = fields.has(KnownField.CONTENT_LENGTH);
        boolean hasCoding = fields.has(KnownField.TRANSFER_ENCODING);
        if (hasCoding) {
            return version == Version.HTTP_1_0 ? refused(Refusal.TRANSFER_ENCODING)
                    : hasLength ? refused(Refusal.LENGTH_AND_CODING)
                    : decideCodings(FieldList.read(fields, KnownField.TRANSFER_ENCODING, octets, from, CODINGS));
        }
        if (hasLength) {
            int line = fields.firstLine(KnownField.CONTENT_LENGTH);
            return fields.repeats(KnownField.CONTENT_LENGTH) ? refused(Refusal.CONTENT_LENGTH)
                    : decideLength(octets, from + fields.valueFrom(line), from + fields.valueTo(line));
        }
        return NONE;
    }

    private static int readCoding(int known, byte[] octets, int from, int to) {
        boolean chunkedBefore = (known & LAST_IS_CHUNKED) != 0;
        int codings = known & ~LAST_IS_CHUNKED | (chunkedBefore ? MALFORMED : 0);
        boolean chunked = Octets.equalsIgnoreCase(octets, from, to, "chunked");
        return codings | (chunked ? LAST_IS_CHUNKED : HAS_UNKNOWN);
    }

    private static long decideCodings(int known) {
        return switch (known) {
            case LAST_IS_CHUNKED -> CHUNKED;
            case LAST_IS_CHUNKED | HAS_UNKNOWN -> refused(Refusal.CODING_NOT_SUPPORTED);
            default -> refused(Refusal.TRANSFER_ENCODING);
        };
    }

    /** One number of digits; leading zeros are valid; a number that no {@code long} can hold is too large a body. */
    private static long decideLength(byte[] octets, int from, int to) {
        long length = 0;
        boolean tooLarge = false;
        for (int at = from; at < to; at++) {
            if (!Octets.isDigit(octets[at])) {
                return refused(Refusal.CONTENT_LENGTH);
            }
            int digit = octets[at] - '0';
            tooLarge |= length > (Long.MAX_VALUE - digit) / 10;
            length = 10 * length + digit;
        }
        return from == to ? refused(Refusal.CONTENT_LENGTH) : tooLarge ? refused(Refusal.BODY_TOO_LARGE) : length;
    }

    private static long refused(Refusal refusal) {
        return REFUSED - refusal.ordinal();
    }

    /** Returns why a decision is to refuse, or null. */
    static Refusal refusal(long decision) {
        return decision > REFUSED ? null : REFUSALS[(int) (REFUSED - decision)];
    }

    /** Returns a decision as a value. */
    static Framing framing(long decision) {
        if (decision >= 0) {
            return new Framing.Length(decision);
        }
        Refusal refusal = refusal(decision);
        return decision == NONE ? Framing.NONE : refusal == null ? Framing.CHUNKED : new Framing.Refused(refusal);
    }
}
