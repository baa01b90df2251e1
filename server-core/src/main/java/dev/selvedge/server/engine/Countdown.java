package dev.selvedge.server.engine;

import dev.selvedge.server.transport.ServerThreads;
import dev.selvedge.server.transport.TimeSource;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** Lets threads wait, by the server's clock and in the server's way, until something has happened so many times. */
final class Countdown {

    private final TimeSource time;
    private final ServerThreads threads;
    private final AtomicInteger left;
    private final Queue<Thread> waiting = new ConcurrentLinkedQueue<>();

    Countdown(int count, TimeSource time, ServerThreads threads) {
        this.left = new AtomicInteger(count);
        this.time = time;
        this.threads = threads;
    }

    /** Notes that it has happened once more. May be called by any thread. */
    void countDown() {
        if (left.decrementAndGet() == 0) {
            waiting.forEach(threads::unpark);
        }
    }

    /** Waits until a moment; false if that has come first, or an interruption, which stays noted. */
    boolean await(long end) {
        Thread current = Thread.currentThread();
        waiting.add(current);
        try {
            while (left.get() > 0) {
                long nanos = end - time.nanos();
                if (nanos <= 0 || current.isInterrupted()) {
                    return false;
                }
                threads.park(nanos);
            }
            return true;
        } finally {
            waiting.remove(current);
        }
    }
}
