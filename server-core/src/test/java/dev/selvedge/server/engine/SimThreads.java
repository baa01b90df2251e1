package dev.selvedge.server.engine;

import dev.selvedge.server.transport.ServerThreads;
import dev.selvedge.server.transport.memory.MemoryThreads;
import java.util.ArrayList;
import java.util.List;

/** The threads of a simulated server, and which of them are loops. */
final class SimThreads implements ServerThreads {

    private final SimWorld world;
    private final MemoryThreads threads;
    private final List<EventLoop> eventLoops = new ArrayList<>();

    SimThreads(SimWorld world) {
        this.world = world;
        this.threads = world.scheduler.threads();
    }

    @Override
    public Thread newThread(String name, Runnable loop) {
        world.monitor(loop);
        eventLoops.add((EventLoop) loop);
        return threads.newThread(name, loop);
    }

    /** Returns whether the thread of an event loop calls. */
    boolean isLoop() {
        return eventLoops.stream().anyMatch(loop -> loop.thread() == Thread.currentThread());
    }

    /** Returns the time that the calling loop has noted for its turn. */
    long loopNow() {
        for (EventLoop loop : eventLoops) {
            if (loop.thread() == Thread.currentThread()) {
                return loop.now();
            }
        }
        throw new AssertionError(Thread.currentThread() + " is no loop");
    }

    List<EventLoop> loops() {
        return eventLoops;
    }

    @Override
    public void start(Runnable task) {
        threads.start(task);
    }

    @Override
    public long giveWay() {
        return threads.giveWay();
    }

    @Override
    public void park(long nanos) {
        threads.park(nanos);
    }

    @Override
    public void unpark(Thread thread) {
        threads.unpark(thread);
    }

    /** Lets the current thread sleep, as a handler does that waits for something else; false if it is interrupted. */
    boolean sleep(long nanos) {
        world.note("sleeps", nanos, 0);
        try {
            threads.sleep(nanos);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
