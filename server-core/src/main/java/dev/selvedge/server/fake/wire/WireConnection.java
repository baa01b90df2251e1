package dev.selvedge.server.fake.wire;

import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A connection as it was seen at the wire: its requests in order, with their exact octets. May be used by any thread.
 * Its monitor guards the record, and what its {@link FaultChannel} does at the wire.
 */
public final class WireConnection {

    private final Wires wires;
    private final int index;
    private final InetSocketAddress remoteAddress;
    private final Instant accepted;
    private final List<WireExchange> exchanges = new ArrayList<>();
    private final OctetLog stray;
    private int handled;
    private boolean closed;
    private End ended;

    /** Set once, before anybody else can know this connection. */
    private FaultChannel channel;

    WireConnection(Wires wires, int index, InetSocketAddress remoteAddress, Instant accepted) {
        this.wires = wires;
        this.index = index;
        this.remoteAddress = remoteAddress;
        this.accepted = accepted;
        this.stray = new OctetLog(wires.maxRecordedOctets());
    }

    void channel(FaultChannel newChannel) {
        channel = newChannel;
    }

    /**
     * Returns which one it is.
     *
     * @return 0 for the first connection that was accepted
     */
    public int index() {
        return index;
    }

    /**
     * Returns the peer's address.
     *
     * @return the address
     */
    public InetSocketAddress remoteAddress() {
        return remoteAddress;
    }

    /**
     * Returns when it was accepted.
     *
     * @return the transport's time of day
     */
    public Instant accepted() {
        return accepted;
    }

    /**
     * Returns the exchange whose handler is at work now. To be called once by each call of the server's handler: the
     * calls for one connection come one after the other, in the order of its requests.
     *
     * @return the exchange
     * @throws IllegalStateException if it is called more often than there were requests
     */
    public synchronized WireExchange handled() {
        if (handled == exchanges.size()) {
            throw new IllegalStateException("there was no further request on this connection");
        }
        WireExchange exchange = exchanges.get(handled++);
        exchange.markHandled();
        return exchange;
    }

    /**
     * Returns what was begun on this connection: requests, complete or not, handled or not.
     *
     * @return the exchanges up to now, in order, unmodifiable
     */
    public synchronized List<WireExchange> exchanges() {
        return List.copyOf(exchanges);
    }

    /**
     * Returns the octets that belong to no request: empty lines before one, what came behind a head that can't be
     * framed, and what came after an end.
     *
     * @return a copy
     */
    public synchronized byte[] strayOctets() {
        return stray.octets();
    }

    /**
     * Returns whether it is closed, by whomever.
     *
     * @return true if nothing comes or goes any more
     */
    public synchronized boolean closed() {
        return closed;
    }

    /**
     * Returns how a plan has ended it.
     *
     * @return the end, or null if none has
     */
    public synchronized End ended() {
        return ended;
    }

    void planned(WireExchange exchange) {
        channel.planned(exchange);
    }

    void endIdle(End end) {
        channel.endIdle(end);
    }

    // ---- written by the channel

    /** Returns how many requests have begun. */
    synchronized int begun() {
        return exchanges.size();
    }

    synchronized WireExchange begin(Instant arrival) {
        WireExchange exchange = new WireExchange(this, exchanges.size(), arrival, wires.maxRecordedOctets());
        exchanges.add(exchange);
        return exchange;
    }

    /** Returns the exchange of the n-th response, or null if there was no request for it. */
    synchronized WireExchange exchange(int n) {
        return n < exchanges.size() ? exchanges.get(n) : null;
    }

    synchronized void addStray(byte[] src, int from, int count) {
        stray.add(src, from, count);
    }

    synchronized void markEnded(End end, WireExchange exchange) {
        ended = end;
        if (exchange != null) {
            exchange.markEnded(end);
        }
    }

    synchronized void markClosed() {
        closed = true;
    }
}
