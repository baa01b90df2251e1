package dev.selvedge.server;

/**
 * What is to be done for a request, ready to be called: a handler with all filters around it, and what has to be known
 * before.
 *
 * @param parameters where path parameters come from
 * @param handler the handler with the filters and exception handlers around it
 * @param attempt answers at once or returns null, with the exception handlers around it; null where nobody can, or
 *     nobody may because of a filter
 * @param blocking whether it needs a thread of its own
 * @param maxBodyBytes the limit for bodies, or {@link MarkedHandler#NO_OWN_LIMIT}
 * @param mountOctets the length of the prefixes of all mounts around it, in canonical octets
 * @param automatic whether it is a router's own answer (404, 405, OPTIONS), because no route fits
 * @param readsBody whether the handler, or a filter around it, may look at the body
 */
record Route(PathParameters parameters, Handler handler, Handler attempt, boolean blocking, long maxBodyBytes,
        int mountOctets, boolean automatic, boolean readsBody) implements Destination {

    @Override
    public Route select(String method, byte[] path, int from, int to, boolean asterisk) {
        return this;
    }
}
