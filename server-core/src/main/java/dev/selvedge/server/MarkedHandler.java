package dev.selvedge.server;

import java.util.Objects;

/**
 * A handler with what has to be known before it is called. Marks are never nested, so they can be given in any order.
 *
 * @param handler without marks
 * @param nonBlocking whether it may run on the event loop
 * @param maxBodyBytes its own limit, or {@link #NO_OWN_LIMIT}
 */
record MarkedHandler(Handler handler, boolean nonBlocking, long maxBodyBytes) implements Handler {

    /** The limit of what is around the handler holds. */
    static final long NO_OWN_LIMIT = -1;

    /** Returns the handler with its marks, or with none. */
    static MarkedHandler of(Handler handler) {
        Objects.requireNonNull(handler, "handler");
        return handler instanceof MarkedHandler marked ? marked : new MarkedHandler(handler, false, NO_OWN_LIMIT);
    }

    /** Returns another handler with the same marks. */
    MarkedHandler with(Handler other) {
        return new MarkedHandler(other, nonBlocking, maxBodyBytes);
    }

    MarkedHandler asNonBlocking() {
        return new MarkedHandler(handler, true, maxBodyBytes);
    }

    MarkedHandler asLimited(long limit) {
        if (limit < 0) {
            throw new IllegalArgumentException("maxBodyBytes is " + limit + "; it must be at least 0");
        }
        return new MarkedHandler(handler, nonBlocking, limit);
    }

    @Override
    public Response handle(Request request) throws Exception {
        return handler.handle(request);
    }
}
