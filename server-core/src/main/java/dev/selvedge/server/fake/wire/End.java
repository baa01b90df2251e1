package dev.selvedge.server.fake.wire;

/** How a planned end of a connection looks to the peer. */
public enum End {
    /** Both directions are closed in order. */
    FIN,
    /** The connection is reset. */
    RESET,
    /** The sending side is closed; what comes is read and kept. */
    HALF_CLOSE,
    /** Nothing is sent any more, and nothing is closed. */
    SILENCE
}
