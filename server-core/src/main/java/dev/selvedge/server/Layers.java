package dev.selvedge.server;

import dev.selvedge.server.engine.FailedCall;
import java.util.List;

/**
 * The filters and the exception handler of one router, and the layers of the routers around it.
 *
 * <p>The exception handler stands close round the handler and close round each filter, so a filter always sees a
 * response, also for what was thrown further in:
 *
 * <pre>
 *   outer layers ( guard ( filter 1 ( guard ( filter 2 ( guard ( handler ) ) ) ) ) )
 * </pre>
 *
 * @param outer the layers around these; null for {@link #NONE} only
 * @param filters the first is the outermost
 * @param exceptionHandler or null
 */
record Layers(Layers outer, List<Filter> filters, ExceptionHandler exceptionHandler) {

    /** Nothing around. */
    static final Layers NONE = new Layers(null, List.of(), null);

    /** Returns these layers with others around them. */
    Layers within(Layers around) {
        return this == NONE ? around : new Layers(outer.within(around), filters, exceptionHandler);
    }

    /** Returns the handler with all layers around it; the same handler if there is none. */
    Handler around(Handler handler) {
        Handler inside = handler;
        if (!filters.isEmpty() || exceptionHandler != null) {
            inside = guarded(inside);
            for (Filter filter : filters.reversed()) {
                inside = guarded(filtered(filter, inside));
            }
            inside = exceptionHandler == null ? inside : unwrapped(inside);
        }
        return this == NONE ? handler : outer.around(inside);
    }

    /**
     * Returns what tries a handler at once, with the exception handlers around it; null if the handler is none that can
     * be tried, or a filter stands around it, which must see a request only once.
     */
    Handler aroundAttempt(Handler handler) {
        return handler instanceof PromptHandler prompt && !hasFilters() ? attempt(prompt::tryHandle) : null;
    }

    private Handler attempt(Handler inside) {
        return this == NONE ? inside
                : outer.attempt(exceptionHandler == null ? inside : unwrapped(caught(inside)));
    }

    /** Returns whether nothing here blocks. */
    boolean nonBlocking() {
        return this == NONE || filters.stream().allMatch(NonBlockingFilter.class::isInstance) && outer.nonBlocking();
    }

    /** Returns whether a filter of somebody stands round the handler. */
    boolean hasFilters() {
        return this != NONE && (!filters.isEmpty() || outer.hasFilters());
    }

    private static Handler filtered(Filter filter, Handler next) {
        Filter bare = filter instanceof NonBlockingFilter marked ? marked.filter() : filter;
        return request -> bare.filter(request, next);
    }

    private Handler guarded(Handler handler) {
        Handler checked = request -> nonNull(handler.handle(request), request);
        return exceptionHandler == null ? checked : caught(checked);
    }

    private Handler caught(Handler handler) {
        return request -> {
            try {
                return handler.handle(request);
            } catch (PassedOn e) {
                throw e;
            } catch (Exception e) {
                if (FailedCall.failureBehind(e) != null) {
                    throw e;        // the server knows better what the client has to be told
                }
                return handled(request, e);
            }
        };
    }

    private Response handled(Request request, Exception thrown) {
        try {
            return nonNull(exceptionHandler.handle(request, thrown), request);
        } catch (Exception e) {
            if (e != thrown) {
                e.addSuppressed(thrown);
            }
            throw new PassedOn(e);
        }
    }

    private static Handler unwrapped(Handler handler) {
        return request -> {
            try {
                return handler.handle(request);
            } catch (PassedOn e) {
                throw e.thrown;
            }
        };
    }

    private static Response nonNull(Response response, Request request) {
        if (response == null) {
            throw new IllegalStateException("the handler returned null for " + request);
        }
        return response;
    }

    /** What the exception handler itself has thrown: on its way out no guard of the same router asks it again. */
    private static final class PassedOn extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final transient Exception thrown;

        PassedOn(Exception thrown) {
            super(null, thrown, false, false);
            this.thrown = thrown;
        }
    }
}
