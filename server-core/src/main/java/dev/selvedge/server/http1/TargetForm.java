package dev.selvedge.server.http1;

/** The form of a request target (RFC 9112 §3.2). Authority-form (CONNECT) is refused and never gets here. */
public enum TargetForm {
    /** {@code /path?query}. */
    ORIGIN,
    /** {@code http://host/path?query}. */
    ABSOLUTE,
    /** {@code *}, for OPTIONS only. */
    ASTERISK
}
