package dev.selvedge.server.transport;

/**
 * Waits for readiness on behalf of one event loop.
 *
 * <p>All methods but {@link #wakeUp()} belong to the loop's thread.
 */
public interface Poller extends AutoCloseable {

    /**
     * Adds a listener; {@link Readiness#READABLE} means that connections may wait in it.
     *
     * @param listener a listener of the same transport, in no poller yet
     * @param target who is told
     * @return 0, or {@code -errno}
     */
    int add(Listener listener, ReadinessTarget target);

    /**
     * Adds a connection for reading and writing at once; closing the channel removes it. What is ready already is told
     * by the next poll.
     *
     * @param channel a channel of the same transport, in no poller yet
     * @param target who is told
     * @return 0, or {@code -errno}
     */
    int add(Channel channel, ReadinessTarget target);

    /**
     * Waits until something is ready, {@link #wakeUp()} is called or the time is over, and tells each target once. A
     * target is not told any more once its channel is closed, even if that happened in the same batch.
     *
     * @param timeoutNanos how long to wait at most, in nanoseconds: 0 does not wait, a negative number waits without
     *     end. May be rounded up to what the system can measure.
     * @return how many targets were told; 0 at the end of the time, at a wake-up, at an interruption, and at times for
     *     no reason at all; {@code -errno} if waiting is not possible any more
     */
    int poll(long timeoutNanos);

    /**
     * Makes the current or the next {@link #poll} return at once. May be called by any thread, also when the poller is
     * closed already (it has no effect then).
     */
    void wakeUp();

    /** Gives back what the poller holds. Its channels and listeners are closed before. */
    @Override
    void close();
}
