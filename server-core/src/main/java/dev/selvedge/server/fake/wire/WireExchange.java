package dev.selvedge.server.fake.wire;

import java.time.Instant;

/**
 * A request of a connection and what was sent for it: the exact octets, and the plan for them. May be used by any
 * thread.
 */
public final class WireExchange {

    private final WireConnection connection;
    private final int index;
    private final Instant arrival;
    private final OctetLog request;
    private final OctetLog response;
    private boolean handled;
    private boolean requestComplete;
    private boolean responseComplete;
    private boolean head;
    private volatile ExchangePlan plan = ExchangePlan.NONE;
    private End ended;

    WireExchange(WireConnection connection, int index, Instant arrival, int maxRecordedOctets) {
        this.connection = connection;
        this.index = index;
        this.arrival = arrival;
        this.request = new OctetLog(maxRecordedOctets);
        this.response = new OctetLog(maxRecordedOctets);
    }

    /**
     * Returns the connection that it was made on.
     *
     * @return the connection
     */
    public WireConnection connection() {
        return connection;
    }

    /**
     * Returns which one on its connection it is.
     *
     * @return 0 for the first one
     */
    public int index() {
        return index;
    }

    /**
     * Returns when the first octet of the request was read.
     *
     * @return the transport's time of day
     */
    public Instant arrival() {
        return arrival;
    }

    /**
     * Says what is to go wrong. To be called by the handler, before it returns or reads the body; afterwards the
     * response may be under way already. A request that has passed its end already ends now.
     *
     * @param newPlan the plan
     */
    public void plan(ExchangePlan newPlan) {
        presetPlan(newPlan);
        connection.planned(this);
    }

    /** Sets the plan without doing anything for it yet. */
    void presetPlan(ExchangePlan newPlan) {
        plan = newPlan;
    }

    ExchangePlan plan() {
        return plan;
    }

    /**
     * Returns the request's octets up to now, from its method on.
     *
     * @return a copy
     */
    public byte[] requestOctets() {
        synchronized (connection) {
            return request.octets();
        }
    }

    /**
     * Returns how many octets the request has up to now: more than were recorded, if it is very long.
     *
     * @return octets
     */
    public long requestLength() {
        synchronized (connection) {
            return request.length();
        }
    }

    /**
     * Returns whether the whole request was read.
     *
     * @return true if its last octet has come
     */
    public boolean requestComplete() {
        synchronized (connection) {
            return requestComplete;
        }
    }

    /**
     * Returns what was sent for it up to now, interim responses included.
     *
     * @return a copy
     */
    public byte[] responseOctets() {
        synchronized (connection) {
            return response.octets();
        }
    }

    /**
     * Returns how many octets were sent for it up to now: more than were recorded, if they are very many.
     *
     * @return octets
     */
    public long responseLength() {
        synchronized (connection) {
            return response.length();
        }
    }

    /**
     * Returns whether the whole response was given to the system.
     *
     * @return true if its last octet has gone
     */
    public boolean responseComplete() {
        synchronized (connection) {
            return responseComplete;
        }
    }

    /**
     * Returns whether a handler has taken it; requests that the server refuses by itself never reach one.
     *
     * @return true after {@link WireConnection#handled()} has returned it
     */
    public boolean handled() {
        synchronized (connection) {
            return handled;
        }
    }

    /**
     * Returns how a plan has ended the connection in this exchange.
     *
     * @return the end, or null if none has
     */
    public End ended() {
        synchronized (connection) {
            return ended;
        }
    }

    // ---- written by the channel, all with the connection's monitor held

    OctetLog request() {
        return request;
    }

    OctetLog response() {
        return response;
    }

    void markHandled() {
        handled = true;
    }

    void markRequestComplete() {
        requestComplete = true;
    }

    void markResponseComplete() {
        responseComplete = true;
    }

    void markHead() {
        head = true;
    }

    boolean isHead() {
        return head;
    }

    void markEnded(End end) {
        ended = end;
    }
}
