package dev.selvedge.server.engine;

import dev.selvedge.server.http1.ConnectionContext;
import dev.selvedge.server.http1.ConnectionLimits;
import dev.selvedge.server.http1.ParserPool;
import dev.selvedge.server.http1.ServerConnection;
import dev.selvedge.server.transport.Channel;
import dev.selvedge.server.transport.Errno;
import dev.selvedge.server.transport.Poller;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * One thread that waits for readiness and drives the connections that were dealt to it.
 *
 * <p>It owns its poller, its buffers and its connections. Other threads only {@linkplain #execute leave tasks}.
 */
final class EventLoop implements Runnable {

    private static final int INBOX_BATCH = 4096;

    private final Shared shared;
    private final Poller poller;
    private final Thread thread;
    private final Queue<Runnable> inbox = new ConcurrentLinkedQueue<>();
    private final ArrayDeque<Runnable> later = new ArrayDeque<>();
    private final DeadlineQueue deadlines = new DeadlineQueue();
    private final List<Connection> connections = new ArrayList<>();
    private final List<Acceptor> acceptors = new ArrayList<>();
    private final ConnectionContext context;
    private final LoopCounter calls = new LoopCounter();
    private final LoopCounter requests;
    private final HandOvers handOvers;
    private final Batch batch;

    private long now;
    private boolean nowIsStale = true;
    private volatile boolean stopping;
    private volatile boolean killed;
    private volatile boolean ended;

    EventLoop(Shared shared, Poller poller, ThreadFactory threads) {
        this.shared = shared;
        this.poller = poller;
        this.requests = shared.newRequestCounter();
        this.handOvers = new HandOvers(shared);
        this.batch = new Batch(handOvers);
        ConnectionLimits limits = shared.settings().limits();
        this.context = new ConnectionContext(limits, shared.standing(), new ParserPool(limits.head()));
        this.thread = threads.newThread(this);
    }

    Thread thread() {
        return thread;
    }

    Shared shared() {
        return shared;
    }

    // ---- the loop ----------------------------------------------------------------------------------------------

    @Override
    public void run() {
        try {
            while (!done() && turn()) { }
        } finally {
            release();
        }
    }

    /** Waits and works once; false if waiting is not possible any more. */
    private boolean turn() {
        try {
            if (!await()) {
                return false;
            }
            work();
        } catch (RuntimeException | Error e) {
            Log.error(thread.getName() + " has met a defect, and goes on", e);
        } finally {
            handOvers.start();
        }
        return true;
    }

    private boolean done() {
        return killed || stopping && connections.isEmpty();
    }

    /** Waits for something to do; what is ready is done meanwhile. False if waiting is not possible any more. */
    private boolean await() {
        nowIsStale |= handOvers.giveWay();
        long wait = 0;
        if (later.isEmpty() && inbox.isEmpty()) {
            long next = deadlines.next();
            wait = next == Deadline.NEVER ? -1 : Math.max(0, next - now());
        }
        nowIsStale = true;
        int n;
        try {
            n = poller.poll(wait);
        } finally {
            batch.run(); // also what was ready before a defect of the poller
        }
        if (n < 0) {
            Log.warning(thread.getName() + " ends, and its connections with it, because waiting for readiness failed: "
                    + Errno.describe(-n));
        }
        return n >= 0;
    }

    private void work() {
        for (int i = later.size(); i > 0; i--) {
            later.removeFirst().run();
        }
        for (int i = 0; i < INBOX_BATCH; i++) {
            Runnable task = inbox.poll();
            if (task == null) {
                break;
            }
            task.run();
        }
        deadlines.expire(now());
    }

    private void release() {
        killed = true;
        try {
            for (Connection connection : List.copyOf(connections)) {
                connection.kill();
            }
            acceptors.forEach(Acceptor::close);
        } finally {
            ended = true;
            runLeftTasks();
            poller.close();
            shared.loopEnded();
        }
    }

    /** Runs what was left behind by threads that did not know of the end: a new connection, for one, is closed. */
    private synchronized void runLeftTasks() {
        for (Runnable task = inbox.poll(); task != null; task = inbox.poll()) {
            task.run();
        }
    }

    /** Returns the time of this turn. Asking the clock once for each wake-up is enough. */
    long now() {
        if (nowIsStale) {
            now = shared.time().nanos();
            nowIsStale = false;
        }
        return now;
    }

    // ---- what others leave here --------------------------------------------------------------------------------

    /** Lets the loop run a task soon. May be called by any thread; after the loop's end the task is run at once. */
    void execute(Runnable task) {
        inbox.add(task);
        if (ended) {
            runLeftTasks();
        } else if (Thread.currentThread() != thread) {
            poller.wakeUp();
        }
    }

    /** Adds a listener, before the loop starts. */
    void add(Acceptor acceptor) {
        acceptors.add(acceptor);
    }

    /** Takes over a new connection, or closes it. */
    void adopt(Channel channel) {
        Connection connection = null;
        try {
            connection = killed ? null : watch(channel);
        } finally {
            if (connection == null) {
                channel.close();
                shared.connectionClosed();
            }
        }
        if (connection != null) {
            deadlines.set(connection.deadline, idleDeadline());
            if (stopping) {
                connection.stop();
            }
        }
    }

    /** Returns the connection that is driven from now on, or null if it can't be watched. */
    private Connection watch(Channel channel) {
        Connection connection = new Connection(this, channel, new ServerConnection(context));
        connection.index = connections.size();
        connections.add(connection);
        int result = -Errno.ENOMEM;
        try {
            result = poller.add(channel, connection);
        } finally {
            if (result < 0) {
                connections.removeLast();
            }
        }
        if (result < 0) {
            shared.trouble().report(Trouble.Kind.WATCHING,
                    "a connection was closed because it can't be watched: " + Errno.describe(-result));
            return null;
        }
        return connection;
    }

    // ---- what connections need ---------------------------------------------------------------------------------

    Poller poller() {
        return poller;
    }

    DeadlineQueue deadlines() {
        return deadlines;
    }

    /** Returns until when a client that is idle from now on may be so. */
    long idleDeadline() {
        return now() + shared.settings().limits().idleNanos();
    }

    Batch batch() {
        return batch;
    }

    HandOvers handOvers() {
        return handOvers;
    }

    boolean isStopping() {
        return stopping;
    }

    /** Lets somebody go on in the next turn, when the others had theirs. On the loop's thread. */
    void later(Runnable next) {
        later.addLast(next);
    }

    /** Forgets a connection whose channel is closed. */
    void remove(Connection connection) {
        deadlines.remove(connection.deadline);
        int index = connection.index;
        Connection moved = connections.removeLast();
        if (moved != connection) {
            connections.set(index, moved);
            moved.index = index;
        }
        shared.connectionClosed();
    }

    /** Returns whether a thread is at work for one of the connections. On the loop's thread. */
    boolean serves(Thread handlerThread) {
        return connections.stream().anyMatch(connection -> connection.isServedBy(handlerThread));
    }

    /** Notes that a request has come. */
    void request() {
        requests.increment();
    }

    /** Notes that a call begins or ends on this thread: an odd number of notes means that one is under way. */
    void callBoundary() {
        calls.increment();
    }

    long callCounter() {
        return calls.get();
    }

    static boolean inCall(long callCounter) {
        return (callCounter & 1) == 1;
    }

    // ---- stop --------------------------------------------------------------------------------------------------

    /** Lets every connection end in order; the loop ends with the last of them. On the loop's thread. */
    void stop() {
        stopping = true;
        for (Connection connection : List.copyOf(connections)) {
            connection.stop();
        }
    }

    /** Ends the loop and its connections now. On the loop's thread. */
    void kill() {
        killed = true;
    }

    /** Waits for the end of the loop's thread. */
    boolean join(long nanos) throws InterruptedException {
        return thread.join(Duration.ofNanos(Math.max(1, Math.min(nanos, TimeUnit.DAYS.toNanos(1)))));
    }
}
