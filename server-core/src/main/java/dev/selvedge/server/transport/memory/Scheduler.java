package dev.selvedge.server.transport.memory;

import dev.selvedge.server.transport.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Threads of which one goes on at a time, and a clock that leaps when none can: so what a server does in memory is the
 * same each time, and takes no longer than it computes.
 *
 * <p>A thread hands its turn on where it waits, and, if {@link Chance} wants it, at each step. Then one of all who
 * could go on is chosen; that is the one that has waited for its turn the longest, if it is not left to chance. If
 * there is none, a test's thread goes on that waited for that ({@link #drive}); if that waits for a later moment, the
 * clock leaps to the next moment at which somebody can go on. If nobody waits for the clock, everything rests.
 *
 * <pre>
 *   thread A ──waits, steps──┐                   ┌── goes on
 *                            ▼                   │
 *                  choose among all who could ───┼── actor: acts, choose again
 *                            ▲                   │
 *                            └── clock leaps ◄───┴── thread B has the turn, A rests
 *                                no one could: a test's thread has the turn, or all rest
 * </pre>
 *
 * <p>Threads that are not of this world are welcome: whatever they use of it, they do in a turn of their own. And a
 * thread that has its turn and is held up by something of another world, such as a latch of a test or a computation, is
 * set aside after a moment, so that the others go on without it; it takes part again when it comes back. What such a
 * thread does is not lost, but neither is it the same each time.
 *
 * <p>All methods may be called by any thread. What the lock of this object guards is changed between {@link #enter} and
 * {@link #exit} only.
 */
public final class Scheduler implements TimeSource {

    /** Ends the threads of a world that was {@linkplain #end() ended}. */
    public static final class Ended extends Error {
        private static final long serialVersionUID = 1L;

        Ended() {
            super("this world was ended", null, false, false);
        }
    }

    /** No moment at all. */
    public static final long NEVER = Long.MAX_VALUE;

    private static final long HELD_UP_NANOS_MAX = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long LOOK_AROUND_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final Duration WAITING_MAX = Duration.ofMillis(20);
    private static final Duration BUSY_MAX = Duration.ofSeconds(2);

    private final ReentrantLock lock = new ReentrantLock();
    private final Instant begin;
    private final Chance chance;
    private final Witness witness;
    private final Lookout lookout;
    private final Roster roster;
    private final Map<Thread, Integer> drivers = new IdentityHashMap<>();
    private final MemoryThreads threads = new MemoryThreads(this);

    private volatile Strand running;

    /** Who was given the turn and is not woken yet. */
    private Strand toWake;
    private volatile boolean over;

    /**
     * Makes a world in which nothing is left to chance.
     *
     * @param begin the time of day at its beginning
     */
    public Scheduler(Instant begin) {
        this(begin, Chance.NONE, Witness.NONE, WAITING_MAX, BUSY_MAX);
    }

    /**
     * Makes a world.
     *
     * @param begin the time of day at its beginning
     * @param chance what is left to chance
     * @param witness who sees what happens
     * @param waitingMax after how long, in real time, others go on without a thread that has its turn and waits for
     *     something of another world
     * @param busyMax likewise for one that computes
     */
    public Scheduler(Instant begin, Chance chance, Witness witness, Duration waitingMax, Duration busyMax) {
        this.begin = begin;
        this.chance = chance;
        this.witness = witness;
        this.roster = new Roster(chance, witness);
        this.lookout = new Lookout(waitingMax.toNanos(), busyMax.toNanos());
    }

    Chance chance() {
        return chance;
    }

    Witness witness() {
        return witness;
    }

    // ---- time --------------------------------------------------------------------------------------------------

    /**
     * Returns the time without a step.
     *
     * @return nanoseconds since the beginning
     */
    public long now() {
        return roster.now();
    }

    @Override
    public long nanos() {
        step();
        return roster.now();
    }

    @Override
    public long epochMillis() {
        return instant().toEpochMilli();
    }

    /**
     * Returns the time of day.
     *
     * @return the instant
     */
    public Instant instant() {
        return begin.plusNanos(roster.now());
    }

    /** Returns the moment that comes after so long a time, or never. */
    long later(long nanos) {
        return nanos > NEVER - roster.now() ? NEVER : roster.now() + nanos;
    }

    /**
     * Returns the server's threads, which wait by this clock.
     *
     * @return the threads, always the same
     */
    public MemoryThreads threads() {
        return threads;
    }

    // ---- what its threads need ---------------------------------------------------------------------------------

    /** Adds a thread that takes part as soon as it is started. */
    void add(Thread thread) {
        lock.lock();
        try {
            roster.add(new Strand(Strand.Kind.LASTING, thread));
        } finally {
            lock.unlock();
        }
    }

    /** Returns what is known of a thread, or null if it does not take part now. Under the lock. */
    Strand of(Thread thread) {
        return roster.of(thread);
    }

    /** Returns who has the turn. */
    Strand running() {
        return running;
    }

    /** The current thread, one of the server's, has come to its end. */
    void ended() {
        lock.lock();
        try {
            Strand self = roster.of(Thread.currentThread());
            roster.remove(self);
            if (!over) {
                witness.noted(self, "ended", 0, 0);
                if (running == self) {
                    give();
                }
            }
        } catch (Ended e) {
            // a check has failed when the next one was chosen
        } finally {
            unlock();
        }
    }

    // ---- tests -------------------------------------------------------------------------------------------------

    /**
     * Adds somebody who acts by himself.
     *
     * @param actor who
     */
    public void add(Actor actor) {
        lock.lock();
        try {
            roster.add(actor);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Runs a task of a test on the current thread. Whatever it uses of this world waits until nobody else can go on,
     * and where it waits for a moment, time passes until then.
     *
     * @param task what to run
     */
    public void drive(Runnable task) {
        drive(() -> {
            task.run();
            return null;
        });
    }

    /**
     * Likewise, with a result.
     *
     * @param <T> its type
     * @param task what to run
     * @return its result
     */
    public <T> T drive(Supplier<T> task) {
        Thread current = Thread.currentThread();
        lock.lock();
        try {
            drivers.merge(current, 1, Integer::sum);
        } finally {
            lock.unlock();
        }
        try {
            return task.get();
        } finally {
            lock.lock();
            try {
                drivers.computeIfPresent(current, (thread, count) -> count == 1 ? null : count - 1);
            } finally {
                lock.unlock();
            }
        }
    }

    /** Lets everybody else go on who can without any time passing. */
    public void settle() {
        enter();
        Strand self = running;
        boolean before = self.goesLast;
        self.goesLast = true;
        try {
            waitFor(() -> false, roster.now());
        } finally {
            self.goesLast = before;
            exit();
        }
    }

    /**
     * Ends this world: each of its threads ends by {@link Ended} when it comes to it again.
     *
     * @return what the calling thread may throw to end likewise
     */
    public Ended end() {
        lock.lock();
        try {
            over = true;
            roster.strands().forEach(strand -> LockSupport.unpark(strand.thread));
            return new Ended();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Returns the server's threads that have not ended.
     *
     * @return a snapshot
     */
    public List<Thread> living() {
        lock.lock();
        try {
            return roster.strands().stream().filter(strand -> strand.kind == Strand.Kind.LASTING)
                    .map(strand -> strand.thread).toList();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Returns whether threads were set aside and have not come back.
     *
     * @return true if something may still happen without any time passing here
     */
    public boolean hasThreadsAside() {
        lock.lock();
        try {
            return roster.strands().stream().anyMatch(strand -> strand.aside);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Returns whether the current thread is one of the server's.
     *
     * @return true for the thread of a loop or a handler
     */
    public boolean isOwnThread() {
        lock.lock();
        try {
            Strand current = roster.of(Thread.currentThread());
            return current != null && current.kind == Strand.Kind.LASTING;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Returns the thread that has its turn.
     *
     * @return the thread, or null
     */
    public Thread current() {
        Strand current = running;
        return current == null ? null : current.thread;
    }

    // ---- turns -------------------------------------------------------------------------------------------------

    /** A moment at which others may go on instead of the calling thread. */
    public void step() {
        enter();
        try {
            roster.pass();
            if (chance.happens(Mishap.TURN_LOST)) {
                Strand self = running;
                // For a guest time does not pass: with nobody else there it would be held up for ever.
                if (chance.happens(Mishap.HELD_UP) && self.kind != Strand.Kind.GUEST) {
                    self.heldUpUntil = roster.now() + chance.below(HELD_UP_NANOS_MAX);
                }
                handOn(self);
            }
        } finally {
            exit();
        }
    }

    /**
     * Waits for the calling thread's turn, which it then has until {@link #exit}; meanwhile nobody else goes on. May be
     * nested.
     */
    public void enter() {
        boolean nested = lock.isHeldByCurrentThread();
        if (!nested) {
            lock.lock();
        }
        boolean entered = false;
        try {
            requireGoingOn();
            Strand self = roster.of(Thread.currentThread());
            if (self == null) {
                self = guest();
            }
            if (running != self) {
                comeBack(self);
                awaitTurn(self);
            }
            self.depth++;
            entered = true;
        } finally {
            if (!entered && !nested) {
                unlock();
            }
        }
    }

    private Strand guest() {
        Thread current = Thread.currentThread();
        Strand guest = new Strand(drivers.containsKey(current) ? Strand.Kind.DRIVER : Strand.Kind.GUEST, current);
        roster.add(guest);
        return guest;
    }

    /** Ends what {@link #enter} has begun. A thread of the server keeps its turn, others give it away. */
    public void exit() {
        Strand self = roster.of(Thread.currentThread());
        if (--self.depth > 0) {
            return;
        }
        try {
            self.turns++;
            if (self.kind != Strand.Kind.LASTING) {
                roster.remove(self);
                if (running == self && !over) {
                    give();
                }
            }
        } finally {
            unlock();
        }
    }

    /**
     * Lets the calling thread wait until a condition holds or a moment has come.
     *
     * @param condition is asked under the lock, by any thread, again and again
     * @param until the moment; {@link #NEVER} for none
     * @return whether the condition holds
     */
    public boolean waitFor(BooleanSupplier condition, long until) {
        enter();
        try {
            Strand self = running;
            self.wake = condition;
            self.wakeAt = until;
            try {
                handOn(self);
            } finally {
                self.wake = null;
                self.wakeAt = NEVER;
            }
            return condition.getAsBoolean();
        } finally {
            exit();
        }
    }

    private void handOn(Strand self) {
        give();
        awaitTurn(self);
    }

    /** Gives the turn to whoever is chosen, or to nobody. */
    private void give() {
        running = roster.choose();
        toWake = running;
    }

    /** Wakes whoever was given the turn only when it can have the lock, too. */
    private void unlock() {
        Strand woken = toWake;
        toWake = null;
        lock.unlock();
        if (woken != null && woken.thread != Thread.currentThread()) {
            LockSupport.unpark(woken.thread);
        }
    }

    private void awaitTurn(Strand self) {
        while (running != self) {
            unlock();
            try {
                self.rest(LOOK_AROUND_NANOS);
            } finally {
                lock.lock();
            }
            requireGoingOn();
            if (self.aside) {
                comeBack(self);
            } else if (self.kind != Strand.Kind.LASTING) {
                lookAround();
            }
        }
        self.hasTurn();
    }

    /** Lets a thread be chosen that was not here. */
    private void comeBack(Strand self) {
        self.aside = false;
        if (running == null) {
            give();
        }
    }

    private void requireGoingOn() {
        if (over) {
            throw new Ended();
        }
    }

    /** Sets the thread aside that has its turn, if it does not come to a step for too long. */
    private void lookAround() {
        if (lookout.sees(running)) {
            running.aside = true;
            witness.setAside(running.thread);
            give();
        }
    }
}
