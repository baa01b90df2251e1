package dev.selvedge.server;

/**
 * Answers requests.
 *
 * <p>A plain handler may block: every call runs on a virtual thread of its own. A handler that never blocks can be
 * marked with {@link #nonBlocking}; it then runs on the event loop, which is the fastest path there is. One handler is
 * called for many requests at once, so what it shares must be safe for that.
 */
@FunctionalInterface
public interface Handler {

    /**
     * Answers one request.
     *
     * @param request the request, valid for as long as somebody holds it (its {@linkplain RequestBody body} for
     *     as long as this call lasts, and while the response is streamed)
     * @return the response; null counts as an error
     * @throws Exception if there is no answer: the exception handler of the router or of the server makes one of it,
     *     or else it is logged and the client is told {@code 500 Internal Server Error}, and nothing more
     */
    Response handle(Request request) throws Exception;

    /**
     * Marks a handler that never blocks: it does not wait for I/O, locks or other threads and does not compute for
     * long. It is called on the event loop once the whole body of the request is in memory. A call that keeps the loop
     * longer than the {@linkplain HttpServer.Builder#slowHandlerThreshold threshold} is reported.
     *
     * <p>There is one exception: a client that waits to be told to send its body ({@code Expect: 100-continue},
     * RFC 9110 §10.1.1) may be refused without having sent it. Its request is handled on a virtual thread, as by a
     * plain handler, with the {@linkplain Limits#maxBlockingHandlers() limits} of those, and the client is told when
     * the handler begins to read the body.
     *
     * <p>In a {@link Router} such a handler runs on the event loop only if all {@linkplain Filter filters} around it
     * are {@linkplain Filter#nonBlocking non-blocking} too. Marking a whole router promises it for everything in it.
     *
     * @param handler a handler that keeps the promise
     * @return a handler that does the same, with the mark
     */
    static Handler nonBlocking(Handler handler) {
        return MarkedHandler.of(handler).asNonBlocking();
    }

    /**
     * Gives a handler its own limit for the length of request bodies, larger or smaller than that of the server. A
     * longer body is refused with {@code 413 Content Too Large} (RFC 9110 §15.5.14), before the handler is called if
     * the length is known. On a whole {@link Router} it holds for every route that does not have its own. Where the
     * handler is non-blocking the body is in memory as a whole, so there this limit is one of memory, too.
     *
     * @param maxBodyBytes the largest length of a body in bytes, at least 0; {@link Long#MAX_VALUE} sets no limit
     * @param handler the handler
     * @return a handler that does the same, with the limit
     * @throws IllegalArgumentException if the limit is negative
     */
    static Handler withMaxBodyBytes(long maxBodyBytes, Handler handler) {
        return MarkedHandler.of(handler).asLimited(maxBodyBytes);
    }
}
