package dev.selvedge.server.http1;

import java.util.Arrays;

/**
 * Parses field lines up to the empty line behind them (RFC 9112 §5): for header sections and for trailers.
 *
 * <pre>
 *                 token octet          ':'                  other               CR
 *   LINE_START ──────────&gt; NAME ───────────&gt; WHITE_SPACE ───────────&gt; VALUE ────────&gt; LINE_FEED
 *     │    ^                                                                              │
 *     │    └────────────────────────────────────── LF ────────────────────────────────────┘
 *     │ CR              LF
 *     └──────&gt; LAST_FEED ──────&gt; the end
 * </pre>
 *
 * <p>Every other octet is refused where it stands; a line end is nothing but CRLF. It resumes where it stopped.
 * Offsets are relative to the section's first octet, so the bytes may move between calls.
 *
 * <p>Most lines come whole and look like {@code Name: value}. {@link #passOrdinaryLines} takes them in one go, and
 * leaves all others, good or bad, to the state machine.
 */
final class FieldParser {

    /** The answer of {@link #parse} when more bytes are needed. */
    static final int INCOMPLETE = 0;

    /** The answer of {@link #parse} when the section is refused. */
    static final int REFUSED = -1;

    private static final int LINES_AT_FIRST = 16;

    // Phases are numbers, not an enum: to store a reference costs a barrier of the garbage collector each time.
    private static final byte LINE_START = 0;
    private static final byte NAME = 1;
    private static final byte WHITE_SPACE = 2;
    private static final byte VALUE = 3;
    private static final byte LINE_FEED = 4;
    private static final byte LAST_FEED = 5;

    private final HeadLimits limits;
    private final char[] firstLines = new char[KnownField.COUNT];
    private long[] marks;
    private Refusal refusal;
    private char reached;
    private char size;
    private byte phase;
    private byte seen;
    private byte repeated;

    // The line that is not yet complete, as far as its phase tells.
    private char nameFrom;
    private char nameTo;
    private char valueFrom;

    FieldParser(HeadLimits limits) {
        this.limits = limits;
        this.marks = new long[Math.min(LINES_AT_FIRST, limits.maxFields())];
    }

    /** Begins with another section. */
    void begin() {
        phase = LINE_START;
        reached = 0;
        size = 0;
        seen = 0;
        repeated = 0;
    }

    /**
     * Goes on parsing.
     *
     * @param from the index of the section's first octet
     * @param to the index behind the last octet that has come
     * @return the offset behind the empty line that ends the section; {@link #INCOMPLETE}; or {@link #REFUSED}
     */
    int parse(byte[] bytes, int from, int to) {
        int end = Math.min(to, from + limits.maxFieldSectionBytes());
        int at = from + reached;
        while (true) {
            if (phase == LINE_START) {
                at = passOrdinaryLines(bytes, from, at, end);
                if (at < to && bytes[at] == Octets.CR) {
                    phase = LAST_FEED;
                    at++;
                }
            }
            if (phase == LAST_FEED) {
                return at == to ? suspend(at - from)
                        : bytes[at] == Octets.LF ? at + 1 - from : refuse(Refusal.LINE_END);
            }
            if (at >= end) {
                return at < to ? refuse(Refusal.HEAD_TOO_LARGE) : suspend(at - from);
            }
            at = step(bytes, from, at, end);
            if (at == REFUSED) {
                return REFUSED;
            }
        }
    }

    /**
     * Passes over lines that are whole and plain: a name, colon and one space, a value of visible ASCII that may have
     * spaces within, CRLF.
     *
     * @return the index of the first line that is something else
     */
    private int passOrdinaryLines(byte[] bytes, int from, int at, int end) {
        int count = size;
        long origin = FieldSection.mark(from, from, from, from);
        while (count < marks.length) {
            int colon = Octets.endOfToken(bytes, at, end);
            if (colon == at || end - colon < Integer.BYTES || !beginsValue(Octets.quad(bytes, colon))) {
                break;
            }
            int value = colon + 2;
            int valueEnd = Octets.endOfPlainText(bytes, value, end);
            if (end - valueEnd < 2 || !endsValue(Octets.quad(bytes, valueEnd - 2))) {
                break;
            }
            KnownField field = KnownField.of(bytes, at, colon);
            if (field != null) {
                note(field, count);
            }
            marks[count++] = FieldSection.mark(at, colon, value, valueEnd) - origin;
            at = valueEnd + 2;
        }
        size = (char) count;
        return at;
    }

    /** Returns whether four octets, the first one lowest, are colon, space, something else than a space, and any. */
    private static boolean beginsValue(int quad) {
        return (quad & 0xFFFF) == (Octets.SP << 8 | ':') && (quad >> 16 & 0xFF) != Octets.SP;
    }

    /** Returns whether four octets, the first one lowest, are any, something else than a space, and CRLF. */
    private static boolean endsValue(int quad) {
        return quad >>> 16 == (Octets.LF << 8 | Octets.CR) && (quad >> 8 & 0xFF) != Octets.SP;
    }

    /** Goes on within one line, from one phase to the next, and returns the index reached or {@link #REFUSED}. */
    private int step(byte[] bytes, int from, int at, int end) {
        switch (phase) {
            case LINE_START -> {
                return beginLine(bytes[at], at - from) ? at : REFUSED;
            }
            case NAME -> {
                int colon = Octets.endOfToken(bytes, at, end);
                return colon == end || endName(bytes[colon], colon - from) ? Math.min(colon + 1, end) : REFUSED;
            }
            case WHITE_SPACE -> {
                if (Octets.isWhite(bytes[at])) {
                    return at + 1;
                }
                valueFrom = (char) (at - from);
                phase = VALUE;
                return at;
            }
            case VALUE -> {
                int valueEnd = Octets.endOfFieldContent(bytes, at, end);
                if (valueEnd == end) {
                    return end;
                }
                if (bytes[valueEnd] != Octets.CR) {
                    return refuse(bytes[valueEnd] == Octets.LF ? Refusal.LINE_END : Refusal.FIELD_VALUE);
                }
                phase = LINE_FEED;
                return valueEnd + 1;
            }
            default -> {
                return bytes[at] == Octets.LF ? endLine(bytes, from, at) : refuse(Refusal.LINE_END);
            }
        }
    }

    private int suspend(int offset) {
        reached = (char) offset;
        return INCOMPLETE;
    }

    private int refuse(Refusal wrong) {
        refusal = wrong;
        return REFUSED;
    }

    private boolean beginLine(byte octet, int offset) {
        if (size == limits.maxFields()) {
            refusal = Refusal.TOO_MANY_FIELDS;
            return false;
        }
        if (!Octets.isToken(octet)) {
            refusal = octet == Octets.LF ? Refusal.LINE_END
                    : Octets.isWhite(octet) ? Refusal.FOLDED_LINE : Refusal.FIELD_NAME;
            return false;
        }
        if (size == marks.length) {
            marks = Arrays.copyOf(marks, Math.min(2 * size, limits.maxFields()));
        }
        nameFrom = (char) offset;
        phase = NAME;
        return true;
    }

    private boolean endName(byte octet, int offset) {
        if (octet != ':') {
            refusal = octet == Octets.LF ? Refusal.LINE_END : Refusal.FIELD_NAME;
            return false;
        }
        nameTo = (char) offset;
        phase = WHITE_SPACE;
        return true;
    }

    private int endLine(byte[] bytes, int from, int at) {
        int valueTo = at - 1;
        while (valueTo > from + valueFrom && Octets.isWhite(bytes[valueTo - 1])) {
            valueTo--;
        }
        KnownField field = KnownField.of(bytes, from + nameFrom, from + nameTo);
        if (field != null) {
            note(field, size);
        }
        marks[size++] = FieldSection.mark(nameFrom, nameTo, valueFrom, valueTo - from);
        phase = LINE_START;
        return at + 1;
    }

    private void note(KnownField field, int line) {
        if (has(field)) {
            repeated |= field.bit;
        } else {
            seen |= field.bit;
            firstLines[field.ordinal()] = (char) line;
        }
    }

    /** Returns why, after {@link #REFUSED}. */
    Refusal refusal() {
        return refusal;
    }

    /** Returns whether a field has come, as far as the section has been parsed. */
    boolean has(KnownField field) {
        return (seen & field.bit) != 0;
    }

    /** Returns whether a field has come more than once. */
    boolean repeats(KnownField field) {
        return (repeated & field.bit) != 0;
    }

    /** Returns the number of the first line with a field that has come. */
    int firstLine(KnownField field) {
        assert has(field) : field;
        return firstLines[field.ordinal()];
    }

    /** Returns the number of the next line with a field behind line {@code line}, or -1. */
    int nextLine(KnownField field, int line, byte[] bytes, int from) {
        while (repeats(field) && ++line < size) {
            long mark = marks[line];
            if (KnownField.of(bytes, from + FieldSection.nameFrom(mark), from + FieldSection.nameTo(mark)) == field) {
                return line;
            }
        }
        return -1;
    }

    /** Returns the offset of a line's value. */
    int valueFrom(int line) {
        return FieldSection.valueFrom(marks[line]);
    }

    /** Returns the offset behind a line's value. */
    int valueTo(int line) {
        return FieldSection.valueTo(marks[line]);
    }

    /** Returns the lines as a section, after the end was found. */
    FieldSection section(byte[] octets) {
        return FieldSection.received(octets, Arrays.copyOf(marks, size));
    }

    /** Returns the lines that mean nothing to the protocol as a section, after the end was found (RFC 9110 §6.5.1). */
    FieldSection sectionWithoutKnownFields(byte[] octets) {
        return FieldSection.received(octets, Arrays.stream(marks, 0, size).filter(mark ->
                KnownField.of(octets, FieldSection.nameFrom(mark), FieldSection.nameTo(mark)) == null).toArray());
    }
}
