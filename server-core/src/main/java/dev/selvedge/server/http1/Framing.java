package dev.selvedge.server.http1;

/** How the end of a request's body is found: the decision of RFC 9112 §6.3, as a value. */
public sealed interface Framing {

    /** There is no body. */
    None NONE = new None();

    /** The body is a series of chunks. */
    Chunked CHUNKED = new Chunked();

    /** No body. */
    record None() implements Framing { }

    /**
     * A body of known length.
     *
     * @param octets its length, at least 0
     */
    record Length(long octets) implements Framing { }

    /** A chunked body. */
    record Chunked() implements Framing { }

    /**
     * The end can't be found.
     *
     * @param refusal why
     */
    record Refused(Refusal refusal) implements Framing { }
}
