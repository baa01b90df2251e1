package dev.selvedge.server;

/**
 * A handler that may block, but often has the answer at hand: from a cache, say. It is asked on the event loop first,
 * the fastest path there is, and takes a virtual thread only if it needs one.
 *
 * <p>{@link #tryHandle} is called first, if the request has no body and no {@link Filter} stands around the handler (a
 * filter sees a request once, and may rely on one thread). Otherwise, or if it returns null, {@link #handle} is called
 * as that of any other plain handler. Exception handlers around it do not matter: they stand around both. Where a
 * handler or a whole router is marked with {@link Handler#nonBlocking}, {@code handle} itself runs on the event loop
 * and {@code tryHandle} is not called.
 */
public interface PromptHandler extends Handler {

    /**
     * Answers one request, if that is possible at once: without waiting for I/O, locks or other threads and without
     * computing for long. Called on the event loop. A call that keeps the loop longer than the
     * {@linkplain HttpServer.Builder#slowHandlerThreshold threshold} is reported.
     *
     * @param request the request; {@link #handle} is given the same one if it has to answer
     * @return the response, or null if {@code handle} is to answer
     * @throws Exception if there is no answer, as from {@code handle}, which then is not called
     */
    Response tryHandle(Request request) throws Exception;
}
