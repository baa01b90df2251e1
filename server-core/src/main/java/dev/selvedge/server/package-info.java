/**
 * The public face: a server that is embedded, its handlers, and the values that they take and give.
 *
 * <p>{@link dev.selvedge.server.HttpServer} starts a server, {@link dev.selvedge.server.Router} finds the
 * {@link dev.selvedge.server.Handler} for a request, and a handler makes a {@link dev.selvedge.server.Response} out
 * of a {@link dev.selvedge.server.Request}. Requests and responses are values: they can be made and looked at in a
 * test without any server.
 *
 * <p>Unless something else is said, no parameter may be null ({@link java.lang.NullPointerException}), no method
 * returns null, and every type may be used by several threads at once.
 */
package dev.selvedge.server;
