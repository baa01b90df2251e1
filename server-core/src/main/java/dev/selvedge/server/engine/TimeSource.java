package dev.selvedge.server.engine;

/** Where the engine's time comes from: the system, or a test's virtual clock. Asked by any thread. */
public interface TimeSource {

    /**
     * Returns the time for deadlines: it never goes back, and its origin means nothing.
     *
     * @return nanoseconds
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
     * @return a source whose nanoseconds begin at 0 now, so that sums with them do not overflow
     */
    static TimeSource system() {
        long origin = System.nanoTime();
        return new TimeSource() {
            @Override
            public long nanos() {
                return System.nanoTime() - origin;
            }

            @Override
            public long epochMillis() {
                return System.currentTimeMillis();
            }
        };
    }
}
