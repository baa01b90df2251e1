package dev.selvedge.server.fake;

import dev.selvedge.server.fake.wire.ConnectionPlan;
import dev.selvedge.server.fake.wire.End;
import dev.selvedge.server.fake.wire.ExchangePlan;
import dev.selvedge.server.fake.wire.Replacement;
import dev.selvedge.server.fake.wire.Stop;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.function.LongSupplier;

/** Puts faults into the terms of the wire: octets and nanoseconds. */
final class FaultPlan {

    /** Each exchange and each connection has so many draws of its pauses to itself. */
    private static final int DRAW_BITS = 24;

    private FaultPlan() { }

    /**
     * Adds a fault to others that it must get on with.
     *
     * @return all of them, unmodifiable
     * @throws IllegalArgumentException if one of them is of the same kind
     */
    static <F> List<F> added(Collection<F> faults, F further) {
        Objects.requireNonNull(further, "fault");
        for (F each : faults) {
            if (each.getClass() == further.getClass()) {
                throw new IllegalArgumentException("there is a fault of this kind already: " + each + " and " + further
                        + " can't both be done");
            }
        }
        List<F> all = new ArrayList<>(faults);
        all.add(further);
        return List.copyOf(all);
    }

    /**
     * Returns the plan of one exchange.
     *
     * @param faults at most one of each kind
     * @param replacement what is sent instead of the response, or null
     * @param ordinal the number of the exchange, on which the draws of its pauses depend
     */
    static ExchangePlan of(Collection<Fault> faults, Replacement replacement, long ordinal) {
        ExchangePlan plan = ExchangePlan.NONE.withReplacement(replacement);
        for (Fault fault : faults) {
            plan = with(plan, fault, ordinal << DRAW_BITS);
        }
        return plan;
    }

    private static ExchangePlan with(ExchangePlan plan, Fault fault, long draw) {
        return switch (fault) {
            case Fault.DelayBeforeStatus(Pause pause) -> plan.withBeforeStatus(pause.drawn(draw).toNanos());
            case Fault.DelayBeforeBody(Pause pause) -> plan.withBeforeBody(pause.drawn(draw).toNanos());
            case Fault.DelayBetweenChunks(Pause pause) -> plan.withBetweenChunks(drawing(pause, draw));
            case Fault.ThrottleResponse(long rate) -> plan.withResponseRate(rate);
            case Fault.ThrottleRequest(long rate) -> plan.withRequestRate(rate);
            case Fault.StopResponse(long octets, Ending ending) -> plan.withStopResponse(new Stop(octets, end(ending)));
            case Fault.StopRequest(long octets, Ending ending) -> plan.withStopRequest(new Stop(octets, end(ending)));
            case Fault.WithoutContinue() -> plan.withoutInterims();
            case Fault.EndIdle(Pause pause, Ending ending) ->
                plan.withIdle(pause.drawn(draw).toNanos(), end(ending));
        };
    }

    /**
     * Returns the plan of a connection.
     *
     * @param faults at most one of each kind
     * @param ordinal the number of the connection, on which the draws of its pauses depend
     */
    static ConnectionPlan ofConnection(Collection<ConnectionFault> faults, long ordinal) {
        ConnectionPlan plan = ConnectionPlan.NONE;
        for (ConnectionFault fault : faults) {
            plan = with(plan, fault, ordinal << DRAW_BITS);
        }
        return plan;
    }

    private static ConnectionPlan with(ConnectionPlan plan, ConnectionFault fault, long draw) {
        long accept = plan.acceptNanos();
        long in = plan.receiveRate();
        long out = plan.sendRate();
        Stop stopIn = plan.stopReceiving();
        Stop stopOut = plan.stopSending();
        return switch (fault) {
            case ConnectionFault.DelayAccept(Pause pause) ->
                new ConnectionPlan(pause.drawn(draw).toNanos(), in, out, stopIn, stopOut);
            case ConnectionFault.ThrottleReceiving(long rate) -> new ConnectionPlan(accept, rate, out, stopIn, stopOut);
            case ConnectionFault.ThrottleSending(long rate) -> new ConnectionPlan(accept, in, rate, stopIn, stopOut);
            case ConnectionFault.StopReceiving(long octets, Ending ending) ->
                new ConnectionPlan(accept, in, out, new Stop(octets, end(ending)), stopOut);
            case ConnectionFault.StopSending(long octets, Ending ending) ->
                new ConnectionPlan(accept, in, out, stopIn, new Stop(octets, end(ending)));
        };
    }

    /**
     * Returns what is sent instead of a response.
     *
     * @param octets the octets; copied
     * @param ending how the connection ends behind them, or null if it goes on
     */
    static Replacement raw(byte[] octets, Ending ending) {
        return new Replacement(octets.clone(), new byte[0], ending == null ? null : end(ending));
    }

    /** Returns what is sent instead of a response. */
    static Replacement malformed(Malformed malformed) {
        return new Replacement(malformed.octets(), malformed.repeated(),
                malformed.ending().map(FaultPlan::end).orElse(null));
    }

    private static LongSupplier drawing(Pause pause, long first) {
        return new LongSupplier() {
            private long next = first;

            @Override
            public long getAsLong() {
                return pause.drawn(next++).toNanos();
            }
        };
    }

    /** Returns the wire's word for an ending. */
    static End end(Ending ending) {
        return switch (ending) {
            case FIN -> End.FIN;
            case RESET -> End.RESET;
            case HALF_CLOSE -> End.HALF_CLOSE;
            case SILENCE -> End.SILENCE;
        };
    }
}
