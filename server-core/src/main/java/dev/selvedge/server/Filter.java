package dev.selvedge.server;

import java.util.Objects;

/**
 * Stands around handlers: sees each request before them and each response after them, and may answer in their place.
 *
 * <pre>{@code
 * Filter timing = (request, next) -> {
 *     long start = System.nanoTime();
 *     Response response = next.handle(request);
 *     return response.withHeader("Server-Timing", "total;dur=" + (System.nanoTime() - start) / 1e6);
 * };
 * }</pre>
 *
 * <p>To hand something to the handler, such as the user who was authenticated, bind a {@link ScopedValue} around the
 * call of {@code next}: the filter and the handler run in the same thread.
 */
@FunctionalInterface
public interface Filter {

    /**
     * Answers one request, usually with the help of {@code next}.
     *
     * @param request the request
     * @param next what the filter stands around; may be called once, or not at all
     * @return the response; null counts as an error
     * @throws Exception if there is no answer, as for {@link Handler#handle}
     */
    Response filter(Request request, Handler next) throws Exception;

    /**
     * Marks a filter that itself never blocks, as {@link Handler#nonBlocking} does for a handler. A filter without the
     * mark makes everything that it stands around run on virtual threads.
     *
     * @param filter a filter that keeps the promise
     * @return a filter that does the same, with the mark
     */
    static Filter nonBlocking(Filter filter) {
        Objects.requireNonNull(filter, "filter");
        return filter instanceof NonBlockingFilter ? filter : new NonBlockingFilter(filter);
    }

    /**
     * Puts this filter around one handler, or around a whole {@link Router}.
     *
     * @param handler the handler
     * @return a handler with this filter around it; it is non-blocking if both are, and keeps the handler's limit
     */
    default Handler around(Handler handler) {
        MarkedHandler marked = MarkedHandler.of(handler);
        Handler inner = marked.handler();
        Handler outer = inner instanceof Router router ? router.inside(this) : request -> filter(request, inner);
        boolean nonBlocking = marked.nonBlocking() && this instanceof NonBlockingFilter;
        return new MarkedHandler(outer, nonBlocking, marked.maxBodyBytes());
    }
}
