package dev.selvedge.server.http1;

import java.util.Arrays;

/**
 * Parses field lines up to the empty line behind them (RFC 9112 §5): for header sections and for trailers.
 *
 * <pre>
 *                 octet                ':'                  other               CR
 *   LINE_START ──────────&gt; NAME ───────────&gt; WHITE_SPACE ───────────&gt; VALUE ────────&gt; LINE_FEED
 *     │    ^                                                                              │
 *     │    └────────────────────────────────────── LF ────────────────────────────────────┘
 *     │ CR              LF
 *     └──────&gt; LAST_FEED ──────&gt; the end
 * </pre>
 *
 * <p>Every other octet is refused where it stands; a line end is nothing but CRLF. It resumes where it stopped.
 * Offsets are relative to an octet of the caller's choice, which the caller knows again in the next call.
 */
final class FieldParser {

    /** The answer of {@link #parse} when more bytes are needed. */
    static final int INCOMPLETE = 0;

    /** The answer of {@link #parse} when the section is refused. */
    static final int REFUSED = -1;

    private static final int MARKS = FieldSection.MARKS;

    private static final int LINES_AT_FIRST = 16;

    private enum Phase { LINE_START, NAME, WHITE_SPACE, VALUE, LINE_FEED, LAST_FEED }

    private final HeadLimits limits;
    private char[] marks;
    private Phase phase = Phase.LINE_START;
    private Refusal refusal;
    private char start;
    private char reached;
    private char size;
    private byte seen;
    private byte repeated;

    FieldParser(HeadLimits limits) {
        this.limits = limits;
        this.marks = new char[MARKS * Math.min(LINES_AT_FIRST, limits.maxFields())];
    }

    /** Begins with a section whose first octet is at {@code offset}. */
    void begin(int offset) {
        phase = Phase.LINE_START;
        refusal = null;
        start = (char) offset;
        reached = (char) offset;
        size = 0;
        seen = 0;
        repeated = 0;
    }

    /**
     * Goes on parsing.
     *
     * @param from the index of the octet that offsets are relative to
     * @param to the index behind the last octet that has come
     * @return the offset behind the empty line that ends the section; {@link #INCOMPLETE}; or {@link #REFUSED}
     */
    int parse(byte[] bytes, int from, int to) {
        int end = Math.min(to, from + start + limits.maxFieldSectionBytes());
        int at = from + reached;
        Phase phase = this.phase;
        while (true) {
            if (phase == Phase.LINE_START) {
                if (at == to) {
                    return suspend(phase, at - from);
                }
                if (bytes[at] == Octets.CR) {
                    phase = Phase.LAST_FEED;
                    at++;
                } else if (at >= end) {
                    return refuse(Refusal.HEAD_TOO_LARGE);
                } else if (!beginLine(bytes[at], at - from)) {
                    return REFUSED;
                } else {
                    phase = Phase.NAME;
                }
            }
            if (phase == Phase.LAST_FEED) {
                if (at == to) {
                    return suspend(phase, at - from);
                }
                return bytes[at] == Octets.LF ? at + 1 - from : refuse(Refusal.LINE_END);
            }
            if (phase == Phase.NAME) {
                at = Octets.endOfToken(bytes, at, end);
                if (at == end) {
                    return suspendWithin(phase, at - from, to - from);
                }
                if (!endName(bytes, from, at)) {
                    return REFUSED;
                }
                phase = Phase.WHITE_SPACE;
                at++;
            }
            if (phase == Phase.WHITE_SPACE) {
                while (at < end && Octets.isWhite(bytes[at])) {
                    at++;
                }
                if (at == end) {
                    return suspendWithin(phase, at - from, to - from);
                }
                marks[MARKS * size + 2] = (char) (at - from);
                phase = Phase.VALUE;
            }
            if (phase == Phase.VALUE) {
                at = Octets.endOfFieldContent(bytes, at, end);
                if (at == end) {
                    return suspendWithin(phase, at - from, to - from);
                }
                if (bytes[at] != Octets.CR) {
                    return refuse(bytes[at] == Octets.LF ? Refusal.LINE_END : Refusal.FIELD_VALUE);
                }
                endValue(bytes, from, at);
                phase = Phase.LINE_FEED;
                at++;
            }
            if (at == end) {
                return suspendWithin(phase, at - from, to - from);
            }
            if (bytes[at] != Octets.LF) {
                return refuse(Refusal.LINE_END);
            }
            phase = Phase.LINE_START;
            size++;
            at++;
        }
    }

    private int suspend(Phase phase, int reached) {
        this.phase = phase;
        this.reached = (char) reached;
        return INCOMPLETE;
    }

    /** Stops within a line: more bytes may come, but if they are there already, then the limit has been reached. */
    private int suspendWithin(Phase phase, int reached, int available) {
        return reached < available ? refuse(Refusal.HEAD_TOO_LARGE) : suspend(phase, reached);
    }

    private int refuse(Refusal refusal) {
        this.refusal = refusal;
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
        if (MARKS * size == marks.length) {
            marks = Arrays.copyOf(marks, MARKS * Math.min(2 * size, limits.maxFields()));
        }
        marks[MARKS * size] = (char) offset;
        return true;
    }

    private boolean endName(byte[] bytes, int from, int at) {
        if (bytes[at] != ':') {
            refusal = bytes[at] == Octets.LF ? Refusal.LINE_END : Refusal.FIELD_NAME;
            return false;
        }
        marks[MARKS * size + 1] = (char) (at - from);
        KnownField field = KnownField.of(bytes, from + marks[MARKS * size], at);
        if (field != null) {
            repeated |= (byte) (seen & field.bit);
            seen |= field.bit;
        }
        return true;
    }

    private void endValue(byte[] bytes, int from, int at) {
        int valueFrom = from + marks[MARKS * size + 2];
        int valueTo = at;
        while (valueTo > valueFrom && Octets.isWhite(bytes[valueTo - 1])) {
            valueTo--;
        }
        marks[MARKS * size + 3] = (char) (valueTo - from);
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

    /** Returns the number of the first line with that field at or behind line {@code line}, or -1. */
    int indexOf(KnownField field, byte[] bytes, int from, int line) {
        for (; line < size; line++) {
            if (KnownField.of(bytes, from + marks[MARKS * line], from + marks[MARKS * line + 1]) == field) {
                return line;
            }
        }
        return -1;
    }

    /** Returns the offset of a line's value. */
    int valueFrom(int line) {
        return marks[MARKS * line + 2];
    }

    /** Returns the offset behind a line's value. */
    int valueTo(int line) {
        return marks[MARKS * line + 3];
    }

    /** Returns the lines as a section, after the end was found. */
    FieldSection section(byte[] octets) {
        return FieldSection.received(octets, Arrays.copyOf(marks, MARKS * size));
    }
}
