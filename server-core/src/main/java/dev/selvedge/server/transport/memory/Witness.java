package dev.selvedge.server.transport.memory;

/**
 * Who sees what happens in memory: a test, to keep a trace and to judge. Its methods are called under the scheduler's
 * lock, must not wait, and end what is under way if they throw.
 */
public interface Witness {

    /** Sees nothing. */
    Witness NONE = new Witness() { };

    /**
     * Something has happened.
     *
     * @param who the socket, poller, transport or thread that it has happened to, or null for the thread whose turn it
     *     is
     * @param what what
     * @param first a figure of it
     * @param second another one
     */
    default void noted(Object who, String what, long first, long second) { }

    /** Something has changed for a client: octets have moved, a connection has come or gone. */
    default void progress() { }

    /** A loop was awake for nothing. */
    default void idleTurn() { }

    /**
     * The transport is used as it must not be.
     *
     * @param what what is wrong
     */
    default void misused(String what) { }

    /** It is about to be chosen who goes on. */
    default void choosing() { }

    /**
     * Nobody can do anything before a moment, to which the clock leaps now.
     *
     * @param nanos the moment
     */
    default void leaping(long nanos) { }

    /**
     * A thread that has its turn is held up by something that is not of this world, and others go on without it.
     *
     * @param thread the thread
     */
    default void setAside(Thread thread) { }

    /**
     * The current thread, one of the server's, ends by an exception. Not called under the lock.
     *
     * @param thrown which one
     */
    default void failed(Throwable thrown) {
        Thread current = Thread.currentThread();
        current.getUncaughtExceptionHandler().uncaughtException(current, thrown);
    }
}
