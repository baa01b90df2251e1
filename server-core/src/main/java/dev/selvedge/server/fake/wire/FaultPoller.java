package dev.selvedge.server.fake.wire;

import dev.selvedge.server.transport.Channel;
import dev.selvedge.server.transport.Listener;
import dev.selvedge.server.transport.Poller;
import dev.selvedge.server.transport.ReadinessTarget;
import dev.selvedge.server.transport.TimeSource;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * A poller that has timers beside the readiness of the one below, and looks after the connections that a plan has
 * ended and whose server is done with them.
 *
 * <p>Timers and tasks run on the poller's thread, inside {@link #poll}; {@link #at} and {@link #execute} may be called
 * by any thread.
 */
final class FaultPoller implements Poller {

    private record Timer(long due, Runnable task) { }

    private final Poller below;
    private final TimeSource time;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final PriorityQueue<Timer> timers = new PriorityQueue<>(Comparator.comparingLong(Timer::due));
    private final Set<FaultChannel> ended = new HashSet<>();
    private volatile Thread loop;
    private volatile boolean closed;

    FaultPoller(Poller below, TimeSource time) {
        this.below = below;
        this.time = time;
    }

    @Override
    public int add(Listener listener, ReadinessTarget target) {
        return ((FaultListener) listener).addTo(this, below, target);
    }

    @Override
    public int add(Channel channel, ReadinessTarget target) {
        return ((FaultChannel) channel).addTo(this, below, target);
    }

    @Override
    public int poll(long timeoutNanos) {
        loop = Thread.currentThread();
        int told = below.poll(shortened(timeoutNanos)); // knows its thread now, so it frees what it closes at once
        if (told < 0) {
            return told;
        }
        runTasks();
        return told + runTimers();
    }

    private long shortened(long timeoutNanos) {
        Timer next = timers.peek();
        if (next == null) {
            return timeoutNanos;
        }
        long left = Math.max(0, next.due() - time.nanos());
        return timeoutNanos < 0 ? left : Math.min(timeoutNanos, left);
    }

    /** Runs the tasks that are there when it begins. */
    private void runTasks() {
        for (int left = tasks.size(); left > 0; left--) {
            Runnable task = tasks.poll();
            if (task != null) {
                task.run();
            }
        }
    }

    /** Runs what is due; returns how many targets may have been told. */
    private int runTimers() {
        int run = 0;
        long now = timers.isEmpty() ? 0 : time.nanos();
        for (Timer next = timers.peek(); next != null && next.due() <= now; next = timers.peek()) {
            timers.remove();
            next.task().run();
            run++;
        }
        return run;
    }

    /** Lets a task run at a time, in nanoseconds of the transport's clock; never if the poller is closed before. */
    void at(long due, Runnable task) {
        if (isThisThread()) {
            timers.add(new Timer(due, task));
        } else {
            execute(() -> timers.add(new Timer(due, task)));
        }
    }

    /** Lets a task run soon: inside a poll, or on a thread of its own when the poller is closed. */
    void execute(Runnable task) {
        tasks.add(task);
        if (closed) {
            Thread.startVirtualThread(this::runLeftTasks); // not here, where connections may be locked
        } else {
            below.wakeUp();
        }
    }

    boolean isThisThread() {
        return Thread.currentThread() == loop;
    }

    /** Keeps a connection that a plan has ended until it is closed, or the poller is. */
    void keep(FaultChannel channel) {
        if (closed) {
            channel.abandon();
        } else {
            ended.add(channel);
        }
    }

    void forget(FaultChannel channel) {
        ended.remove(channel);
    }

    @Override
    public void wakeUp() {
        below.wakeUp();
    }

    @Override
    public void close() {
        closed = true;
        runLeftTasks();
        List.copyOf(ended).forEach(FaultChannel::abandon);
        timers.clear();
        below.close();
    }

    private void runLeftTasks() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }
}
