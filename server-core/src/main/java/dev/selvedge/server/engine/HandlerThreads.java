package dev.selvedge.server.engine;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.LockSupport;

/** The threads on which blocking calls are made: virtual ones, or those of a test. */
public interface HandlerThreads {

    /**
     * Runs a task on a thread of its own.
     *
     * @param task what to run; does not throw
     */
    void start(Runnable task);

    /**
     * Lets the current thread wait until it is {@linkplain #unpark unparked}, interrupted, the time is over, or for no
     * reason.
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
     * Returns virtual threads.
     *
     * @return one virtual thread for each task
     */
    static HandlerThreads virtual() {
        ThreadFactory factory = Thread.ofVirtual().name("selvedge-handler").factory();
        return new HandlerThreads() {
            @Override
            public void start(Runnable task) {
                factory.newThread(task).start();
            }

            @Override
            public void park(long nanos) {
                LockSupport.parkNanos(nanos);
            }

            @Override
            public void unpark(Thread thread) {
                LockSupport.unpark(thread);
            }
        };
    }
}
