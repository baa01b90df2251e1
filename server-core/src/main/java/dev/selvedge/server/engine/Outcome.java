package dev.selvedge.server.engine;

/** What driving a {@link Connection} ended with. */
enum Outcome {
    /** Go on. */
    MORE,
    /** Nothing can be done before the next edge or deadline. */
    PARKED,
    /** Something is to be written, when the others of the batch are answered, too. */
    ANSWERED,
    /** Others have a right to their turn. */
    YIELDED,
    /** A handler's thread owns the connection now. */
    HANDED_OVER,
    /** The connection has ended and can be closed. */
    CLOSED,
    /** The connection has failed and is to be reset. */
    ABORTED;

    /** Returns what moving bytes means for the connection. */
    static Outcome of(Wire.Result result) {
        return switch (result) {
            case MOVED -> MORE;
            case BLOCKED -> PARKED;
            case ENDED -> CLOSED;
            case FAILED -> ABORTED;
        };
    }
}
