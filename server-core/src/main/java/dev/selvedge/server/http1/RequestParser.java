package dev.selvedge.server.http1;

import java.util.Arrays;

/**
 * Finds the end of a request head in bytes that arrive cut anywhere, and refuses what the grammar does not allow.
 *
 * <p>It resumes where it stopped, and allocates nothing until {@link #head} is asked for (but when a head has more
 * fields than any before). However the bytes are cut, an octet is searched once, or twice if its line did not come
 * whole. Fields that are those of the last head once more, octet for octet, are not parsed again. Offsets are relative
 * to the head's first octet, so the bytes may move between calls.
 *
 * <pre>
 *                token             SP             SP               CRLF                     empty line
 *   EMPTY_LINES ───────&gt; METHOD ───────&gt; TARGET ───────&gt; VERSION ───────&gt; SECTION ──────&gt; FIELDS ──────&gt; head
 *     │   ^                                                                 │   (see FieldParser)     ^
 *     └───┘ CRLF, at most {@value #MAX_EMPTY_LINES} times                                 └─────────────────────────┘
 *                                                                        the last section once more
 * </pre>
 *
 * <p>A refusal is decided by the first octet that can't be right, however the bytes are cut and whatever follows it.
 * The rules that need the whole header section (Host, framing, Expect) come last, in this order.
 */
public final class RequestParser {

    /** The answer of {@link #parse} when more bytes are needed. */
    public static final int INCOMPLETE = 0;

    /** The answer of {@link #parse} when the request is refused. */
    public static final int REFUSED = -1;

    /** How many empty lines may stand before a request line (RFC 9112 §2.2): one would do, an endless run would not. */
    static final int MAX_EMPTY_LINES = 16;

    /** The longest method that is read to its end; the longest registered one has 17 octets. */
    static final int MAX_METHOD_BYTES = 32;

    /** A longer section is not remembered, so that not much is held. */
    private static final int REMEMBERED_MAX_BYTES = 4096;

    private static final int LINE_END_BYTES = 2;
    private static final int VERSION_BYTES = 8;
    private static final int MAJOR_AT = 5;
    private static final int MINOR_AT = 7;

    /** {@code GET} and a space, the most usual beginning, as four octets of one number. */
    private static final int GET = 0x2054_4547;

    /** {@code HTTP/1.1} as the eight octets of one word. */
    private static final long HTTP_1_1 = 0x312E_312F_5054_5448L;

    // Phases are numbers, not an enum: to store a reference costs a barrier of the garbage collector each time.
    private static final byte EMPTY_LINES = 0;
    private static final byte METHOD = 1;
    private static final byte TARGET = 2;
    private static final byte VERSION = 3;
    private static final byte SECTION = 4;
    private static final byte FIELDS = 5;
    private static final byte BROKEN = 6;

    private final HeadLimits limits;
    private final boolean needsHost;
    private final RequestTarget target = new RequestTarget();
    private final LastHost lastHost = new LastHost();

    private final FieldParser fields;

    /** The section of the last head, which may come once more; null if there is none, or it was long. */
    private HeaderSection section;

    private byte phase = EMPTY_LINES;
    private boolean isHttp10;
    private Refusal refusal;
    private long body;
    private int length;
    private char reached;
    private char lineFrom;
    private char partFrom;
    private boolean expectsContinue;

    /** Makes a parser, which can be used for one head after another. */
    public RequestParser(HeadLimits limits) {
        this(limits, true);
    }

    private RequestParser(HeadLimits limits, boolean needsHost) {
        this.limits = limits;
        this.needsHost = needsHost;
        this.fields = new FieldParser(limits);
    }

    /** Makes a parser for heads that were made in this program, where Host may be missing. */
    static RequestParser forMadeHeads(HeadLimits limits) {
        return new RequestParser(limits, false);
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
        assert length == 0 : "head or reset is to be called first";
        if (phase == EMPTY_LINES && !passEmptyLines(bytes, from, to)
                || phase == METHOD && !passMethod(bytes, from, to)
                || phase == TARGET && !passTarget(bytes, from, to)
                || phase == VERSION && !passVersion(bytes, from, to)
                || phase == BROKEN) {
            return phase == BROKEN ? REFUSED : INCOMPLETE;
        }
        if (phase == SECTION && passLastSection(bytes, from, to)) {
            return length;
        }
        int end = fields.parse(bytes, from + partFrom, to);
        return switch (end) {
            case FieldParser.INCOMPLETE -> INCOMPLETE;
            case FieldParser.REFUSED -> answerTo(fields.refusal());
            default -> {
                Refusal wrong = decideFields(bytes, from + partFrom);
                length = wrong == null ? partFrom + end : 0;
                yield wrong == null ? length : answerTo(wrong);
            }
        };
    }

    private int answerTo(Refusal wrong) {
        refuse(wrong);
        return REFUSED;
    }

    /** Refuses the request; false, so that a phase can end with it. */
    private boolean refuse(Refusal wrong) {
        refusal = wrong;
        phase = BROKEN;
        return false;
    }

    /** Stops where the bytes end; false, so that a phase can end with it. */
    private boolean suspend(int offset) {
        reached = (char) offset;
        return false;
    }

    private boolean enter(byte next, int offset) {
        phase = next;
        reached = (char) offset;
        partFrom = (char) offset;
        return true;
    }

    private boolean passEmptyLines(byte[] bytes, int from, int to) {
        int at = from + reached;
        while (at < to && bytes[at] == Octets.CR) {
            if (at - from == LINE_END_BYTES * MAX_EMPTY_LINES) {
                return refuse(Refusal.LINE_END);
            }
            if (at + 1 == to) {
                return suspend(at - from);
            }
            if (bytes[at + 1] != Octets.LF) {
                return refuse(Refusal.LINE_END);
            }
            at += LINE_END_BYTES;
        }
        if (at == to) {
            return suspend(at - from);
        }
        lineFrom = (char) (at - from);
        return enter(METHOD, at - from);
    }

    private boolean passMethod(byte[] bytes, int from, int to) {
        int first = from + lineFrom;
        if (to - first >= Integer.BYTES && Octets.quad(bytes, first) == GET) {
            target.begin();
            return enter(TARGET, lineFrom + Integer.BYTES);
        }
        int tooFar = first + Math.min(MAX_METHOD_BYTES, limits.maxRequestLineBytes()) + 1;
        int at = Octets.endOfToken(bytes, from + reached, Math.min(to, tooFar));
        if (at == tooFar) {
            return refuse(Refusal.METHOD_TOO_LONG);
        }
        if (at == to) {
            return suspend(at - from);
        }
        if (bytes[at] != Octets.SP || at == first) {
            return refuse(isLineStructure(bytes[at]) ? lineRefusal(bytes[at]) : Refusal.METHOD);
        }
        if (at - first >= limits.maxRequestLineBytes()) {
            return refuse(Refusal.TARGET_TOO_LONG); // the method has left no room for any
        }
        target.begin();
        return enter(TARGET, at + 1 - from);
    }

    private boolean passTarget(byte[] bytes, int from, int to) {
        int first = from + partFrom;
        int end = Math.min(to, from + lineFrom + limits.maxRequestLineBytes());
        int at = target.scan(bytes, from, from + reached, end);
        if (at >= end) {
            return at < to ? refuse(Refusal.TARGET_TOO_LONG) : suspend(at - from);
        }
        if (bytes[at] != Octets.SP || at == first) {
            return refuse(isLineStructure(bytes[at]) ? lineRefusal(bytes[at]) : Refusal.TARGET);
        }
        Refusal wrong = target.decide(bytes, from, from + lineFrom, first, at);
        return wrong == null ? enter(VERSION, at + 1 - from) : refuse(wrong);
    }

    /** An octet that shapes the line rather than a part of it. */
    private static boolean isLineStructure(byte octet) {
        return octet == Octets.SP || octet == Octets.CR || octet == Octets.LF;
    }

    private static Refusal lineRefusal(byte octet) {
        return octet == Octets.LF ? Refusal.LINE_END : Refusal.REQUEST_LINE;
    }

    private boolean passVersion(byte[] bytes, int from, int to) {
        int first = from + partFrom;
        int limit = from + lineFrom + limits.maxRequestLineBytes();
        int behind = first + VERSION_BYTES + LINE_END_BYTES;
        if (behind <= to && behind - LINE_END_BYTES <= limit && Octets.word(bytes, first) == HTTP_1_1
                && bytes[behind - 2] == Octets.CR && bytes[behind - 1] == Octets.LF) {
            isHttp10 = false;
        } else {
            for (int at = from + reached; at < behind; at++) {
                if (at == to) {
                    return suspend(at - from);
                }
                Refusal wrong = checkVersion(bytes[at], at - first, at >= limit);
                if (wrong != null) {
                    return refuse(wrong);
                }
            }
            if (bytes[first + MAJOR_AT] != '1') {
                return refuse(Refusal.VERSION_NOT_SUPPORTED);
            }
            isHttp10 = bytes[first + MINOR_AT] == '0';
        }
        return enter(SECTION, behind - from);
    }

    /** Passes over the last section if it comes again, and whole; else begins to parse, also what is cut. */
    private boolean passLastSection(byte[] bytes, int from, int to) {
        int octets = section == null ? 0 : section.lengthAt(bytes, from + partFrom, to, isHttp10);
        if (octets > 0) {
            length = partFrom + octets;
            return true;
        }
        fields.begin();
        enter(FIELDS, partFrom);
        return false;
    }

    /** Checks one octet of {@code HTTP/d.d CRLF} and returns null or what is wrong with it. */
    private static Refusal checkVersion(byte octet, int index, boolean beyondLimit) {
        if (index < VERSION_BYTES && beyondLimit) {
            return Refusal.TARGET_TOO_LONG;
        }
        boolean right = switch (index) {
            case MAJOR_AT, MINOR_AT -> Octets.isDigit(octet);
            case VERSION_BYTES -> octet == Octets.CR;
            case VERSION_BYTES + 1 -> octet == Octets.LF;
            default -> octet == (byte) (HTTP_1_1 >>> Byte.SIZE * index);
        };
        if (right) {
            return null;
        }
        boolean bareCr = index > VERSION_BYTES;
        boolean noVersion = index == 0 && isLineStructure(octet);
        boolean fourthPart = index == VERSION_BYTES && Octets.isWhite(octet);
        return bareCr || octet == Octets.LF ? Refusal.LINE_END
                : noVersion || fourthPart ? Refusal.REQUEST_LINE : Refusal.VERSION;
    }

    /** Applies the rules that need the whole section, and returns null or which one is broken. */
    private Refusal decideFields(byte[] bytes, int from) {
        Version version = version();
        Refusal wrong = decideHost(bytes, from);
        if (wrong != null) {
            return wrong;
        }
        body = BodyRule.decide(version, fields, bytes, from);
        wrong = BodyRule.refusal(body);
        if (wrong != null) {
            return wrong;
        }
        int expected = ExpectRule.decide(version, fields, bytes, from);
        boolean hasBody = body > 0 || body == BodyRule.CHUNKED;
        expectsContinue = expected == ExpectRule.CONTINUE && hasBody;
        return expected == ExpectRule.CONTINUE || expected == ExpectRule.NOTHING ? null : Refusal.EXPECTATION;
    }

    /** One Host, in 1.1 also with an absolute-form target; none is needed in 1.0 (RFC 9112 §3.2). */
    private Refusal decideHost(byte[] bytes, int from) {
        if (!fields.has(KnownField.HOST)) {
            return needsHost && version() == Version.HTTP_1_1 ? Refusal.HOST_MISSING : null;
        }
        if (fields.repeats(KnownField.HOST)) {
            return Refusal.HOST_REPEATED;
        }
        int line = fields.firstLine(KnownField.HOST);
        return lastHost.isValid(bytes, from + fields.valueFrom(line), from + fields.valueTo(line))
                ? null : Refusal.HOST;
    }

    private Version version() {
        return isHttp10 ? Version.HTTP_1_0 : Version.HTTP_1_1;
    }

    /** Returns why the request is refused, after {@link #REFUSED}. */
    public Refusal refusal() {
        return refusal;
    }

    /**
     * Returns the head that was parsed, as a value with its own copy of the octets; a section that has come whole and
     * is the last one once more is shared with that. The parser is then ready for the next head.
     *
     * @param bytes the bytes of the last call of {@link #parse}, which answered with a length
     * @param from the index of the head's first octet
     * @return the head
     */
    public RequestHead head(byte[] bytes, int from) {
        assert length > 0 : "parse has not answered with a length";
        HeaderSection received = phase == SECTION ? section
                : new HeaderSection(Arrays.copyOfRange(bytes, from + partFrom, from + length), fields, version(),
                        BodyRule.framing(body), expectsContinue);
        RequestHead head =
                new RequestHead(Arrays.copyOfRange(bytes, from, from + partFrom), lineFrom, target, received);
        section = received.length() <= REMEMBERED_MAX_BYTES ? received : null;
        reset();
        return head;
    }

    /** Returns whether nothing but empty lines has been seen since the last head: no request has begun. */
    public boolean idle() {
        return phase == EMPTY_LINES;
    }

    /** Returns the section that is remembered, of the last head; null if there is none, or it was long. */
    HeaderSection section() {
        return section;
    }

    /** Takes over the section of a head that another parser may have parsed; null for none. */
    void remember(HeaderSection last) {
        section = last;
    }

    /** Forgets the head that has begun, for another connection. */
    public void reset() {
        phase = EMPTY_LINES;
        reached = 0;
        length = 0;
    }
}
