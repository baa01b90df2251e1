package dev.selvedge.server.fake.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Locale;

/**
 * Finds out where the messages of one direction begin and end, and what their parts are (RFC 9112 §6, §7.1), while
 * their octets pass. It looks at as little as it must: what a head means otherwise is the server's business.
 *
 * <pre>
 *            first octet      empty line              Content-Length
 *   START ──────────────▶ HEAD ────────┬────────────▶ BODY ────────────────────▶ START
 *     ▲                                │ chunked
 *     │ no body                        ├────────────▶ CHUNK_LINE ⇄ CHUNK_DATA
 *     ├────────────────────────────────┤                  │ size 0
 *     │                                │                  └──────▶ TRAILERS ───▶ START
 *     │                                │ a response without either
 *     │                                └────────────▶ UNTIL_END, to the end of the connection
 *     └── LOST: a framing that can't be read; it knows nothing any more
 * </pre>
 */
final class MessageScanner {

    /** What the next octet belongs to. */
    enum Part { START, HEAD, BODY, CHUNK_LINE, CHUNK_DATA, TRAILERS, UNTIL_END, LOST }

    private static final int MAX_LINES_OCTETS = 1 << 20;

    /** So many fit into a long, decimal or hexadecimal. */
    private static final int MAX_DIGITS = 15;

    private final boolean requests;
    private Part part = Part.START;
    /** The head or the chunk line up to now. */
    private OctetLog lines = new OctetLog(MAX_LINES_OCTETS);
    /** How many octets the current line has, and whether the first one is a CR. */
    private long lineLength;
    private boolean lineIsCr;
    /** How many octets of the body or the chunk are to come, with the line end behind a chunk. */
    private long left;
    private long bodyOctets;
    private int chunks;
    private boolean headRequest;
    private boolean bodiless;

    private MessageScanner(boolean requests) {
        this.requests = requests;
    }

    static MessageScanner ofRequests() {
        return new MessageScanner(true);
    }

    static MessageScanner ofResponses() {
        return new MessageScanner(false);
    }

    Part part() {
        return part;
    }

    boolean atStart() {
        return part == Part.START;
    }

    /** Returns whether the next octet is the first one behind a head, and of the same message. */
    boolean atBodyStart() {
        return bodyOctets == 0 && (part == Part.BODY || part == Part.CHUNK_LINE || part == Part.UNTIL_END);
    }

    /** Returns whether the next octet begins a chunk. */
    boolean atChunkStart() {
        return part == Part.CHUNK_LINE && lines.length() == 0;
    }

    /** Returns how many chunks of this message have begun. */
    int chunks() {
        return chunks;
    }

    /** Returns whether the last request whose head was seen has the method HEAD. */
    boolean headRequest() {
        return headRequest;
    }

    /** Says that the next response has no body, whatever its head says: it answers HEAD. */
    void bodiless(boolean answersHead) {
        bodiless = answersHead;
    }

    /**
     * Returns how many of the octets belong to the same part, beginning with the first one.
     *
     * @param length how many there are, at least 1
     * @return at least 1
     */
    int span(byte[] src, int from, int length) {
        return switch (part) {
            case START -> isEmptyLine(src[from]) ? 1 : sectionEnd(src, from, length);
            case HEAD, TRAILERS -> sectionEnd(src, from, length);
            case BODY, CHUNK_DATA -> (int) Math.min(left, length);
            case CHUNK_LINE -> lineEnd(src, from, length);
            case UNTIL_END, LOST -> length;
        };
    }

    /** Returns whether an octet between messages belongs to none: an empty line before a request (RFC 9112 §2.2). */
    boolean isEmptyLine(byte octet) {
        return requests && part == Part.START && (octet == '\r' || octet == '\n');
    }

    /** Goes on behind some octets, at most those of one {@link #span}. */
    void advance(byte[] src, int from, int length) {
        switch (part) {
            case START -> {
                if (!isEmptyLine(src[from])) {
                    part = Part.HEAD;
                    bodyOctets = 0;
                    chunks = 0;
                    inHead(src, from, length);
                }
            }
            case HEAD -> inHead(src, from, length);
            case BODY -> {
                bodyOctets += length;
                left -= length;
                if (left == 0) {
                    part = Part.START;
                }
            }
            case CHUNK_LINE -> inChunkLine(src, from, length);
            case CHUNK_DATA -> {
                left -= length;
                if (left == 0) {
                    part = Part.CHUNK_LINE;
                }
            }
            case TRAILERS -> {
                if (sectionEnds(src, from, length)) {
                    part = Part.START;
                }
            }
            case UNTIL_END -> bodyOctets += length;
            case LOST -> { }
        }
    }

    private void inHead(byte[] src, int from, int length) {
        lines.add(src, from, length);
        if (sectionEnds(src, from, length)) {
            String head = takeLines();
            part = requests ? behindRequest(head) : behindResponse(head);
        } else if (lines.length() > MAX_LINES_OCTETS) {
            part = Part.LOST;
        }
    }

    private Part behindRequest(String head) {
        headRequest = head.startsWith("HEAD ");
        return behindHead(head, Part.START);
    }

    private Part behindResponse(String head) {
        boolean interim = head.startsWith("1", 9);
        boolean without = interim || bodiless || head.startsWith("204", 9) || head.startsWith("304", 9);
        return without ? Part.START : behindHead(head, Part.UNTIL_END);
    }

    /** Answers what comes behind a head with these lines, or {@code unframed} if they do not say. */
    private Part behindHead(String head, Part unframed) {
        String length = null;
        boolean chunked = false;
        for (String line : head.lines().toList()) {
            int colon = line.indexOf(':');
            String value = line.substring(colon + 1).strip();
            switch (line.substring(0, Math.max(colon, 0)).toLowerCase(Locale.ROOT)) {
                case "content-length" -> length = value;
                case "transfer-encoding" -> chunked = value.toLowerCase(Locale.ROOT).endsWith("chunked");
                default -> { }
            }
        }
        if (chunked) {
            return Part.CHUNK_LINE;
        }
        if (length == null) {
            return unframed;
        }
        left = number(length, 10);
        return left < 0 ? Part.LOST : left == 0 ? Part.START : Part.BODY;
    }

    private void inChunkLine(byte[] src, int from, int length) {
        bodyOctets += length;
        if (lines.length() == 0) {
            chunks++;
        }
        lines.add(src, from, length);
        if (src[from + length - 1] != '\n') {
            part = lines.length() > MAX_LINES_OCTETS ? Part.LOST : Part.CHUNK_LINE;
            return;
        }
        String line = takeLines();
        int extensions = line.indexOf(';');
        long size = number(line.substring(0, extensions < 0 ? line.length() : extensions).strip(), 16);
        left = size + 2;
        part = size < 0 ? Part.LOST : size == 0 ? Part.TRAILERS : Part.CHUNK_DATA;
    }

    /** Returns a number, or -1 if these are no digits, or too many. */
    private static long number(String digits, int radix) {
        boolean readable = !digits.isEmpty() && digits.length() <= MAX_DIGITS
                && digits.chars().allMatch(each -> Character.digit(each, radix) >= 0);
        return readable ? Long.parseLong(digits, radix) : -1;
    }

    private String takeLines() {
        String text = new String(lines.octets(), ISO_8859_1);
        lines = new OctetLog(MAX_LINES_OCTETS);
        return text;
    }

    // ---- sections, which end with an empty line

    /** Returns how many of the octets there are up to the end of the section. */
    private int sectionEnd(byte[] src, int from, int length) {
        long inLine = lineLength;
        boolean isCr = lineIsCr;
        for (int i = 0; i < length; i++) {
            byte octet = src[from + i];
            if (octet == '\n' && (inLine == 0 || inLine == 1 && isCr)) {
                return i + 1;
            }
            isCr = inLine == 0 && octet == '\r';
            inLine = octet == '\n' ? 0 : inLine + 1;
        }
        return length;
    }

    /** Takes up the octets; answers whether the section ends with them. */
    private boolean sectionEnds(byte[] src, int from, int length) {
        for (int i = 0; i < length; i++) {
            byte octet = src[from + i];
            if (octet == '\n' && (lineLength == 0 || lineLength == 1 && lineIsCr)) {
                lineLength = 0;
                lineIsCr = false;
                return true;
            }
            lineIsCr = lineLength == 0 && octet == '\r';
            lineLength = octet == '\n' ? 0 : lineLength + 1;
        }
        return false;
    }

    private static int lineEnd(byte[] src, int from, int length) {
        for (int i = 0; i < length; i++) {
            if (src[from + i] == '\n') {
                return i + 1;
            }
        }
        return length;
    }
}
