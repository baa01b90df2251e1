package dev.selvedge.server.engine;

import java.net.InetSocketAddress;

/** The two ends of a connection. May be asked by any thread, also when the connection has ended. */
public interface Peer {

    /**
     * Returns the client's address.
     *
     * @return the address, never null
     */
    InetSocketAddress remoteAddress();

    /**
     * Returns the server's address on this connection.
     *
     * @return the address, never null
     */
    InetSocketAddress localAddress();
}
