package dev.selvedge.server.transport;

/**
 * The threads of a server, and how they wait: the system's, or those of a transport that has a clock of its own. May be
 * used by any thread.
 */
public interface ServerThreads {

    /**
     * Makes the thread of something that lasts: an event loop, or an orderly stop.
     *
     * @param name its name
     * @param task what to run; does not throw
     * @return the thread, not yet started
     */
    Thread newThread(String name, Runnable task);

    /**
     * Runs a task, a handler's turn, on a thread of its own.
     *
     * @param task what to run; does not throw
     * @throws OutOfMemoryError if there is no thread, or no memory for one. The task may run all the same, once: a
     *     virtual thread waits for a carrier before the carrier that is missing is asked for, and another may take it.
     */
    void start(Runnable task);

    /**
     * Lets threads that wait for the current one's processor run first. Returns at once if there are none, and does not
     * throw.
     *
     * @return for how long the current thread did not run, in nanoseconds; other processes may have run, too
     */
    long giveWay();

    /**
     * Lets the current thread wait until it is {@linkplain #unpark unparked}, interrupted, the time is over, or for no
     * reason. It may be any thread, one of a user that stops a server for example.
     *
     * @param nanos how long at most, in nanoseconds
     */
    void park(long nanos);

    /**
     * Ends the current or the next wait of a thread.
     *
     * @param thread a thread that ran into {@link #park}
     */
    void unpark(Thread thread);

    /**
     * Returns the system's threads.
     *
     * @return platform threads that keep the JVM alive for what lasts, and one virtual thread for each task; always the
     *     same
     */
    static ServerThreads system() {
        return SystemThreads.INSTANCE;
    }
}
