package dev.selvedge.server.engine;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Reports calls that hold up an event loop, with the stack of the loop's thread while they do.
 *
 * <p>A loop only counts the beginnings and ends of its calls; a thread that looks at the counters now and then finds
 * the call that is still the same. So a call costs two additions and no look at a clock.
 */
final class SlowCallWatch implements Runnable {

    private static final boolean JFR = ModuleLayer.boot().findModule("jdk.jfr").isPresent();

    private final List<EventLoop> loops;
    private final Duration threshold;
    private final Thread thread;
    private volatile boolean stopped;

    SlowCallWatch(List<EventLoop> loops, Duration threshold) {
        this.loops = loops;
        this.threshold = threshold;
        this.thread = Thread.ofPlatform().daemon().name("selvedge-slow-call-watch").unstarted(this);
    }

    void start() {
        if (threshold.isPositive()) {
            thread.start();
        }
    }

    void stop() {
        stopped = true;
        LockSupport.unpark(thread);
    }

    @Override
    public void run() {
        long[] seen = new long[loops.size()];
        boolean[] reported = new boolean[loops.size()];
        while (!stopped) {
            for (int i = 0; i < seen.length; i++) {
                long calls = loops.get(i).callCounter();
                boolean same = calls == seen[i] && EventLoop.inCall(calls);
                if (same && !reported[i]) {
                    report(loops.get(i));
                }
                reported[i] = same;
                seen[i] = calls;
            }
            LockSupport.parkNanos(threshold.toNanos());
        }
    }

    private void report(EventLoop loop) {
        StringBuilder stack = new StringBuilder();
        for (StackTraceElement frame : loop.thread().getStackTrace()) {
            stack.append("\n\tat ").append(frame);
        }
        Log.warning("a handler has kept " + loop.thread().getName() + " busy for more than " + threshold.toMillis()
                + " ms; while it does, no other connection of this loop is served. Handler.nonBlocking is for handlers"
                + " that never wait." + stack);
        if (JFR) {
            SlowCallEvent.report(loop.thread().getName(), stack.toString());
        }
    }
}
