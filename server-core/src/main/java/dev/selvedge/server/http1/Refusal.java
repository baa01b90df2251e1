package dev.selvedge.server.http1;

/**
 * Why a request is refused: each reason with the status that tells the client, and a sentence for people.
 *
 * <p>A refusal always ends its connection, because what follows in the input can't be trusted to be a request.
 */
public enum Refusal {
    /** The first line is not {@code method SP target SP version CRLF} (RFC 9112 §3). */
    REQUEST_LINE(400, "the request line is malformed"),
    /** The method has an octet that no token may have (RFC 9110 §9.1). */
    METHOD(400, "the method is not a token"),
    /** The method is longer than any that is known (RFC 9112 §3). */
    METHOD_TOO_LONG(501, "the method is not known"),
    /** Not {@code HTTP/} digit {@code .} digit (RFC 9112 §2.3). */
    VERSION(400, "the protocol version is malformed"),
    /** A well-formed version other than 1.x (RFC 9110 §15.6.6). */
    VERSION_NOT_SUPPORTED(505, "only HTTP/1.1 and HTTP/1.0 are spoken here"),
    /** A target of none of the four forms, with a forbidden octet or a broken escape (RFC 9112 §3.2). */
    TARGET(400, "the request target is malformed"),
    /** Dot segments that lead above the root (RFC 3986 §5.2.4). */
    TARGET_ABOVE_ROOT(400, "the path leads above the root"),
    /** The request line is longer than the limit (RFC 9112 §3). */
    TARGET_TOO_LONG(414, "the request target is too long"),
    /** An absolute target for another scheme than http (RFC 9110 §7.4). */
    MISDIRECTED(421, "this server does not serve that scheme"),
    /** CONNECT to an origin server (RFC 9110 §9.3.6). */
    CONNECT(501, "CONNECT is not supported"),
    /** A bare CR, a bare LF or too many empty lines (RFC 9112 §2.2). */
    LINE_END(400, "lines must end in CRLF"),
    /** No colon, an empty name, or a name that is no token (RFC 9112 §5.1). */
    FIELD_NAME(400, "a header field name is malformed"),
    /** A control octet in a value (RFC 9110 §5.5). */
    FIELD_VALUE(400, "a header field value has a forbidden octet"),
    /** A line that begins with white space (RFC 9112 §2.2, §5.2). */
    FOLDED_LINE(400, "folded header lines are not accepted"),
    /** The header section is longer than the limit (RFC 6585 §5). */
    HEAD_TOO_LARGE(431, "the header section is too large"),
    /** More fields than the limit (RFC 6585 §5). */
    TOO_MANY_FIELDS(431, "there are too many header fields"),
    /** HTTP/1.1 without Host (RFC 9112 §3.2). */
    HOST_MISSING(400, "the Host field is missing"),
    /** More than one Host line (RFC 9112 §3.2). */
    HOST_REPEATED(400, "there is more than one Host field"),
    /** A Host that is not {@code uri-host [":" port]} (RFC 9112 §3.2). */
    HOST(400, "the Host field is malformed"),
    /** Content-Length that is not one number of digits, or is repeated even with the same number (RFC 9112 §6.3). */
    CONTENT_LENGTH(400, "Content-Length is malformed or repeated"),
    /** Content-Length together with Transfer-Encoding (RFC 9112 §6.3). */
    LENGTH_AND_CODING(400, "Content-Length and Transfer-Encoding exclude each other"),
    /** chunked is repeated, has parameters or is not the last coding, or the version is 1.0 (RFC 9112 §6.1, §6.3). */
    TRANSFER_ENCODING(400, "Transfer-Encoding is malformed"),
    /** A transfer coding that is not known (RFC 9112 §6.1). */
    CODING_NOT_SUPPORTED(501, "only the transfer coding chunked is known here"),
    /** The body is, or says to be, larger than the limit (RFC 9110 §15.5.14). */
    BODY_TOO_LARGE(413, "the body is too large"),
    /** A chunk size, extension or line end that is malformed, or a size beyond 63 bits (RFC 9112 §7.1). */
    CHUNK(400, "a chunk is malformed"),
    /** A trailer field that is malformed (RFC 9112 §7.1.2). */
    TRAILER(400, "a trailer field is malformed"),
    /** Chunk extensions longer than the limit. */
    CHUNK_EXTENSION_TOO_LARGE(400, "the chunk extensions are too large"),
    /** Trailers larger than the limit (RFC 6585 §5). */
    TRAILERS_TOO_LARGE(431, "the trailers are too large"),
    /** The head did not arrive in time (RFC 9110 §15.5.9). */
    HEAD_TIMEOUT(408, "the request did not arrive in time"),
    /** The body did not arrive in time (RFC 9110 §15.5.9). */
    BODY_TIMEOUT(408, "the body did not arrive in time"),
    /** The client ended its side in the middle of a body (RFC 9112 §8). */
    BODY_INCOMPLETE(400, "the body ended too early"),
    /** An expectation other than 100-continue (RFC 9110 §10.1.1). */
    EXPECTATION(417, "the expectation is not known"),
    /** The application has not answered in time (RFC 9110 §15.6.4). */
    HANDLER_TIMEOUT(503, "the request was not answered in time"),
    /** More blocking handlers are at work than allowed (RFC 9110 §15.6.4). */
    TOO_BUSY(503, "the server is busy");

    private final int status;
    private final String reason;

    Refusal(int status, String reason) {
        this.status = status;
        this.reason = reason;
    }

    /**
     * Returns the status that the client is given.
     *
     * @return a status from 400 to 599
     */
    public int status() {
        return status;
    }

    /**
     * Returns a sentence without capital or full stop, for the response's text and for logs.
     *
     * @return the reason
     */
    public String reason() {
        return reason;
    }
}
