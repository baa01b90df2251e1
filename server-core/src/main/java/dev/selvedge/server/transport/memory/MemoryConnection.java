package dev.selvedge.server.transport.memory;

import java.net.ConnectException;
import java.net.InetSocketAddress;

/**
 * The client's end of a connection in memory: a socket that waits by the scheduler's clock. For one thread at a time.
 *
 * <p>What the server sends stays in the connection's buffers until it is {@linkplain #receive received}: a client that
 * does not receive is one that does not read.
 */
public final class MemoryConnection implements MemoryPeer {

    private final MemoryTransport transport;
    private final Scheduler scheduler;
    private final InetSocketAddress address;
    private InetSocketAddress server;
    private MemoryChannel channel;
    private boolean outputEnded;
    private boolean closed;
    private boolean reset;
    private boolean resetByServer;

    /** What was on its way when the server reset the connection. */
    private byte[] left = {};
    private int leftFrom;

    /**
     * Makes one that is not connected.
     *
     * @param transport the network
     */
    public MemoryConnection(MemoryTransport transport) {
        this.transport = transport;
        this.scheduler = transport.scheduler();
        this.address = transport.clientAddress();
    }

    // ---- what its owner does -----------------------------------------------------------------------------------

    /**
     * Connects to a listener; waits for room in its backlog, not to be accepted.
     *
     * @param to the listener's address
     * @param until how long to wait for room
     * @return whether the connection stands
     * @throws ConnectException if nobody listens there
     */
    public boolean connect(InetSocketAddress to, long until) throws ConnectException {
        scheduler.enter();
        try {
            server = to;
            MemoryListener listener = transport.listener(to);
            return scheduler.waitFor(listener::hasRoom, until) && listener.connect(this);
        } finally {
            scheduler.exit();
        }
    }

    /**
     * Sends octets; waits while the server's system has no room for them.
     *
     * @param src the octets
     * @param from the first index in {@code src}
     * @param length how many
     * @param until how long to wait for room each time
     * @return how many were sent; fewer if the time was over or the connection is reset
     */
    public int send(byte[] src, int from, int length, long until) {
        scheduler.enter();
        try {
            int sent = 0;
            while (sent < length && scheduler.waitFor(() -> reset || maySend() > 0, until) && !reset) {
                int n = Math.min(length - sent, maySend());
                channel.arrive(src, from + sent, n);
                sent += n;
            }
            return sent;
        } finally {
            scheduler.exit();
        }
    }

    private int maySend() {
        return channel.isClosed() ? Integer.MAX_VALUE : channel.roomIn();
    }

    /**
     * Receives octets; waits for them.
     *
     * @param dst where to put them
     * @param from the first index in {@code dst}
     * @param length how many at most, at least 1
     * @param until how long to wait
     * @return how many; 0 if the time was over; -1 at the end, or behind the last octets before a reset
     */
    public int receive(byte[] dst, int from, int length, long until) {
        scheduler.enter();
        try {
            if (!scheduler.waitFor(() -> reset || channel.waiting() > 0 || channel.endReached(), until)) {
                return 0;
            }
            return reset ? receiveLeft(dst, from, length) : receiveWaiting(dst, from, length);
        } finally {
            scheduler.exit();
        }
    }

    private int receiveWaiting(byte[] dst, int from, int length) {
        int n = Math.min(length, channel.waiting());
        channel.take(dst, from, n);
        return n == 0 ? -1 : n;
    }

    /** On Linux, too, what has come before a reset is received before it is told. */
    private int receiveLeft(byte[] dst, int from, int length) {
        int n = Math.min(length, left.length - leftFrom);
        System.arraycopy(left, leftFrom, dst, from, n);
        leftFrom += n;
        return n == 0 ? -1 : n;
    }

    /** Ends the sending side (FIN); receiving goes on. */
    public void endOutput() {
        scheduler.enter();
        try {
            if (!outputEnded && !reset) {
                outputEnded = true;
                channel.endArrives();
            }
        } finally {
            scheduler.exit();
        }
    }

    /**
     * Returns whether this side was ended.
     *
     * @return true after {@link #endOutput()} and {@link #close()}
     */
    public boolean isOutputEnded() {
        return outputEnded || closed;
    }

    /** Resets the connection (RST). */
    public void reset() {
        scheduler.enter();
        try {
            if (channel != null && !reset) {
                reset = true;
                channel.resetArrives();
            }
            closed = true;
        } finally {
            scheduler.exit();
        }
    }

    /** Closes the connection: by a reset if something was not received, else in order. May be called repeatedly. */
    public void close() {
        scheduler.enter();
        try {
            if (closed) {
                return;
            }
            closed = true;
            if (channel != null && channel.waiting() > 0) {
                reset();
            } else if (channel != null) {
                endOutput();
            }
        } finally {
            scheduler.exit();
        }
    }

    /**
     * Returns whether the server has ended its sending side, in order or not.
     *
     * @return true if nothing comes any more but what was not {@linkplain #receive received} yet
     */
    public boolean isEnded() {
        scheduler.enter();
        try {
            return reset || channel != null && channel.isOutputEnded();
        } finally {
            scheduler.exit();
        }
    }

    /**
     * Returns whether it was reset, by this side or by the server.
     *
     * @return true if what was sent may be lost
     */
    public boolean isReset() {
        return reset;
    }

    /**
     * Returns whether it was reset or refused, by the server.
     *
     * @return true if what was sent may be lost
     */
    public boolean isResetByServer() {
        return resetByServer;
    }

    /**
     * Returns the server's address.
     *
     * @return the address that it was connected to, or null
     */
    public InetSocketAddress server() {
        return server;
    }

    // ---- what it is told ---------------------------------------------------------------------------------------

    @Override
    public InetSocketAddress address() {
        return address;
    }

    @Override
    public void connected(MemoryChannel to) {
        channel = to;
    }

    @Override
    public void refused() {
        resetByServer("nobody listens any more", new byte[0]);
    }

    @Override
    public void resetByServer(String why, byte[] unread) {
        if (!reset) {
            reset = true;
            resetByServer = true;
            left = unread;
        }
    }

    @Override
    public boolean hasGone() {
        return reset;
    }

    @Override
    public boolean takesOctets() {
        return !closed;
    }

    @Override
    public String toString() {
        return "client " + address.getPort();
    }
}
