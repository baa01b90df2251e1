package dev.selvedge.server.http1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Arrays;

/** Status lines as octets (RFC 9112 §4) and the reason phrases of the registered codes (RFC 9110 §15). */
public final class StatusLine {

    private static final String REGISTERED = """
            100 Continue
            101 Switching Protocols
            102 Processing
            103 Early Hints
            200 OK
            201 Created
            202 Accepted
            203 Non-Authoritative Information
            204 No Content
            205 Reset Content
            206 Partial Content
            207 Multi-Status
            208 Already Reported
            226 IM Used
            300 Multiple Choices
            301 Moved Permanently
            302 Found
            303 See Other
            304 Not Modified
            305 Use Proxy
            307 Temporary Redirect
            308 Permanent Redirect
            400 Bad Request
            401 Unauthorized
            402 Payment Required
            403 Forbidden
            404 Not Found
            405 Method Not Allowed
            406 Not Acceptable
            407 Proxy Authentication Required
            408 Request Timeout
            409 Conflict
            410 Gone
            411 Length Required
            412 Precondition Failed
            413 Content Too Large
            414 URI Too Long
            415 Unsupported Media Type
            416 Range Not Satisfiable
            417 Expectation Failed
            421 Misdirected Request
            422 Unprocessable Content
            423 Locked
            424 Failed Dependency
            425 Too Early
            426 Upgrade Required
            428 Precondition Required
            429 Too Many Requests
            431 Request Header Fields Too Large
            451 Unavailable For Legal Reasons
            500 Internal Server Error
            501 Not Implemented
            502 Bad Gateway
            503 Service Unavailable
            504 Gateway Timeout
            505 HTTP Version Not Supported
            506 Variant Also Negotiates
            507 Insufficient Storage
            508 Loop Detected
            511 Network Authentication Required
            """;

    private static final String[] REASONS = new String[600];
    private static final byte[][] LINES = new byte[600][];

    static {
        Arrays.fill(REASONS, "");
        REGISTERED.lines().forEach(line -> REASONS[Integer.parseInt(line.substring(0, 3))] = line.substring(4));
        for (int status = 100; status < LINES.length; status++) {
            LINES[status] = ("HTTP/1.1 " + status + ' ' + REASONS[status] + "\r\n").getBytes(ISO_8859_1);
        }
    }

    private StatusLine() { }

    /**
     * Returns the line with its CRLF. The version is always HTTP/1.1, whatever the client speaks (RFC 9110 §6.2).
     *
     * @param status from 100 to 599
     * @return the octets, not to be changed
     */
    static byte[] octets(int status) {
        return LINES[status];
    }

    /**
     * Returns the registered reason phrase.
     *
     * @param status from 100 to 599
     * @return the phrase, or an empty text for a code that is not registered
     */
    public static String reason(int status) {
        return REASONS[status];
    }
}
