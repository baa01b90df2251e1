package dev.selvedge.server.transport;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.LockSupport;

/** The threads of the JVM: platform threads for what lasts, a virtual one for each task. */
final class SystemThreads implements ServerThreads {

    static final SystemThreads INSTANCE = new SystemThreads();

    private final ThreadFactory handlers = Thread.ofVirtual().name("selvedge-handler").factory();

    private SystemThreads() { }

    @Override
    public Thread newThread(String name, Runnable task) {
        return Thread.ofPlatform().daemon(false).name(name).unstarted(task);
    }

    @Override
    public void start(Runnable task) {
        handlers.newThread(task).start();
    }

    @Override
    public long giveWay() {
        long from = System.nanoTime();
        Thread.yield();
        return System.nanoTime() - from;
    }

    @Override
    public void park(long nanos) {
        LockSupport.parkNanos(nanos);
    }

    @Override
    public void unpark(Thread thread) {
        LockSupport.unpark(thread);
    }
}
