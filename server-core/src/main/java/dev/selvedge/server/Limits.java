package dev.selvedge.server;

import dev.selvedge.server.http1.ConnectionLimits;
import dev.selvedge.server.http1.HeadLimits;
import java.time.Duration;
import java.util.Objects;

/**
 * Every bound of a server, each with a default that protects it. None is absent unless somebody says so: the only ones
 * that can be as good as switched off are the counts of bytes and of what is open at once, by their largest number,
 * such as {@link Long#MAX_VALUE} for {@code maxBodyBytes} or for {@linkplain Handler#withMaxBodyBytes one route}.
 *
 * <pre>{@code
 * Limits.DEFAULT.withMaxBodyBytes(100 << 20).withIdleTimeout(Duration.ofSeconds(15))
 * }</pre>
 *
 * <p>A request beyond a limit is refused with the status that is named here, and its connection is closed behind the
 * answer. Sizes are in bytes; times are from 1 ms to 1 day, where nothing else is said.
 *
 * @param maxRequestLineBytes the longest request line, else 414 (RFC 9112 §3); at least 16, default 8192
 * @param maxHeaderSectionBytes all header lines together, and all trailer lines, else 431 (RFC 6585 §5); at least 16,
 *     default 16384; with {@code maxRequestLineBytes} at most 65000
 * @param maxHeaderFields the largest number of header lines, else 431; 1 to 10000, default 100
 * @param maxBodyBytes the longest request body, else 413 (RFC 9110 §15.5.14), for handlers without
 *     {@linkplain Handler#withMaxBodyBytes their own limit}; at least 0, default 8 MiB
 * @param maxChunkExtensionBytes the extensions of one chunk, else 400 (RFC 9112 §7.1.1); 0 to 65000, default 1024
 * @param maxDrainBytes how much of a body that no handler has read is read and thrown away, or kept in memory for the
 *     writer of a {@linkplain Response#stream stream}, before the response; beyond that the connection is closed behind
 *     it (RFC 9112 §9.3); at least 0, default 64 KiB
 * @param maxLingerBytes how much is read and thrown away, at most, after the last response of a connection, so that the
 *     response is not lost (RFC 9112 §9.6); beyond that nothing more is read; at least 0, default 256 MiB
 * @param lingerTimeout how long the connection is kept for that, at most; default 2 s
 * @param headerTimeout how long a request's head may take from its first byte, else 408; default 10 s
 * @param idleTimeout how long a connection may wait for the next request before it is closed; default 60 s
 * @param minBytesPerSecond how fast, on average over {@code paceTime}, a client has to send a body it has begun (else
 *     408) and to take a response (else the connection ends); at least 1, default 240
 * @param paceTime the time over which that is measured, and so a client's grace; default 5 s
 * @param maxUnsentBytes how much the system may hold, outside the JVM, of the responses of one connection while the
 *     client does not take them; the rest waits in the server. On epoll only what has not been sent counts
 *     ({@code TCP_NOTSENT_LOWAT}), so nobody is slowed down. On java.nio it is the send buffer ({@code SO_SNDBUF}, of
 *     which Linux takes twice the number), which also holds what is on its way: a connection then gets about that much
 *     in each round trip, 2.5 MB a second over 100 ms. At least 16384, default 256 KiB; {@link Integer#MAX_VALUE}
 *     leaves it to the system, which may take some MiB
 * @param maxConnections how many connections may be open at once; further ones wait in the listener's backlog. At least
 *     1, default: what the process's limit of open files allows, less a reserve
 * @param maxBlockingHandlers how many blocking handlers may be at work at once; a further request is refused with 503
 *     and Retry-After; at least 1, default 10000. Writers of streams count, and non-blocking handlers whose client
 *     {@linkplain RequestBody waits to be told} to send its body
 * @param handlerTimeout how long a blocking handler may take to return its response, reading the body included; then
 *     the client is told 503, its connection is closed and the handler is interrupted. Writing the response is not
 *     included: the client's pace bounds it. Non-blocking handlers can't be interrupted; the server
 *     {@linkplain HttpServer.Builder#slowHandlerThreshold reports} them. Zero, the default, for no such limit
 */
public record Limits(int maxRequestLineBytes, int maxHeaderSectionBytes, int maxHeaderFields, long maxBodyBytes,
        int maxChunkExtensionBytes, long maxDrainBytes, long maxLingerBytes, Duration lingerTimeout,
        Duration headerTimeout, Duration idleTimeout, int minBytesPerSecond, Duration paceTime, int maxUnsentBytes,
        int maxConnections, int maxBlockingHandlers, Duration handlerTimeout) {

    /** The limits of a server that is not told anything else. */
    public static final Limits DEFAULT = new Limits(8 << 10, 16 << 10, 100, 8L << 20,
            1 << 10, 64L << 10, 256L << 20, Duration.ofSeconds(2),
            Duration.ofSeconds(10), Duration.ofSeconds(60), 240, Duration.ofSeconds(5), 256 << 10,
            OpenFiles.maxConnections(), 10_000, Duration.ZERO);

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a limit is out of its range; the message says which
     */
    public Limits {
        requireRange("maxRequestLineBytes", maxRequestLineBytes, 16, HeadLimits.MAX_HEAD_BYTES);
        requireRange("maxHeaderSectionBytes", maxHeaderSectionBytes, 16, HeadLimits.MAX_HEAD_BYTES);
        requireRange("maxRequestLineBytes + maxHeaderSectionBytes", maxRequestLineBytes + maxHeaderSectionBytes, 32,
                HeadLimits.MAX_HEAD_BYTES);
        requireRange("maxHeaderFields", maxHeaderFields, 1, 10_000);
        requireRange("maxBodyBytes", maxBodyBytes, 0, Long.MAX_VALUE);
        requireRange("maxChunkExtensionBytes", maxChunkExtensionBytes, 0, HeadLimits.MAX_HEAD_BYTES);
        requireRange("maxDrainBytes", maxDrainBytes, 0, Long.MAX_VALUE);
        requireRange("maxLingerBytes", maxLingerBytes, 0, Long.MAX_VALUE);
        requireRange("lingerTimeout", lingerTimeout);
        requireRange("headerTimeout", headerTimeout);
        requireRange("idleTimeout", idleTimeout);
        requireRange("minBytesPerSecond", minBytesPerSecond, 1, Integer.MAX_VALUE);
        requireRange("paceTime", paceTime);
        requireRange("maxUnsentBytes", maxUnsentBytes, 16 << 10, Integer.MAX_VALUE);
        requireRange("maxConnections", maxConnections, 1, Integer.MAX_VALUE);
        requireRange("maxBlockingHandlers", maxBlockingHandlers, 1, Integer.MAX_VALUE);
        if (!Objects.requireNonNull(handlerTimeout, "handlerTimeout").isZero()) {
            requireRange("handlerTimeout", handlerTimeout);
        }
    }

    private static void requireRange(String name, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(name + " is " + value + "; it must be "
                    + (max >= Integer.MAX_VALUE ? "at least " + min : "from " + min + " to " + max));
        }
    }

    private static void requireRange(String name, Duration value) {
        Objects.requireNonNull(value, name);
        if (value.compareTo(Duration.ofMillis(1)) < 0 || value.compareTo(Duration.ofDays(1)) > 0) {
            throw new IllegalArgumentException(name + " is " + value + "; it must be from 1 ms to 1 day");
        }
    }

    /**
     * Returns these limits with another {@code maxRequestLineBytes}.
     *
     * @param value the longest request line in bytes
     * @return the new limits
     * @throws IllegalArgumentException if it is out of its range
     */
    public Limits withMaxRequestLineBytes(int value) {
        return new Limits(value, maxHeaderSectionBytes, maxHeaderFields, maxBodyBytes, maxChunkExtensionBytes,
                maxDrainBytes, maxLingerBytes, lingerTimeout, headerTimeout, idleTimeout, minBytesPerSecond, paceTime,
                maxUnsentBytes, maxConnections, maxBlockingHandlers, handlerTimeout);
    }

    /**
     * Returns these limits with another {@code maxHeaderSectionBytes}.
     *
     * @param value the size of all header lines in bytes
     * @return the new limits
     * @throws IllegalArgumentException if it is out of its range
     */
    public Limits withMaxHeaderSectionBytes(int value) {
        return new Limits(maxRequestLineBytes, value, maxHeaderFields, maxBodyBytes, maxChunkExtensionBytes,
                maxDrainBytes, maxLingerBytes, lingerTimeout, headerTimeout, idleTimeout, minBytesPerSecond, paceTime,
                maxUnsentBytes, maxConnections, maxBlockingHandlers, handlerTimeout);
    }

    /**
     * Returns these limits with another {@code maxHeaderFields}.
     *
     * @param value the number of header lines
     * @return the new limits
     * @throws IllegalArgumentException if it is out of its range
     */
    public Limits withMaxHeaderFields(int value) {
        return new Limits(maxRequestLineBytes, maxHeaderSectionBytes, value, maxBodyBytes, maxChunkExtensionBytes,
                maxDrainBytes, maxLingerBytes, lingerTimeout, headerTimeout, idleTimeout, minBytesPerSecond, paceTime,
                maxUnsentBytes, maxConnections, maxBlockingHandlers, handlerTimeout);
    }

    /**
     * Returns these limits with another {@code maxBodyBytes}.
     *
     * @param value the longest request body in bytes
     * @return the new limits
     * @throws IllegalArgumentException if it is out of its range
     */
    public Limits withMaxBodyBytes(long value) {
        return new Limits(maxRequestLineBytes, maxHeaderSectionBytes, maxHeaderFields, value, maxChunkExtensionBytes,
                maxDrainBytes, maxLingerBytes, lingerTimeout, headerTimeout, idleTimeout, minBytesPerSecond, paceTime,
                maxUnsentBytes, maxConnections, maxBlockingHandlers, handlerTimeout);
    }

    /**
     * Returns these limits with another {@code maxChunkExtensionBytes}.
     *
     * @param value the extensions of one chunk in bytes
     * @return the new limits
     * @throws IllegalArgumentException if it is out of its range
     */
    public Limits withMaxChunkExtensionBytes(int value) {
        return new Limits(maxRequestLineBytes, maxHeaderSectionBytes, maxHeaderFields, maxBodyBytes, value,
                maxDrainBytes, maxLingerBytes, lingerTimeout, headerTimeout, idleTimeout, minBytesPerSecond, paceTime,
                maxUnsentBytes, maxConnections, maxBlockingHandlers, handlerTimeout);
    }

    /**
     * Returns these limits with another {@code maxDrainBytes}.
     *
     * @param value how many bytes of an unread body are thrown away
     * @return the new limits
     * @throws IllegalArgumentException if it is out of its range
     */
    public Limits withMaxDrainBytes(long value) {
        return new Limits(maxRequestLineBytes, maxHeaderSectionBytes, maxHeaderFields, maxBodyBytes,
                maxChunkExtensionBytes, value, maxLingerBytes, lingerTimeout, headerTimeout, idleTimeout,
                minBytesPerSecond, paceTime, maxUnsentBytes, maxConnections, maxBlockingHandlers, handlerTimeout);
    }

    /**
     * Returns these limits with another {@code maxLingerBytes}.
     *
     * @param value how many bytes are thrown away behind the last response
     * @return the new limits
     * @throws IllegalArgumentException if it is out of its range
     */
    public Limits withMaxLingerBytes(long value) {
        return new Limits(maxRequestLineBytes, maxHeaderSectionBytes, maxHeaderFields, maxBodyBytes,
                maxChunkExtensionBytes, maxDrainBytes, value, lingerTimeout, headerTimeout, idleTimeout,
                minBytesPerSecond, paceTime, maxUnsentBytes, maxConnections, maxBlockingHandlers, handlerTimeout);
    }

    /**
     * Returns these limits with another {@code lingerTimeout}.
     *
     * @param value how long bytes are thrown away behind the last response
     * @return the new limits
     * @throws IllegalArgumentException if it is out of its range
     */
    public Limits withLingerTimeout(Duration value) {
        return new Limits(maxRequestLineBytes, maxHeaderSectionBytes, maxHeaderFields, maxBodyBytes,
                maxChunkExtensionBytes, maxDrainBytes, maxLingerBytes, value, headerTimeout, idleTimeout,
                minBytesPerSecond, paceTime, maxUnsentBytes, maxConnections, maxBlockingHandlers, handlerTimeout);
    }

    /**
     * Returns these limits with another {@code headerTimeout}.
     *
     * @param value how long a request's head may take
     * @return the new limits
     * @throws IllegalArgumentException if it is out of its range
     */
    public Limits withHeaderTimeout(Duration value) {
        return new Limits(maxRequestLineBytes, maxHeaderSectionBytes, maxHeaderFields, maxBodyBytes,
                maxChunkExtensionBytes, maxDrainBytes, maxLingerBytes, lingerTimeout, value, idleTimeout,
                minBytesPerSecond, paceTime, maxUnsentBytes, maxConnections, maxBlockingHandlers, handlerTimeout);
    }

    /**
     * Returns these limits with another {@code idleTimeout}.
     *
     * @param value how long a connection may wait for a request
     * @return the new limits
     * @throws IllegalArgumentException if it is out of its range
     */
    public Limits withIdleTimeout(Duration value) {
        return new Limits(maxRequestLineBytes, maxHeaderSectionBytes, maxHeaderFields, maxBodyBytes,
                maxChunkExtensionBytes, maxDrainBytes, maxLingerBytes, lingerTimeout, headerTimeout, value,
                minBytesPerSecond, paceTime, maxUnsentBytes, maxConnections, maxBlockingHandlers, handlerTimeout);
    }

    /**
     * Returns these limits with another {@code minBytesPerSecond}.
     *
     * @param value the slowest allowed client in bytes a second
     * @return the new limits
     * @throws IllegalArgumentException if it is out of its range
     */
    public Limits withMinBytesPerSecond(int value) {
        return new Limits(maxRequestLineBytes, maxHeaderSectionBytes, maxHeaderFields, maxBodyBytes,
                maxChunkExtensionBytes, maxDrainBytes, maxLingerBytes, lingerTimeout, headerTimeout, idleTimeout,
                value, paceTime, maxUnsentBytes, maxConnections, maxBlockingHandlers, handlerTimeout);
    }

    /**
     * Returns these limits with another {@code paceTime}.
     *
     * @param value the time over which a client's pace is measured
     * @return the new limits
     * @throws IllegalArgumentException if it is out of its range
     */
    public Limits withPaceTime(Duration value) {
        return new Limits(maxRequestLineBytes, maxHeaderSectionBytes, maxHeaderFields, maxBodyBytes,
                maxChunkExtensionBytes, maxDrainBytes, maxLingerBytes, lingerTimeout, headerTimeout, idleTimeout,
                minBytesPerSecond, value, maxUnsentBytes, maxConnections, maxBlockingHandlers, handlerTimeout);
    }

    /**
     * Returns these limits with another {@code maxUnsentBytes}.
     *
     * @param value how much the system may hold of the responses of one connection, in bytes
     * @return the new limits
     * @throws IllegalArgumentException if it is out of its range
     */
    public Limits withMaxUnsentBytes(int value) {
        return new Limits(maxRequestLineBytes, maxHeaderSectionBytes, maxHeaderFields, maxBodyBytes,
                maxChunkExtensionBytes, maxDrainBytes, maxLingerBytes, lingerTimeout, headerTimeout, idleTimeout,
                minBytesPerSecond, paceTime, value, maxConnections, maxBlockingHandlers, handlerTimeout);
    }

    /**
     * Returns these limits with another {@code maxConnections}.
     *
     * @param value how many connections may be open
     * @return the new limits
     * @throws IllegalArgumentException if it is out of its range
     */
    public Limits withMaxConnections(int value) {
        return new Limits(maxRequestLineBytes, maxHeaderSectionBytes, maxHeaderFields, maxBodyBytes,
                maxChunkExtensionBytes, maxDrainBytes, maxLingerBytes, lingerTimeout, headerTimeout, idleTimeout,
                minBytesPerSecond, paceTime, maxUnsentBytes, value, maxBlockingHandlers, handlerTimeout);
    }

    /**
     * Returns these limits with another {@code maxBlockingHandlers}.
     *
     * @param value how many blocking handlers may be at work
     * @return the new limits
     * @throws IllegalArgumentException if it is out of its range
     */
    public Limits withMaxBlockingHandlers(int value) {
        return new Limits(maxRequestLineBytes, maxHeaderSectionBytes, maxHeaderFields, maxBodyBytes,
                maxChunkExtensionBytes, maxDrainBytes, maxLingerBytes, lingerTimeout, headerTimeout, idleTimeout,
                minBytesPerSecond, paceTime, maxUnsentBytes, maxConnections, value, handlerTimeout);
    }

    /**
     * Returns these limits with another {@code handlerTimeout}.
     *
     * @param value how long a blocking handler may take to return its response, or zero for no such limit
     * @return the new limits
     * @throws IllegalArgumentException if it is out of its range
     */
    public Limits withHandlerTimeout(Duration value) {
        return new Limits(maxRequestLineBytes, maxHeaderSectionBytes, maxHeaderFields, maxBodyBytes,
                maxChunkExtensionBytes, maxDrainBytes, maxLingerBytes, lingerTimeout, headerTimeout, idleTimeout,
                minBytesPerSecond, paceTime, maxUnsentBytes, maxConnections, maxBlockingHandlers, value);
    }

    /** Returns the limits in the units of the protocol code. */
    ConnectionLimits forConnections() {
        long paceNanos = paceTime.toNanos();
        long paceBytes = Math.max(1, Math.round(minBytesPerSecond * (paceNanos / 1e9)));
        return new ConnectionLimits(new HeadLimits(maxRequestLineBytes, maxHeaderSectionBytes, maxHeaderFields),
                headerTimeout.toNanos(), idleTimeout.toNanos(), paceBytes, paceNanos, maxChunkExtensionBytes,
                maxDrainBytes, maxLingerBytes, lingerTimeout.toNanos());
    }
}
