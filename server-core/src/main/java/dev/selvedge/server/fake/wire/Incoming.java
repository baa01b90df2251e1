package dev.selvedge.server.fake.wire;

import dev.selvedge.server.transport.TimeSource;
import java.time.Instant;

/**
 * What comes from the peer of one connection: which octets belong to which request, how many may be read now, and
 * where reading ends. Guarded by the connection's monitor.
 */
final class Incoming {

    private final WireConnection record;
    private final ConnectionPlan connectionPlan;
    private final TimeSource time;
    private final MessageScanner scanner = MessageScanner.ofRequests();
    private final Throttle connectionThrottle;
    private long received;
    /** The exchange whose request has begun and is not complete. */
    private WireExchange reading;
    /** Whose request has come to the end that its plan wants. */
    private WireExchange reached;
    /** Of {@link #reading}; null if its plan has no rate. */
    private Throttle throttle;

    Incoming(WireConnection record, ConnectionPlan connectionPlan, TimeSource time) {
        this.record = record;
        this.connectionPlan = connectionPlan;
        this.time = time;
        this.connectionThrottle = connectionPlan.receiveRate() == 0 ? null
                : new Throttle(connectionPlan.receiveRate(), time.nanos());
    }

    /** Returns the exchange in which {@link #stop} ends the connection, or null. */
    WireExchange stoppedIn() {
        return reached != null ? reached : reading;
    }

    /** Returns whether no request has begun that is not complete. */
    boolean atStart() {
        return scanner.atStart();
    }

    /** Takes up a plan; it counts from now on if its request is still being read. */
    void planned(WireExchange exchange) {
        if (exchange == reading && exchange.plan().requestRate() > 0) {
            throttle = new Throttle(exchange.plan().requestRate(), time.nanos());
        }
    }

    /** Returns how the connection ends before anything more is read, or null. */
    Stop stop() {
        if (connectionPlan.stopReceiving() != null && received >= connectionPlan.stopReceiving().octets()) {
            return connectionPlan.stopReceiving();
        }
        return reached == null ? null : reached.plan().stopRequest();
    }

    /** Returns how many octets may be read now, at most {@code length}; 0 if they have to wait. */
    int allowance(int length, long now) {
        long allowed = length;
        if (connectionPlan.stopReceiving() != null) {
            allowed = Math.min(allowed, connectionPlan.stopReceiving().octets() - received);
        }
        if (reading != null && reading.plan().stopRequest() != null) {
            allowed = Math.min(allowed, reading.plan().stopRequest().octets() - reading.request().length());
        }
        if (connectionThrottle != null) {
            allowed = Math.min(allowed, connectionThrottle.allowance(now));
        }
        if (throttle != null) {
            allowed = Math.min(allowed, throttle.allowance(now));
        }
        return (int) allowed;
    }

    /** Returns when to try again, after an {@link #allowance} that was too small. */
    long retryAt(long now) {
        return Math.max(connectionThrottle == null ? now : connectionThrottle.fullAt(),
                throttle == null ? now : throttle.fullAt());
    }

    /** Takes up what was read. */
    void received(byte[] src, int from, int length) {
        received += length;
        if (connectionThrottle != null) {
            connectionThrottle.passed(length);
        }
        if (throttle != null) {
            throttle.passed(length);
        }
        for (int at = from, end = from + length; at < end;) {
            int n = scanner.span(src, at, end - at);
            if (scanner.part() == MessageScanner.Part.LOST || scanner.isEmptyLine(src[at])) {
                record.addStray(src, at, n);
                scanner.advance(src, at, n);
            } else {
                receivedOfRequest(src, at, n);
            }
            at += n;
        }
    }

    private void receivedOfRequest(byte[] src, int from, int n) {
        if (scanner.atStart()) {
            reading = record.begin(Instant.ofEpochMilli(time.epochMillis()));
        }
        boolean head = scanner.atStart() || scanner.part() == MessageScanner.Part.HEAD;
        reading.request().add(src, from, n);
        scanner.advance(src, from, n);
        Stop stop = reading.plan().stopRequest();
        if (stop != null && reading.request().length() >= stop.octets()) {
            reached = reading;
        }
        if (head && scanner.part() != MessageScanner.Part.HEAD && scanner.headRequest()) {
            reading.markHead();
        }
        if (scanner.atStart()) {
            reading.markRequestComplete();
            reading = null;
            throttle = null;
        }
    }
}
