package dev.selvedge.server;

/**
 * Makes a response of an exception that a handler or a filter has thrown. An {@link Error} is not handed to it: the
 * server logs it and answers {@code 500 Internal Server Error}. Neither is a failure to read the request's body, for
 * which the server has the right answer (see {@link RequestBody}).
 *
 * <pre>{@code
 * Router.builder()
 *     .onException((request, exception) -> switch (exception) {
 *         case NoSuchUserException e -> Response.json("{\"error\":\"no such user\"}").withStatus(404);
 *         default -> throw exception;      // not ours: let the router around us, or the server, decide
 *     })
 * }</pre>
 */
@FunctionalInterface
public interface ExceptionHandler {

    /**
     * Makes the response. It runs in the thread of the handler, so it must not block where that does not.
     *
     * @param request the request that could not be answered
     * @param exception what was thrown
     * @return the response; null counts as an error
     * @throws Exception if it has no answer either: the same exception or another one. It goes to the exception handler
     *     further out, at last to the server, which logs it and answers {@code 500 Internal Server Error}
     */
    Response handle(Request request, Exception exception) throws Exception;
}
