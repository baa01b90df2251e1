package dev.selvedge.server.http1;

/**
 * Decides which of the four forms a request target has and where its parts are (RFC 9112 §3.2): the one place with
 * rules for targets.
 *
 * <p>Where the RFCs leave room: authority-form is for CONNECT only and {@code *} for OPTIONS only; schemes other than
 * http are refused as misdirected; user information, broken escapes, fragments and octets that RFC 3986 does not
 * allow are refused; dot segments, escaped or not, must not lead above the root, and empty segments are no steps down
 * that could be taken back.
 *
 * <p>Keeps the result of the last decision. Offsets are relative to the head's first octet.
 */
final class RequestTarget {

    /** No target has such an octet: the scan stops. */
    private static final byte STOP = -1;

    /** An octet that changes nothing: a target of these, with a slash first, is a plain path. */
    private static final byte PLAIN = 0;

    /** An octet that makes a closer look necessary. */
    private static final byte LOOK = 1;

    /** A dot: it makes a closer look necessary behind a slash. */
    private static final byte DOT = 2;

    /** A question mark: the first one ends the path. */
    private static final byte QUERY = 3;

    /** There is no question mark; no target begins at this offset. */
    private static final char NO_QUERY = 0;

    private static final byte[] SCAN = scan();

    // Forms are numbers until a head is made: to store a reference costs a barrier of the garbage collector each time.
    private static final byte ORIGIN = 0;
    private static final byte ABSOLUTE = 1;
    private static final byte ASTERISK = 2;

    private byte form;
    private byte look;
    private char queryMark;
    private boolean pathIsPlain;
    private char from;
    private char to;
    private char authorityFrom;
    private char authorityTo;
    private char pathFrom;
    private char pathTo;

    private static byte[] scan() {
        byte[] scan = new byte[256];
        for (int octet = 0; octet < scan.length; octet++) {
            boolean plain = octet == '/' || Octets.isPchar((byte) octet);
            boolean look = octet == '%' || octet == '[' || octet == ']';
            scan[octet] = octet == '.' ? DOT : octet == '?' ? QUERY : plain ? PLAIN : look ? LOOK : STOP;
        }
        return scan;
    }

    /** Begins with another target. */
    void begin() {
        look = PLAIN;
        queryMark = NO_QUERY;
    }

    /**
     * Returns the index of the first octet in {@code [at, to)} that no target of any form may have, or {@code to}.
     *
     * @param start the index of the head's first octet
     */
    int scan(byte[] bytes, int start, int at, int to) {
        while (true) {
            while (at < to && SCAN[bytes[at] & 0xFF] == PLAIN) {
                at++;
            }
            byte kind = at == to ? STOP : SCAN[bytes[at] & 0xFF];
            if (kind == STOP) {
                return at;
            }
            if (kind == QUERY) {
                queryMark = queryMark == NO_QUERY ? (char) (at - start) : queryMark;
            } else if (kind == LOOK || bytes[at - 1] == '/') {
                look = LOOK;
            }
            at++;
        }
    }

    /**
     * Decides about the target in {@code [from, to)}, which is not empty and was scanned from end to end.
     *
     * @param start the index of the head's first octet
     * @param methodFrom the index of the method, which ends before the space before the target
     * @return null, or why it is refused
     */
    Refusal decide(byte[] bytes, int start, int methodFrom, int from, int to) {
        this.from = (char) (from - start);
        this.to = (char) (to - start);
        if (Method.is(Method.CONNECT, bytes, methodFrom, from - 1)) {
            return HostRule.isAuthorityWithPort(bytes, from, to) ? Refusal.CONNECT : Refusal.TARGET;
        }
        if (bytes[from] == '/') {
            form = ORIGIN;
            return decidePathAndQuery(bytes, start, from, to);
        }
        if (bytes[from] == '*' && to - from == 1) {
            form = ASTERISK;
            pathFrom = this.from;
            pathTo = this.from;
            pathIsPlain = true;
            return Method.is(Method.OPTIONS, bytes, methodFrom, from - 1) ? null : Refusal.TARGET;
        }
        form = ABSOLUTE;
        return decideAbsolute(bytes, start, from, to);
    }

    private Refusal decideAbsolute(byte[] bytes, int start, int from, int to) {
        int colon = endOfScheme(bytes, from, to);
        boolean slashes = to - colon >= 3 && bytes[colon + 1] == '/' && bytes[colon + 2] == '/';
        if (colon == from || !slashes || bytes[colon] != ':') {
            return Refusal.TARGET;
        }
        if (!Octets.equalsIgnoreCase(bytes, from, colon, "http")) {
            return Refusal.MISDIRECTED;
        }
        int authority = colon + 3;
        int path = authority;
        while (path < to && bytes[path] != '/' && bytes[path] != '?') {
            path++;
        }
        if (path == authority || !HostRule.isAuthority(bytes, authority, path)) {
            return Refusal.TARGET;
        }
        authorityFrom = (char) (authority - start);
        authorityTo = (char) (path - start);
        return decidePathAndQuery(bytes, start, path, to);
    }

    /** Returns the index behind {@code ALPHA *( ALPHA / DIGIT / "+" / "-" / "." )}, or {@code from}. */
    private static int endOfScheme(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && (Octets.isAlpha(bytes[at]) || at > from && isLaterInScheme(bytes[at]))) {
            at++;
        }
        return at;
    }

    private static boolean isLaterInScheme(byte octet) {
        return Octets.isDigit(octet) || octet == '+' || octet == '-' || octet == '.';
    }

    private Refusal decidePathAndQuery(byte[] bytes, int start, int from, int to) {
        pathFrom = (char) (from - start);
        int query = queryMark == NO_QUERY ? to : start + queryMark;
        pathTo = (char) (query - start);
        pathIsPlain = true;
        return look == PLAIN ? null : lookCloser(bytes, from, query, to);
    }

    private Refusal lookCloser(byte[] bytes, int from, int query, int to) {
        if (!isEscapedWell(bytes, from, query) || query < to && !isEscapedWell(bytes, query + 1, to)) {
            return Refusal.TARGET;
        }
        return decideSegments(bytes, from, query);
    }

    /** Returns whether there are only pchar, slashes, question marks and whole escapes (RFC 3986 §3.3, §3.4). */
    private static boolean isEscapedWell(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to) {
            if (Octets.isPchar(bytes[at]) || bytes[at] == '/' || bytes[at] == '?') {
                at++;
            } else if (Octets.isEscape(bytes, at, to)) {
                at += 3;
            } else {
                return false;
            }
        }
        return true;
    }

    /** Walks the segments of a path as RFC 3986 §5.2.4 does, and refuses to go above the root. */
    private Refusal decideSegments(byte[] bytes, int from, int to) {
        int depth = 0;
        int at = from;
        while (at < to) {
            int segment = ++at;
            int dots = 0;
            boolean onlyDots = true;
            while (at < to && bytes[at] != '/') {
                pathIsPlain &= bytes[at] != '%';
                int width = dotWidth(bytes, at);
                onlyDots &= width > 0;
                dots++;
                at += Math.max(width, 1);
            }
            if (onlyDots && (dots == 1 || dots == 2)) {
                pathIsPlain = false;
                depth -= dots - 1;
            } else if (at > segment) {
                depth++;
            }
            if (depth < 0) {
                return Refusal.TARGET_ABOVE_ROOT;
            }
        }
        return null;
    }

    /** Returns how many octets the dot at an index has: 1, escaped 3, or 0 for anything else. Escapes are whole. */
    private static int dotWidth(byte[] bytes, int at) {
        if (bytes[at] == '.') {
            return 1;
        }
        return bytes[at] == '%' && bytes[at + 1] == '2' && (bytes[at + 2] | 0x20) == 'e' ? 3 : 0;
    }

    TargetForm form() {
        return switch (form) {
            case ORIGIN -> TargetForm.ORIGIN;
            case ABSOLUTE -> TargetForm.ABSOLUTE;
            default -> TargetForm.ASTERISK;
        };
    }

    int from() {
        return from;
    }

    int to() {
        return to;
    }

    int authorityFrom() {
        return authorityFrom;
    }

    int authorityTo() {
        return authorityTo;
    }

    int pathFrom() {
        return pathFrom;
    }

    int pathTo() {
        return pathTo;
    }

    /** Returns whether the path has neither percent signs nor dot segments. */
    boolean pathIsPlain() {
        return pathIsPlain;
    }

    /** Returns whether a question mark is behind the path. */
    boolean hasQuery() {
        return form != ASTERISK && pathTo < to;
    }
}
