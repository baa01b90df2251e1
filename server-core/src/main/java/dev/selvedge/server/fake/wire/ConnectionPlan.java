package dev.selvedge.server.fake.wire;

/**
 * What goes wrong with a connection as a whole.
 *
 * @param acceptNanos how long it waits to be accepted, at least 0
 * @param receiveRate how many octets are read in a second; 0 for no such bound
 * @param sendRate how many octets are sent in a second; 0 for no such bound
 * @param stopReceiving behind which octet of the peer it ends; null if it does not
 * @param stopSending behind which octet that is sent it ends; null if it does not
 */
public record ConnectionPlan(long acceptNanos, long receiveRate, long sendRate, Stop stopReceiving, Stop stopSending) {

    /** Nothing goes wrong. */
    public static final ConnectionPlan NONE = new ConnectionPlan(0, 0, 0, null, null);
}
