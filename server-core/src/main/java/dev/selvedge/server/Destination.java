package dev.selvedge.server;

/** Where requests go: to one route, to what is mounted, or to one of a tree. */
sealed interface Destination permits Route, Mount, RouteTree {

    /**
     * Chooses the route. Allocates nothing.
     *
     * @param method the request's method
     * @param path holds the canonical path
     * @param from the index of the slash where matching begins; equal to {@code to} where the path is empty, which is
     *     taken for a slash
     * @param to the index behind the path
     * @param asterisk whether the target is not a path but {@code *}
     * @return the route, never null
     */
    Route select(String method, byte[] path, int from, int to, boolean asterisk);
}
