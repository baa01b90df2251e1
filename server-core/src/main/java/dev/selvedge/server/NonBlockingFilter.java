package dev.selvedge.server;

/**
 * A filter whose author promises that it does not block.
 *
 * @param filter the filter itself
 */
record NonBlockingFilter(Filter filter) implements Filter {

    @Override
    public Response filter(Request request, Handler next) throws Exception {
        return filter.filter(request, next);
    }
}
