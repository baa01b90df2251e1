package dev.selvedge.server.engine;

import dev.selvedge.server.transport.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;

/**
 * A world in which everything happens by a seed: it has a virtual clock, and decides at each step who goes on.
 *
 * <p>Its inhabitants are {@linkplain SimThread threads}, of which one runs at a time, and actors, which act at a moment
 * of their own and never wait. A thread comes to a step at each call of the transport, each look at the clock, each
 * wait and wake-up. Then one of all who could go on is chosen, the same thread perhaps. Time passes a little at each
 * step; when nobody can go on it leaps to the next moment at which somebody can. If there is none, the world is stuck,
 * which is a failure like the others.
 *
 * <pre>
 *   thread A ──step──┐                       ┌── goes on
 *                    ▼                       │
 *             choose among all who could ────┼── actor: acts, choose again
 *                    ▲                       │
 *                    └── clock leaps ◄─ none └── thread B gets the baton, A waits for it
 * </pre>
 */
final class SimWorld implements TimeSource {

    /** No moment at all. */
    static final long NEVER = Long.MAX_VALUE;

    /** Something besides the threads that does something by itself. */
    interface Actor {
        /** Returns when it acts next if nothing else happens: now, later, or {@link #NEVER}. */
        long due(long now);

        /** Acts; called when that moment has come. */
        void act();
    }

    /** 2026-01-01, a moment before a new second. */
    private static final long EPOCH_MILLIS = 1_767_225_599_950L;
    private static final long STEPS_MAX = 3_000_000;
    private static final int STEP_NANOS_MAX = 2_000;
    private static final long HELD_UP_NANOS_MAX = TimeUnit.MILLISECONDS.toNanos(20);
    private static final int IDLE_TURNS_MAX = 2_000;
    private static final long REAL_SECONDS_MAX = 50;

    final SimRandom random;
    final SimTrace trace = new SimTrace();
    private final List<SimThread> threads = new ArrayList<>();
    private final Map<Thread, SimThread> known = new IdentityHashMap<>();
    private final List<Actor> actors = new ArrayList<>();
    private final List<Object> could = new ArrayList<>();
    private final List<Object> monitors = new ArrayList<>();
    private final List<LongConsumer> beforeLeap = new ArrayList<>();
    private final List<Runnable> afterStep = new ArrayList<>();
    private final CountDownLatch finished = new CountDownLatch(1);
    private final int switchOnceIn;
    private final int holdUpOnceIn;

    private volatile SimThread running;
    private volatile boolean over;
    private volatile Throwable failure;
    private long now;
    private long steps;
    private int idleTurns;

    SimWorld(long seed) {
        random = new SimRandom(seed);
        switchOnceIn = random.any(1, 1, 2, 3, 8);
        holdUpOnceIn = random.any(0, 0, 50, 500);
    }

    // ---- set-up ------------------------------------------------------------------------------------------------

    void add(Actor actor) {
        actors.add(actor);
    }

    /** Adds a thread, which takes part as soon as it is started. */
    SimThread thread(String name, Runnable task) {
        SimThread added = new SimThread(this, name, task);
        threads.add(added);
        known.put(added.thread, added);
        return added;
    }

    SimThread start(String name, Runnable task) {
        SimThread started = thread(name, task);
        started.thread.start();
        return started;
    }

    /** A thread that holds this object's monitor is not interrupted by others: they could really block then. */
    void monitor(Object object) {
        monitors.add(object);
    }

    /** Adds a check that is made, with the moment to come, when nothing can happen before that moment. */
    void beforeLeap(LongConsumer check) {
        beforeLeap.add(check);
    }

    /** Adds a check that is made after each step. */
    void afterStep(Runnable check) {
        afterStep.add(check);
    }

    /** Runs the world until nothing can happen any more. */
    void run(Runnable conductor) {
        running = start("conductor", conductor);
        LockSupport.unpark(running.thread);
        try {
            if (!finished.await(REAL_SECONDS_MAX, TimeUnit.SECONDS)) {
                SimThread stuck = running;
                AssertionError e = new AssertionError(stuck + " has the baton and does not come to a step");
                e.setStackTrace(stuck.thread.getStackTrace());
                broken(e);
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        } catch (SimThread.Over e) {
            // the failure is told below
        }
        if (failure != null) {
            awaitThreads();
            throw new AssertionError(failure.getMessage(), failure);
        }
    }

    /** Lets the threads of a failed world come to their end, so that they do not appear in another one. */
    private void awaitThreads() {
        for (SimThread each : List.copyOf(threads)) {
            try {
                LockSupport.unpark(each.thread);
                each.thread.join(Duration.ofSeconds(1));
            } catch (InterruptedException | IllegalThreadStateException e) {
                // not started, or nobody wants to wait
            }
        }
    }

    // ---- time --------------------------------------------------------------------------------------------------

    /** Returns the time without a step. */
    long now() {
        return now;
    }

    long steps() {
        return steps;
    }

    @Override
    public long nanos() {
        step();
        return now;
    }

    @Override
    public long epochMillis() {
        return EPOCH_MILLIS + TimeUnit.NANOSECONDS.toMillis(now);
    }

    // ---- steps of threads --------------------------------------------------------------------------------------

    SimThread running() {
        return running;
    }

    boolean isOver() {
        return over;
    }

    /** Returns the thread that calls, which has the baton. */
    SimThread current() {
        SimThread current = running;
        if (over) {
            throw new SimThread.Over();
        }
        if (current == null || current.thread != Thread.currentThread()) {
            throw broken(new AssertionError(Thread.currentThread() + " runs while " + current + " has the baton"));
        }
        return current;
    }

    SimThread known(Thread thread) {
        return known.get(thread);
    }

    /** A moment at which others may go on instead of the calling thread. */
    void step() {
        if (steps == 0 && running == null) {
            return; // the world is being set up
        }
        SimThread self = current();
        now += random.below(STEP_NANOS_MAX);
        if (!random.once(switchOnceIn) || holdsMonitor()) {
            return;
        }
        if (random.once(holdUpOnceIn)) {
            self.holdUp(now + random.between(0, HELD_UP_NANOS_MAX));
        }
        handOn(self);
    }

    private boolean holdsMonitor() {
        for (Object monitor : monitors) {
            if (Thread.holdsLock(monitor)) {
                return true;
            }
        }
        return false;
    }

    /** Lets the calling thread wait until the condition holds or the moment has come. */
    void waitFor(BooleanSupplier condition, long until) {
        SimThread self = current();
        self.waitFor(condition, until);
        handOn(self);
        self.goOn();
    }

    private void handOn(SimThread self) {
        SimThread next = chooseThread();
        if (next != self) {
            running = next;
            LockSupport.unpark(next.thread);
            self.awaitBaton();
        }
    }

    /** Ends a thread; the baton goes on, or everything has come to its end. */
    void ended(SimThread self) {
        threads.remove(self);
        known.remove(self.thread);
        note(self.name, "ended", 0, 0);
        SimThread next = chooseThread();
        running = next;
        if (next == null) {
            over = true;
            finished.countDown();
        } else {
            LockSupport.unpark(next.thread);
        }
    }

    /** Notes that what must hold does not. Does not return normally. */
    RuntimeException broken(Throwable e) {
        if (failure == null && !(e instanceof SimThread.Over)) {
            failure = e;
        }
        over = true;
        finished.countDown();
        List.copyOf(threads).forEach(each -> LockSupport.unpark(each.thread));
        throw new SimThread.Over();
    }

    /** Fails if what must hold does not. */
    void require(boolean holds, String otherwise) {
        if (!holds) {
            throw broken(new AssertionError(otherwise));
        }
    }

    // ---- choosing ----------------------------------------------------------------------------------------------

    /** Lets actors act until a thread's turn has come; null if all is over. */
    private SimThread chooseThread() {
        try {
            for (;;) {
                Object chosen = choose();
                if (!(chosen instanceof Actor actor)) {
                    return (SimThread) chosen;
                }
                actor.act();
            }
        } catch (RuntimeException | AssertionError e) {
            throw broken(e);
        }
    }

    private Object choose() {
        afterStep.forEach(Runnable::run);
        require(steps++ < STEPS_MAX, "it does not come to an end");
        now += random.below(STEP_NANOS_MAX);
        for (long next = whoCould(); could.isEmpty(); next = whoCould()) {
            if (next == NEVER) {
                require(threads.isEmpty(), "stuck: nobody can go on, and these have not ended: " + threads);
                return null;
            }
            long leapTo = next;
            beforeLeap.forEach(check -> check.accept(leapTo));
            now = next;
        }
        return random.anyOf(could);
    }

    /** Collects who could go on now, and returns the next moment at which somebody else can. */
    private long whoCould() {
        could.clear();
        long next = NEVER;
        for (int i = 0; i < threads.size(); i++) {
            long due = threads.get(i).due(now);
            if (due <= now) {
                could.add(threads.get(i));
            }
            next = Math.min(next, due);
        }
        for (int i = 0; i < actors.size(); i++) {
            long due = actors.get(i).due(now);
            if (due <= now) {
                could.add(actors.get(i));
            }
            next = Math.min(next, due);
        }
        return next;
    }

    // ---- what happens ------------------------------------------------------------------------------------------

    void note(String who, String what, long first, long second) {
        trace.note(now, who, what, first, second);
    }

    void note(String what, long first, long second) {
        SimThread current = running;
        trace.note(now, current == null ? "-" : current.name, what, first, second);
    }

    /** Notes that something has changed for a client: a byte has moved, a connection has come or gone. */
    void progress() {
        idleTurns = 0;
    }

    /** Notes that a loop was awake for nothing; if that happens all the time, it spins. */
    void idleTurn() {
        require(++idleTurns < IDLE_TURNS_MAX, "the loops spin: " + IDLE_TURNS_MAX + " turns for nothing");
    }
}
