package dev.selvedge.server.engine;

import dev.selvedge.server.transport.memory.Actor;
import dev.selvedge.server.transport.memory.Chance;
import dev.selvedge.server.transport.memory.Mishap;
import dev.selvedge.server.transport.memory.Scheduler;
import dev.selvedge.server.transport.memory.Witness;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;

/**
 * A world in which everything happens by a seed: it draws what its {@link Scheduler} and the transport in it leave to
 * chance, keeps a trace, and sees to it that what must hold does.
 *
 * <p>Time passes a little at each step, and leaps when nobody can go on. If there is no moment to leap to, the world is
 * stuck, which is a failure like the others.
 */
final class SimWorld implements Chance, Witness {

    /** A moment before a new second. */
    private static final Instant BEGIN = Instant.ofEpochMilli(1_767_225_599_950L);
    private static final long STEPS_MAX = 3_000_000;
    private static final int IDLE_TURNS_MAX = 2_000;
    private static final Duration REAL_TIME_MAX = Duration.ofSeconds(50);

    final SimRandom random;
    final SimTrace trace = new SimTrace();
    final Scheduler scheduler;
    private final Map<Mishap, Integer> onceIn = new EnumMap<>(Mishap.class);
    private final int maxBufferBytes;
    private final List<Object> monitors = new ArrayList<>();
    private final List<LongConsumer> beforeLeap = new ArrayList<>();
    private final List<Runnable> afterStep = new ArrayList<>();

    private volatile Throwable failure;
    private long steps;
    private int idleTurns;

    SimWorld(long seed) {
        random = new SimRandom(seed);
        onceIn.put(Mishap.TURN_LOST, random.any(1, 1, 2, 3, 8));
        onceIn.put(Mishap.HELD_UP, random.any(0, 0, 50, 500));
        onceIn.put(Mishap.PARK_INTERRUPTED, random.any(0, 5, 50));
        int shortOnceIn = random.any(0, 20, 2);
        onceIn.put(Mishap.SHORT_READ, shortOnceIn);
        onceIn.put(Mishap.SHORT_WRITE, shortOnceIn);
        onceIn.put(Mishap.NOT_NOW, random.any(0, 30, 4));
        int strayOnceIn = random.any(0, 30, 5);
        onceIn.put(Mishap.EDGE_REPEATED, strayOnceIn);
        onceIn.put(Mishap.POLL_INTERRUPTED, strayOnceIn);
        int refusedOnceIn = random.any(0, 0, 20, 3);
        onceIn.put(Mishap.ACCEPT_REFUSED, refusedOnceIn);
        onceIn.put(Mishap.WATCH_REFUSED, refusedOnceIn * 10);
        onceIn.put(Mishap.EDGES_LATE, 3);
        onceIn.put(Mishap.POLL_ROUNDED_UP, 2);
        onceIn.put(Mishap.RESET_EATS_INPUT, 2);
        onceIn.put(Mishap.FILE_NOT_SENDABLE, 4);
        maxBufferBytes = random.any(64, 500, 4_000, 20_000, 70_000, 70_000);
        scheduler = new Scheduler(BEGIN, this, this, REAL_TIME_MAX, REAL_TIME_MAX);
    }

    // ---- what is left to chance --------------------------------------------------------------------------------

    /** A thread that holds a monitor does not lose its turn: others could really block then. */
    @Override
    public boolean happens(Mishap mishap) {
        return random.once(onceIn.get(mishap)) && !(mishap == Mishap.TURN_LOST && holdsMonitor());
    }

    @Override
    public long below(long bound) {
        return random.between(0, bound - 1);
    }

    @Override
    public int bufferBytes(int most) {
        return Math.min(most, Math.max(maxBufferBytes / 32, random.size(maxBufferBytes)));
    }

    private boolean holdsMonitor() {
        for (Object monitor : monitors) {
            if (Thread.holdsLock(monitor)) {
                return true;
            }
        }
        return false;
    }

    // ---- set-up ------------------------------------------------------------------------------------------------

    void add(Actor actor) {
        scheduler.add(actor);
    }

    /** Starts a thread that takes part. */
    void start(String name, Runnable task) {
        scheduler.threads().newThread(name, task).start();
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
        try {
            scheduler.drive(() -> conduct(conductor));
        } catch (Scheduler.Ended e) {
            // the failure is told below
        }
        if (failure != null) {
            awaitThreads();
            throw new AssertionError(failure.getMessage(), failure);
        }
    }

    private void conduct(Runnable conductor) {
        scheduler.enter();
        try {
            start("conductor", conductor);
            scheduler.waitFor(() -> false, Scheduler.NEVER);
            require(scheduler.living().isEmpty(), "stuck: nobody can go on, and these have not ended: " + scheduler.living());
        } finally {
            scheduler.exit();
        }
    }

    /** Lets the threads of a failed world come to their end, so that they do not appear in another one. */
    private void awaitThreads() {
        for (Thread each : scheduler.living()) {
            try {
                each.join(Duration.ofSeconds(1));
            } catch (InterruptedException | IllegalThreadStateException e) {
                // not started, or nobody wants to wait
            }
        }
    }

    // ---- time --------------------------------------------------------------------------------------------------

    /** Returns the time without a step. */
    long now() {
        return scheduler.now();
    }

    long steps() {
        return steps;
    }

    boolean isOver() {
        return failure != null;
    }

    /** Lets the calling thread wait until the condition holds or the moment has come. */
    void waitFor(BooleanSupplier condition, long until) {
        scheduler.waitFor(condition, until);
    }

    // ---- what must hold ----------------------------------------------------------------------------------------

    /** Notes that what must hold does not. Does not return normally. */
    RuntimeException broken(Throwable e) {
        if (failure == null && !(e instanceof Scheduler.Ended)) {
            failure = e;
        }
        throw scheduler.end();
    }

    /** Fails if what must hold does not. */
    void require(boolean holds, String otherwise) {
        if (!holds) {
            throw broken(new AssertionError(otherwise));
        }
    }

    @Override
    public void misused(String what) {
        throw broken(new AssertionError(what));
    }

    @Override
    public void failed(Throwable thrown) {
        throw broken(thrown);
    }

    @Override
    public void setAside(Thread thread) {
        AssertionError e = new AssertionError(thread.getName() + " has its turn and does not come to a step");
        e.setStackTrace(thread.getStackTrace());
        throw broken(e);
    }

    @Override
    public void choosing() {
        require(steps++ < STEPS_MAX, "it does not come to an end");
        check(() -> afterStep.forEach(Runnable::run));
    }

    @Override
    public void leaping(long nanos) {
        check(() -> beforeLeap.forEach(each -> each.accept(nanos)));
    }

    /** Runs something that fails by an exception. */
    void check(Runnable check) {
        try {
            check.run();
        } catch (RuntimeException | AssertionError e) {
            throw broken(e);
        }
    }

    // ---- what happens ------------------------------------------------------------------------------------------

    @Override
    public void noted(Object who, String what, long first, long second) {
        note(who == null ? currentName() : who.toString(), what, first, second);
    }

    void note(String who, String what, long first, long second) {
        trace.note(now(), who, what, first, second);
    }

    void note(String what, long first, long second) {
        note(currentName(), what, first, second);
    }

    private String currentName() {
        Thread current = scheduler.current();
        return current == null ? "-" : current.getName();
    }

    /** Something has changed for a client: a byte has moved, a connection has come or gone. */
    @Override
    public void progress() {
        idleTurns = 0;
    }

    /** A loop was awake for nothing; if that happens all the time, it spins. */
    @Override
    public void idleTurn() {
        require(++idleTurns < IDLE_TURNS_MAX, "the loops spin: " + IDLE_TURNS_MAX + " turns for nothing");
    }

    @Override
    public String toString() {
        return "once in " + onceIn + ", buffers up to " + maxBufferBytes;
    }
}
