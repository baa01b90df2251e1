package dev.selvedge.server.fake.wire;

import dev.selvedge.server.transport.TransportProvider;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.IntFunction;

/**
 * All connections of one fake server: finds them, keeps their record, and says what goes wrong with them. Made before
 * the server, whose transport it {@linkplain #over provides}. May be used by any thread.
 */
public final class Wires {

    private final int maxRecordedOctets;
    private final List<WireConnection> connections = new ArrayList<>();
    private final Map<InetSocketAddress, WireConnection> byPeer = new ConcurrentHashMap<>();
    private final List<FaultListener> listeners = new CopyOnWriteArrayList<>();
    private int accepted;
    private volatile IntFunction<ConnectionPlan> connectionPlans = index -> ConnectionPlan.NONE;

    /**
     * Makes the record of a server that is not yet started.
     *
     * @param maxRecordedOctets how many octets of one request or response are kept, at least 1; more are only counted
     */
    public Wires(int maxRecordedOctets) {
        this.maxRecordedOctets = maxRecordedOctets;
    }

    /**
     * Returns a transport for the server: of all that are provided by this record, one is to be started.
     *
     * @param below what really moves the octets
     * @return the provider of a transport over it
     */
    public TransportProvider over(TransportProvider below) {
        return new FaultTransportProvider(below, this);
    }

    /**
     * Says what goes wrong with the connections that are accepted from now on.
     *
     * @param plans gives the plan of each connection, by its index; called on the event loop, so it must not block
     */
    public void connectionPlans(IntFunction<ConnectionPlan> plans) {
        connectionPlans = plans;
    }

    /**
     * Returns the last connection with a peer: a handler may ask when it has ended already.
     *
     * @param remoteAddress the peer's address, as the request tells it
     * @return the connection
     * @throws IllegalStateException if there was none
     */
    public WireConnection at(InetSocketAddress remoteAddress) {
        WireConnection found = byPeer.get(remoteAddress);
        if (found == null) {
            throw new IllegalStateException("there was no connection with " + remoteAddress);
        }
        return found;
    }

    /**
     * Returns the connections that were accepted up to now.
     *
     * @return all that were not {@linkplain #forgetClosed() forgotten}, in order, unmodifiable
     */
    public List<WireConnection> connections() {
        synchronized (connections) {
            return List.copyOf(connections);
        }
    }

    /** Forgets the connections that are closed; the others keep their numbers. */
    public void forgetClosed() {
        synchronized (connections) {
            connections.removeIf(WireConnection::closed);
        }
        byPeer.values().removeIf(WireConnection::closed);
    }

    /**
     * Refuses connections from now on, as if nobody listened, until {@link #accept()}; open ones go on. When it
     * returns, no connection is accepted any more.
     */
    public void refuse() {
        listeners.forEach(FaultListener::refuse);
    }

    /**
     * Accepts connections again, at the same address.
     *
     * @throws IOException if the address was taken meanwhile
     */
    public void accept() throws IOException {
        for (FaultListener each : listeners) {
            each.reopen();
        }
    }

    /**
     * Ends all connections on which nothing is under way.
     *
     * @param end how
     */
    public void endIdle(End end) {
        byPeer.values().forEach(each -> each.endIdle(end));
    }

    // ---- used by the transport

    int maxRecordedOctets() {
        return maxRecordedOctets;
    }

    ConnectionPlan connectionPlan(int index) {
        return connectionPlans.apply(index);
    }

    WireConnection accepted(InetSocketAddress remoteAddress, long epochMillis) {
        WireConnection connection;
        synchronized (connections) {
            connection = new WireConnection(this, accepted++, remoteAddress, Instant.ofEpochMilli(epochMillis));
            connections.add(connection);
        }
        return connection;
    }

    /** Lets a connection be found. */
    void opened(WireConnection connection) {
        byPeer.put(connection.remoteAddress(), connection);
    }

    void listens(FaultListener listener) {
        listeners.add(listener);
    }
}
