package dev.selvedge.server.transport;

/** What {@link Listener#accept()} found: a connection, or the reason why there is none. */
public sealed interface Acceptance {

    /**
     * A new connection. It belongs to the caller, who adds it to a {@link Poller} or closes it.
     *
     * @param channel the connection's channel, not yet added to any poller
     */
    record Connected(Channel channel) implements Acceptance { }

    /**
     * No connection.
     *
     * @param errno {@link Errno#EAGAIN} if the queue is empty; {@link Errno#EMFILE}, {@link Errno#ENFILE},
     *     {@link Errno#ENOBUFS} or {@link Errno#ENOMEM} if the system has no room for one more now; another number for
     *     another failure
     */
    record None(int errno) implements Acceptance { }

    /** The queue of waiting connections is empty. */
    None EMPTY = new None(Errno.EAGAIN);
}
