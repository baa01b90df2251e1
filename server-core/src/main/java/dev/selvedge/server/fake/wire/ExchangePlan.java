package dev.selvedge.server.fake.wire;

import java.util.function.LongSupplier;

/**
 * What goes wrong in one exchange: the next final response of a connection and its request.
 *
 * @param beforeStatusNanos how long the first octet of the response waits, at least 0
 * @param beforeBodyNanos how long the first octet of its body waits, at least 0
 * @param betweenChunksNanos how long each chunk but the first and the last waits; null if none does
 * @param responseRate how many octets of the response are sent in a second; 0 for no such bound
 * @param requestRate how many octets of the request are read in a second; 0 for no such bound
 * @param stopResponse where the response ends, counted from its status line; null if it does not
 * @param stopRequest where the request ends, counted from its method; null if it does not
 * @param withoutInterim whether interim responses (1xx) are dropped
 * @param replacement what is sent instead of the response; null for the response itself
 * @param idleNanos how long the connection is left idle behind the response, before {@code idleEnd}
 * @param idleEnd how an idle connection ends; null if it does not
 */
public record ExchangePlan(long beforeStatusNanos, long beforeBodyNanos, LongSupplier betweenChunksNanos,
        long responseRate, long requestRate, Stop stopResponse, Stop stopRequest, boolean withoutInterim,
        Replacement replacement, long idleNanos, End idleEnd) {

    /** Nothing goes wrong. */
    public static final ExchangePlan NONE = new ExchangePlan(0, 0, null, 0, 0, null, null, false, null, 0, null);

    /**
     * Returns this plan with another {@code beforeStatusNanos}.
     *
     * @param nanos nanoseconds
     * @return the new plan
     */
    public ExchangePlan withBeforeStatus(long nanos) {
        return new ExchangePlan(nanos, beforeBodyNanos, betweenChunksNanos, responseRate, requestRate, stopResponse,
                stopRequest, withoutInterim, replacement, idleNanos, idleEnd);
    }

    /**
     * Returns this plan with another {@code beforeBodyNanos}.
     *
     * @param nanos nanoseconds
     * @return the new plan
     */
    public ExchangePlan withBeforeBody(long nanos) {
        return new ExchangePlan(beforeStatusNanos, nanos, betweenChunksNanos, responseRate, requestRate, stopResponse,
                stopRequest, withoutInterim, replacement, idleNanos, idleEnd);
    }

    /**
     * Returns this plan with another {@code betweenChunksNanos}.
     *
     * @param nanos nanoseconds
     * @return the new plan
     */
    public ExchangePlan withBetweenChunks(LongSupplier nanos) {
        return new ExchangePlan(beforeStatusNanos, beforeBodyNanos, nanos, responseRate, requestRate, stopResponse,
                stopRequest, withoutInterim, replacement, idleNanos, idleEnd);
    }

    /**
     * Returns this plan with another {@code responseRate}.
     *
     * @param octetsPerSecond the rate
     * @return the new plan
     */
    public ExchangePlan withResponseRate(long octetsPerSecond) {
        return new ExchangePlan(beforeStatusNanos, beforeBodyNanos, betweenChunksNanos, octetsPerSecond, requestRate,
                stopResponse, stopRequest, withoutInterim, replacement, idleNanos, idleEnd);
    }

    /**
     * Returns this plan with another {@code requestRate}.
     *
     * @param octetsPerSecond the rate
     * @return the new plan
     */
    public ExchangePlan withRequestRate(long octetsPerSecond) {
        return new ExchangePlan(beforeStatusNanos, beforeBodyNanos, betweenChunksNanos, responseRate, octetsPerSecond,
                stopResponse, stopRequest, withoutInterim, replacement, idleNanos, idleEnd);
    }

    /**
     * Returns this plan with another {@code stopResponse}.
     *
     * @param stop the stop
     * @return the new plan
     */
    public ExchangePlan withStopResponse(Stop stop) {
        return new ExchangePlan(beforeStatusNanos, beforeBodyNanos, betweenChunksNanos, responseRate, requestRate, stop,
                stopRequest, withoutInterim, replacement, idleNanos, idleEnd);
    }

    /**
     * Returns this plan with another {@code stopRequest}.
     *
     * @param stop the stop
     * @return the new plan
     */
    public ExchangePlan withStopRequest(Stop stop) {
        return new ExchangePlan(beforeStatusNanos, beforeBodyNanos, betweenChunksNanos, responseRate, requestRate,
                stopResponse, stop, withoutInterim, replacement, idleNanos, idleEnd);
    }

    /**
     * Returns this plan with no interim responses.
     *
     * @return the new plan
     */
    public ExchangePlan withoutInterims() {
        return new ExchangePlan(beforeStatusNanos, beforeBodyNanos, betweenChunksNanos, responseRate, requestRate,
                stopResponse, stopRequest, true, replacement, idleNanos, idleEnd);
    }

    /**
     * Returns this plan with another {@code replacement}.
     *
     * @param other the replacement
     * @return the new plan
     */
    public ExchangePlan withReplacement(Replacement other) {
        return new ExchangePlan(beforeStatusNanos, beforeBodyNanos, betweenChunksNanos, responseRate, requestRate,
                stopResponse, stopRequest, withoutInterim, other, idleNanos, idleEnd);
    }

    /**
     * Returns this plan with another {@code idleNanos} and {@code idleEnd}.
     *
     * @param nanos nanoseconds
     * @param end the end
     * @return the new plan
     */
    public ExchangePlan withIdle(long nanos, End end) {
        return new ExchangePlan(beforeStatusNanos, beforeBodyNanos, betweenChunksNanos, responseRate, requestRate,
                stopResponse, stopRequest, withoutInterim, replacement, nanos, end);
    }
}
