package dev.selvedge.server.transport.memory;

import java.net.InetSocketAddress;

/** Who is at the other end of a connection in memory: what it is told of the server's end. */
public interface MemoryPeer {

    /**
     * Returns its address.
     *
     * @return an address that no other peer has, never null
     */
    InetSocketAddress address();

    /**
     * The connection stands, and waits to be accepted; what is sent waits with it.
     *
     * @param channel the server's end
     */
    default void connected(MemoryChannel channel) { }

    /**
     * The server has taken the connection.
     *
     * @param channel the server's end
     */
    default void accepted(MemoryChannel channel) { }

    /** Nobody listens any more. */
    void refused();

    /** The server has closed its end. */
    default void closedByServer() { }

    /**
     * The connection is reset.
     *
     * @param why in words
     * @param unread octets that were handed to the system and that the peer had not read yet
     */
    void resetByServer(String why, byte[] unread);

    /**
     * Returns whether it has given up.
     *
     * @return true if it is not there any more to be accepted
     */
    boolean hasGone();

    /**
     * Returns whether it takes octets. The system of one that has closed its end answers them by a reset.
     *
     * @return false if a reset is to arrive behind the next octets
     */
    default boolean takesOctets() {
        return true;
    }

    /** The server has no room for the connection, and closes it. */
    default void neglected() { }

    /** Something has happened on the connection. */
    default void progress() { }

    /**
     * Returns whether something has happened on the connection a short time ago.
     *
     * @return whether an edge may be told once more
     */
    default boolean isBusy() {
        return true;
    }
}
