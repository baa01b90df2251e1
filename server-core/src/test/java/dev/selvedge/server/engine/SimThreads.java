package dev.selvedge.server.engine;

import dev.selvedge.server.transport.ServerThreads;
import java.util.ArrayList;
import java.util.List;

/** The threads of a simulated server: those of its loops and those of its handlers. */
final class SimThreads implements ServerThreads {

    private final SimWorld world;
    private final int wakeEarlyOnceIn;
    private final List<EventLoop> eventLoops = new ArrayList<>();
    private int handlers;

    SimThreads(SimWorld world) {
        this.world = world;
        this.wakeEarlyOnceIn = world.random.any(0, 5, 50);
    }

    @Override
    public Thread newThread(String name, Runnable loop) {
        world.monitor(loop);
        eventLoops.add((EventLoop) loop);
        return world.thread("loop-" + (eventLoops.size() - 1), loop).thread;
    }

    /** Returns whether the thread of an event loop calls. */
    boolean isLoop() {
        return world.current().name.startsWith("loop-");
    }

    /** Returns the time that the calling loop has noted for its turn. */
    long loopNow() {
        for (EventLoop loop : eventLoops) {
            if (loop.thread() == Thread.currentThread()) {
                return loop.now();
            }
        }
        throw new AssertionError(world.current() + " is no loop");
    }

    List<EventLoop> loops() {
        return eventLoops;
    }

    @Override
    public void start(Runnable task) {
        world.step();
        world.start("handler-" + handlers++, task);
        world.note("start", handlers - 1, 0);
        world.step();
    }

    @Override
    public void park(long nanos) {
        SimThread self = world.current();
        world.note("park", nanos, 0);
        if (!self.permit && !Thread.currentThread().isInterrupted() && nanos > 0) {
            long wait = world.random.once(wakeEarlyOnceIn) ? world.random.between(0, nanos) : nanos;
            world.waitFor(() -> self.permit, wait > SimWorld.NEVER - world.now() ? SimWorld.NEVER : world.now() + wait);
        }
        self.permit = false;
    }

    @Override
    public void unpark(Thread thread) {
        world.step();
        SimThread target = world.known(thread);
        if (target != null) {
            target.permit = true;
            world.note(target.name, "unparked", 0, 0);
        }
        world.step();
    }

    /** Lets the current thread sleep, as a handler does that waits for something else; false if it is interrupted. */
    boolean sleep(long nanos) {
        SimThread self = world.current();
        world.note("sleep", nanos, 0);
        long until = world.now() + nanos;
        boolean permitBefore = self.permit;
        self.permit = false;
        while (world.now() < until && !Thread.currentThread().isInterrupted()) {
            world.waitFor(() -> self.permit, until); // an interruption comes with a permit
            permitBefore |= self.permit;
            self.permit = false;
        }
        self.permit = permitBefore;
        return !Thread.currentThread().isInterrupted();
    }
}
