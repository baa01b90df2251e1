package dev.selvedge.server.files;

/** What the conditions of a request come to (RFC 9110 §13.2.2). */
enum Precondition {
    /** All hold, or there are none: answer as if there were none. */
    PROCEED,
    /** The client has it already: 304 (Not Modified). Only for GET and HEAD. */
    NOT_MODIFIED,
    /** One does not hold: 412 (Precondition Failed). */
    FAILED
}
