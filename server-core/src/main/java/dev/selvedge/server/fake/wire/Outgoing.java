package dev.selvedge.server.fake.wire;

import dev.selvedge.server.transport.TimeSource;

/**
 * What goes to the peer of one connection: decides, octet by octet, what of the server's output passes now, what waits,
 * what is dropped or replaced, and where the connection ends. Guarded by the connection's monitor.
 *
 * <pre>
 *                      interim (1xx)
 *   BETWEEN ─────────────────────────────▶ INTERIM, or DROPPING_INTERIM ──▶ BETWEEN
 *      │  final                                                                ▲
 *      ├──────────────▶ RESPONSE ───────────────────────────────────────────────┤
 *      │  replaced                      all octets sent                         │ the server's response is over
 *      └──────────────▶ REPLACING ─────────────────────▶ DROPPING ──────────────┘
 * </pre>
 */
final class Outgoing {

    private enum Phase { BETWEEN, INTERIM, DROPPING_INTERIM, RESPONSE, REPLACING, DROPPING }

    /** What is to be done next with the server's output. */
    sealed interface Step {

        /** Some octets may pass: the first ones of the output, or else those of a replacement. */
        record Pass(byte[] array, int from, int length, boolean ofReplacement) implements Step { }

        /** So many octets of the output are passed over. */
        record Drop(int length) implements Step { }

        /** Nothing passes before a time. */
        record Wait(long until) implements Step { }

        /** The connection ends here. */
        record Stopped(End end) implements Step { }
    }

    private static final int STATUS_AT = 9;

    private final WireConnection record;
    private final ConnectionPlan connectionPlan;
    private final TimeSource time;
    private final MessageScanner scanner = MessageScanner.ofResponses();
    private final Throttle connectionThrottle;
    private long connectionSent;
    private Phase phase = Phase.BETWEEN;

    /** How many final responses are over: the index of the exchange of the next one. */
    private int answered;

    // of the final response under way
    private WireExchange exchange;
    private ExchangePlan plan = ExchangePlan.NONE;
    private Throttle throttle;
    private long sent;
    private long notBefore;
    private boolean bodyHasWaited;
    private int chunksThatWaited;

    Outgoing(WireConnection record, ConnectionPlan connectionPlan, TimeSource time) {
        this.record = record;
        this.connectionPlan = connectionPlan;
        this.time = time;
        this.connectionThrottle = connectionPlan.sendRate() == 0 ? null
                : new Throttle(connectionPlan.sendRate(), time.nanos());
    }

    /** Returns how many final responses are over. */
    int answered() {
        return answered;
    }

    /** Returns whether no response is under way. */
    boolean atStart() {
        return phase == Phase.BETWEEN;
    }

    /** Returns the plan of the last final response that has begun. */
    ExchangePlan plan() {
        return plan;
    }

    /** Returns the exchange of the response under way, or of the next one; null if there is none. */
    WireExchange exchange() {
        return phase == Phase.BETWEEN ? record.exchange(answered) : exchange;
    }

    /**
     * Decides what is to be done with the output.
     *
     * @param src the server's output, from the first octet that was neither passed nor dropped
     * @param length how many octets there are, at least 1
     */
    Step next(byte[] src, int from, int length, long now) {
        if (phase == Phase.BETWEEN) {
            begin(src, from, length, now);
        }
        return switch (phase) {
            case INTERIM -> limited(src, from, scanner.span(src, from, length), false, now);
            case RESPONSE -> gate(src[from], now)
                    ? new Step.Wait(notBefore) : limited(src, from, scanner.span(src, from, length), false, now);
            case REPLACING -> replaced(src, from, length, now);
            case DROPPING, DROPPING_INTERIM -> drop(src, from, length);
            case BETWEEN -> throw new AssertionError("a response has begun");
        };
    }

    private void begin(byte[] src, int from, int length, long now) {
        exchange = record.exchange(answered);
        ExchangePlan next = exchange == null ? ExchangePlan.NONE : exchange.plan();
        // The head is written as a whole, so its first octets tell.
        if (length > STATUS_AT && src[from + STATUS_AT] == '1') {
            phase = next.withoutInterim() ? Phase.DROPPING_INTERIM : Phase.INTERIM;
            return;
        }
        plan = next;
        phase = plan.replacement() == null ? Phase.RESPONSE : Phase.REPLACING;
        scanner.bodiless(exchange != null && exchange.isHead());
        throttle = plan.responseRate() == 0 ? null : new Throttle(plan.responseRate(), now + plan.beforeStatusNanos());
        sent = 0;
        notBefore = now + plan.beforeStatusNanos();
        bodyHasWaited = plan.beforeBodyNanos() == 0;
        chunksThatWaited = 1;
    }

    /** Returns whether the next octet has to wait until {@link #notBefore}. */
    private boolean gate(byte next, long now) {
        if (now < notBefore) {
            return true;
        }
        if (scanner.atBodyStart() && !bodyHasWaited) {
            bodyHasWaited = true;
            notBefore = now + plan.beforeBodyNanos();
        } else if (scanner.atChunkStart() && next != '0' && scanner.chunks() >= chunksThatWaited
                && plan.betweenChunksNanos() != null) {
            chunksThatWaited = scanner.chunks() + 1;
            notBefore = now + plan.betweenChunksNanos().getAsLong();
        }
        return now < notBefore;
    }

    private Step replaced(byte[] src, int from, int length, long now) {
        if (now < notBefore) {
            return new Step.Wait(notBefore);
        }
        Replacement.Slice slice = plan.replacement().at(sent);
        if (slice.length() > 0) {
            return limited(slice.array(), slice.from(), slice.length(), true, now);
        }
        Stop stop = stop();
        if (stop != null) {
            return new Step.Stopped(stop.end());
        }
        phase = Phase.DROPPING;
        return drop(src, from, length);
    }

    private Step drop(byte[] src, int from, int length) {
        int n = scanner.span(src, from, length);
        scanner.advance(src, from, n);
        if (scanner.atStart()) {
            over();
        }
        return new Step.Drop(n);
    }

    /** Lets pass as much as stops and rates allow. */
    private Step limited(byte[] src, int from, int length, boolean ofReplacement, long now) {
        Stop stop = stop();
        if (stop != null) {
            return new Step.Stopped(stop.end());
        }
        long allowed = length;
        if (connectionPlan.stopSending() != null) {
            allowed = Math.min(allowed, connectionPlan.stopSending().octets() - connectionSent);
        }
        if (phase != Phase.INTERIM && plan.stopResponse() != null) {
            allowed = Math.min(allowed, plan.stopResponse().octets() - sent);
        }
        if (connectionThrottle != null) {
            allowed = Math.min(allowed, connectionThrottle.allowance(now));
        }
        if (phase != Phase.INTERIM && throttle != null) {
            allowed = Math.min(allowed, throttle.allowance(now));
        }
        if (allowed == 0) {
            return new Step.Wait(Math.max(connectionThrottle == null ? now : connectionThrottle.fullAt(),
                    throttle == null ? now : throttle.fullAt()));
        }
        return new Step.Pass(src, from, (int) allowed, ofReplacement);
    }

    /** Takes up that the first octets of what might pass have passed. */
    void passed(Step.Pass pass, int n) {
        connectionSent += n;
        if (connectionThrottle != null) {
            connectionThrottle.passed(n);
        }
        if (phase != Phase.INTERIM) {
            sent += n;
            if (throttle != null) {
                throttle.passed(n);
            }
        }
        if (exchange != null) {
            exchange.response().add(pass.array(), pass.from(), n);
        }
        if (!pass.ofReplacement()) {
            scanner.advance(pass.array(), pass.from(), n);
            if (scanner.atStart()) {
                over();
            }
        }
    }

    /** Returns how the connection ends behind what has passed, or null if it goes on. */
    Stop stop() {
        if (connectionPlan.stopSending() != null && connectionSent >= connectionPlan.stopSending().octets()) {
            return connectionPlan.stopSending();
        }
        if (phase == Phase.INTERIM || phase == Phase.DROPPING_INTERIM) {
            return null;
        }
        if (plan.stopResponse() != null && sent >= plan.stopResponse().octets()) {
            return plan.stopResponse();
        }
        Replacement replacement = plan.replacement();
        boolean ends = replacement != null && replacement.end() != null && sent == replacement.octets().length;
        return ends ? new Stop(sent, replacement.end()) : null;
    }

    /** The server has said that there will be no more output. */
    void ended() {
        if (phase != Phase.REPLACING && scanner.part() == MessageScanner.Part.UNTIL_END) {
            over();
        }
    }

    private void over() {
        if (phase != Phase.INTERIM && phase != Phase.DROPPING_INTERIM) {
            answered++;
            if (exchange != null) {
                exchange.markResponseComplete();
            }
        }
        phase = Phase.BETWEEN;
        throttle = null;
    }
}
