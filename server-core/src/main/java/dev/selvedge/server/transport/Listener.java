package dev.selvedge.server.transport;

import java.net.InetSocketAddress;

/**
 * A socket that accepts connections.
 *
 * <p>Registered with one {@link Poller}; apart from {@link #address()} its methods belong to that poller's thread.
 */
public interface Listener extends AutoCloseable {

    /**
     * Returns the address that it is bound to, with the real port. May be called by any thread, also after closing.
     *
     * @return the local address, never null
     */
    InetSocketAddress address();

    /**
     * Takes one connection out of the queue, if there is one. Never waits. A caller that was told of readiness calls
     * this until it answers {@link Errno#EAGAIN}, or comes back by itself later: the edge is not repeated. A
     * connection that ended while it waited in the queue is passed over ({@code ECONNABORTED}), as are interruptions.
     *
     * @return the connection, or why there is none; {@link Errno#EBADF} after closing
     */
    Acceptance accept();

    /** Stops listening. Connections that wait in the queue are refused by the system. May be called repeatedly. */
    @Override
    void close();
}
