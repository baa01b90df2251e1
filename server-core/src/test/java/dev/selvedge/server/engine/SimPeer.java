package dev.selvedge.server.engine;

/** Who is at the other end of a simulated connection: what it is told of the server's end. */
interface SimPeer {

    /** Returns which one it is; its address depends on it. */
    int number();

    /** Something has happened on the connection. */
    void progress();

    /** Returns whether something has happened on the connection a short time ago. */
    boolean isBusy();

    /** Returns whether it has given up. */
    boolean hasGone();

    /** The server has taken the connection. */
    void accepted(SimChannel with);

    /** Nobody listens. */
    void refused();

    /** The server has no room for the connection and closes it. */
    void neglected();

    /** The server has closed its end. */
    void closedByServer();

    /** The connection is reset, and some octets with it that had been handed to the system and not been read yet. */
    void resetByServer(String why, byte[] unread);
}
