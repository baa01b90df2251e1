package dev.selvedge.server.http1;

/**
 * Decides whether octets are {@code uri-host [ ":" port ]} (RFC 9110 §7.2, RFC 3986 §3.2.2): the one place with rules
 * for authorities, used for Host, for absolute-form and for CONNECT.
 *
 * <p>User information is not accepted, nor a zone identifier, nor a port without a host. A port may be empty where the
 * RFC allows it; its value is not looked at.
 */
final class HostRule {

    private HostRule() { }

    /** Decides about the value of a Host field: an authority, or empty, which means the server's default host. */
    static boolean isHostField(byte[] bytes, int from, int to) {
        return from == to || isAuthority(bytes, from, to);
    }

    /** Decides about the authority of an http URI: a host that is not empty, and perhaps a port. */
    static boolean isAuthority(byte[] bytes, int from, int to) {
        int end = endOfHost(bytes, from, to);
        return end > from && (end == to || bytes[end] == ':' && isNumber(bytes, end + 1, to));
    }

    /** Decides about authority-form, where the port is required and must be one that exists (RFC 9112 §3.2.3). */
    static boolean isAuthorityWithPort(byte[] bytes, int from, int to) {
        int port = endOfHost(bytes, from, to) + 1;
        if (port - 1 == from || port >= to || bytes[port - 1] != ':' || !isNumber(bytes, port, to)) {
            return false;
        }
        int number = 0;
        for (int at = port; at < to && number <= 0xFFFF; at++) {
            number = 10 * number + bytes[at] - '0';
        }
        return number >= 1 && number <= 0xFFFF;
    }

    private static boolean isNumber(byte[] bytes, int from, int to) {
        for (int at = from; at < to; at++) {
            if (!Octets.isDigit(bytes[at])) {
                return false;
            }
        }
        return true;
    }

    /** Returns the index behind the host, or {@code from} if there is none. */
    private static int endOfHost(byte[] bytes, int from, int to) {
        if (from < to && bytes[from] == '[') {
            int bracket = from + 1;
            while (bracket < to && bytes[bracket] != ']') {
                bracket++;
            }
            return bracket < to && isIpLiteral(bytes, from + 1, bracket) ? bracket + 1 : from;
        }
        int at = from;
        while (true) {
            while (at < to && Octets.isRegName(bytes[at])) {
                at++;
            }
            if (!Octets.isEscape(bytes, at, to)) {
                return at;
            }
            at += 3;
        }
    }

    private static boolean isIpLiteral(byte[] bytes, int from, int to) {
        return from < to && (bytes[from] | 0x20) == 'v' ? isIpFuture(bytes, from + 1, to) : isIpv6(bytes, from, to);
    }

    /** The rest of {@code "v" 1*HEXDIG "." 1*( unreserved / sub-delims / ":" )}. */
    private static boolean isIpFuture(byte[] bytes, int from, int to) {
        int dot = from;
        while (dot < to && Octets.isHex(bytes[dot])) {
            dot++;
        }
        if (dot == from || dot == to || bytes[dot] != '.' || dot + 1 == to) {
            return false;
        }
        for (int at = dot + 1; at < to; at++) {
            if (!Octets.isRegName(bytes[at]) && bytes[at] != ':') {
                return false;
            }
        }
        return true;
    }

    /** IPv6address: eight groups; one run of at least one may be {@code ::}, the last two may be an IPv4 address. */
    private static boolean isIpv6(byte[] bytes, int from, int to) {
        int groups = 0;
        boolean elided = false;
        int at = from;
        while (at < to) {
            if (to - at >= 2 && bytes[at] == ':' && bytes[at + 1] == ':') {
                if (elided) {
                    return false;
                }
                elided = true;
                at += 2;
                continue;
            }
            if (groups > 0 && bytes[at - 1] != ':' && bytes[at++] != ':') {
                return false;
            }
            int end = endOfHexDigits(bytes, at, to);
            if (end < to && bytes[end] == '.') {
                groups += 2;
                at = isIpv4(bytes, at, to) ? to : -1;
                break;
            }
            if (end == at || end - at > 4) {
                return false;
            }
            groups++;
            at = end;
        }
        return at == to && (elided ? groups <= 7 : groups == 8);
    }

    private static int endOfHexDigits(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && Octets.isHex(bytes[at])) {
            at++;
        }
        return at;
    }

    /** Four decimal numbers from 0 to 255 without leading zeros. */
    private static boolean isIpv4(byte[] bytes, int from, int to) {
        int at = from;
        for (int part = 0; part < 4; part++) {
            if (part > 0 && (at == to || bytes[at++] != '.')) {
                return false;
            }
            int first = at;
            int number = 0;
            while (at < to && at - first < 3 && Octets.isDigit(bytes[at])) {
                number = 10 * number + bytes[at++] - '0';
            }
            if (at == first || number > 255 || bytes[first] == '0' && at - first > 1) {
                return false;
            }
        }
        return at == to;
    }
}
