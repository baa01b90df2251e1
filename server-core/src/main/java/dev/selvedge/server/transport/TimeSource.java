package dev.selvedge.server.transport;

/**
 * Where a server's time comes from: the system, or a virtual clock. Asked by any thread.
 *
 * <p>Both readings belong together: while one second passes in {@link #nanos()}, one passes in {@link #epochMillis()}.
 */
public interface TimeSource {

    /**
     * Returns the time for deadlines: it never goes back, and its origin means nothing.
     *
     * @return nanoseconds, so far from overflowing that days may be added
     */
    long nanos();

    /**
     * Returns the time of day, for the Date field.
     *
     * @return milliseconds since 1970 UTC
     */
    long epochMillis();

    /**
     * Returns the system's time.
     *
     * @return always the same source; its nanoseconds began at 0 in this JVM
     */
    static TimeSource system() {
        return SystemTime.INSTANCE;
    }
}
