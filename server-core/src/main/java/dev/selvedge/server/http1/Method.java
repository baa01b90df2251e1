package dev.selvedge.server.http1;

/** The registered methods that have one String object each (RFC 9110 §9.3, RFC 5789). */
final class Method {

    static final String HEAD = "HEAD";
    static final String CONNECT = "CONNECT";
    static final String OPTIONS = "OPTIONS";

    private Method() { }

    /** Returns the method in {@code [from, to)} if it is a registered one, in exactly this case, or null. */
    static String registered(byte[] octets, int from, int to) {
        String candidate = switch (to - from) {
            case 3 -> octets[from] == 'G' ? "GET" : "PUT";
            case 4 -> octets[from] == 'P' ? "POST" : HEAD;
            case 5 -> octets[from] == 'P' ? "PATCH" : "TRACE";
            case 6 -> "DELETE";
            case 7 -> octets[from] == 'O' ? OPTIONS : CONNECT;
            default -> null;
        };
        return candidate != null && equals(octets, from, candidate) ? candidate : null;
    }

    /** Returns whether the octets in {@code [from, to)} are a method. */
    static boolean is(String method, byte[] octets, int from, int to) {
        return to - from == method.length() && equals(octets, from, method);
    }

    private static boolean equals(byte[] octets, int from, String method) {
        for (int index = 0; index < method.length(); index++) {
            if (octets[from + index] != method.charAt(index)) {
                return false;
            }
        }
        return true;
    }
}
