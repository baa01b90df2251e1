package dev.selvedge.server.http1;

/**
 * The head of one request: request line and header section, checked against every rule, as an immutable value.
 *
 * <p>It owns its octets and refers to nothing of the connection, so it stays valid for as long as somebody holds it.
 * Strings are made when asked for.
 */
public final class RequestHead {

    RequestHead() {
        throw new UnsupportedOperationException("to be written");
    }

    /**
     * Makes a head that was not received: for requests that are built in a program.
     *
     * @param method a token
     * @param target a target in origin-form, absolute-form or asterisk-form
     * @param fields the fields; a Host field is not needed
     * @throws IllegalArgumentException if a parser would refuse the method or the target; the message says why
     */
    public static RequestHead of(String method, String target, FieldSection fields) {
        throw new UnsupportedOperationException("to be written");
    }

    /** Returns the method; for the registered ones always the same String object. */
    public String method() {
        throw new UnsupportedOperationException("to be written");
    }

    /** Returns the target as it was received. */
    public String target() {
        throw new UnsupportedOperationException("to be written");
    }

    /** Returns the form of the target. */
    public TargetForm form() {
        throw new UnsupportedOperationException("to be written");
    }

    /** Returns the version. */
    public Version version() {
        throw new UnsupportedOperationException("to be written");
    }

    /** Returns the authority: of an absolute-form target, else the Host field; empty if there is none (1.0). */
    public String authority() {
        throw new UnsupportedOperationException("to be written");
    }

    /**
     * Returns the octets that {@link #pathFrom()} to {@link #queryTo()} refer to. Not to be changed by anybody.
     */
    public byte[] octets() {
        throw new UnsupportedOperationException("to be written");
    }

    /** Returns the index of the raw path's first octet. The path is empty for {@code *} and for {@code http://host}. */
    public int pathFrom() {
        throw new UnsupportedOperationException("to be written");
    }

    /** Returns the index behind the raw path. */
    public int pathTo() {
        throw new UnsupportedOperationException("to be written");
    }

    /** Returns whether the path has a percent sign or a dot segment: if not, it needs no decoding and no normalising. */
    public boolean pathIsPlain() {
        throw new UnsupportedOperationException("to be written");
    }

    /** Returns the index of the raw query's first octet (behind the question mark), or -1 if there is no query. */
    public int queryFrom() {
        throw new UnsupportedOperationException("to be written");
    }

    /** Returns the index behind the raw query, or -1. */
    public int queryTo() {
        throw new UnsupportedOperationException("to be written");
    }

    /** Returns the header fields. */
    public FieldSection fields() {
        throw new UnsupportedOperationException("to be written");
    }

    /** Returns how the body is delimited; never {@link Framing.Refused}, because such a head is not made. */
    public Framing framing() {
        throw new UnsupportedOperationException("to be written");
    }

    /**
     * Returns whether the client wants the connection to persist, as far as this head tells (RFC 9112 §9.3): 1.1
     * without {@code close}; 1.0 with {@code keep-alive}, without {@code close} and without Transfer-Encoding.
     */
    public boolean persistent() {
        throw new UnsupportedOperationException("to be written");
    }

    /** Returns whether the client waits for 100 before it sends the body (1.1 only, RFC 9110 §10.1.1). */
    public boolean expectsContinue() {
        throw new UnsupportedOperationException("to be written");
    }
}
