package dev.selvedge.server.engine;

import dev.selvedge.server.http1.Refused;
import dev.selvedge.server.http1.RequestHead;

/** What the engine serves: it chooses, for each request head, who answers and under which conditions. */
@FunctionalInterface
public interface Application {

    /**
     * Chooses who answers. Called on the event loop once the head is complete and before the body has come; must not
     * block and must not throw.
     *
     * @param head the request's head
     * @param peer the two ends of the connection
     * @return the call to be made
     */
    Call choose(RequestHead head, Peer peer);

    /**
     * Takes note of a request that was refused. Called on the event loop; must not block.
     *
     * @param request what was refused, and why
     * @param peer the two ends of the connection
     */
    default void refused(Refused request, Peer peer) { }
}
