package dev.selvedge.server.fake;

/** How a fake server ends a connection at the octet where a {@linkplain Fault fault} says so. */
public enum Ending {

    /**
     * The connection is closed in order: the client finds the end of input behind the last octet. What it sends
     * afterwards is answered by a reset, as by every closed socket.
     */
    FIN("closes the connection"),

    /**
     * The connection is reset: the client's next read or write fails. On a loopback connection the octets that were
     * sent before arrive all the same, as long as they fit into the client's receive buffer; on others a reset may
     * overtake them.
     */
    RESET("resets the connection"),

    /**
     * Only the sending side is closed: the client finds the end of input, and can go on sending. What it sends is read
     * and kept, and not answered, until the client closes the connection.
     */
    HALF_CLOSE("closes its sending side, and goes on reading"),

    /**
     * Nothing more is sent, and the connection stays open until the client closes it: the client waits for as long as
     * its own timeout says. One that ended behind octets of the request may stay open until the fake is closed.
     */
    SILENCE("says nothing more, and leaves the connection open");

    private final String deed;

    Ending(String deed) {
        this.deed = deed;
    }

    /** Returns what the server does, for a sentence: "closes the connection". */
    String deed() {
        return deed;
    }
}
