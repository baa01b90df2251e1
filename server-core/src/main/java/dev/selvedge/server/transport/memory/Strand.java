package dev.selvedge.server.transport.memory;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** One thread as its {@link Scheduler} sees it. Guarded by the scheduler's lock, but for what the thread itself does. */
final class Strand {

    /** What its thread is to the scheduler. */
    enum Kind {
        /** One of the server's own, from its start to its end. */
        LASTING,
        /** Another thread for as long as it uses something of this world, as if it belonged here. */
        GUEST,
        /** Likewise, but a test's: it waits until nobody else can go on, and lets time pass while it waits. */
        DRIVER
    }

    final Kind kind;
    final Thread thread;

    /** Goes on only when nobody else can without time passing, and lets time pass where it waits for a moment. */
    boolean goesLast;

    /** What it waits for, or null if it could go on. */
    BooleanSupplier wake;

    /** When it goes on in any case. */
    long wakeAt = Scheduler.NEVER;

    /** Until then others are chosen, even if it could go on. */
    long heldUpUntil = Long.MIN_VALUE;

    /** The permit of park and unpark of a thread that lasts; those of guests outlive their visits. */
    boolean permit;

    /** Others go on without it, until it comes back to the scheduler. */
    boolean aside;

    /** How deep it is in nested uses of the scheduler. */
    int depth;

    /** How often it has come to the scheduler and gone. */
    int turns;

    private boolean begun;

    /** An interruption that came while it waited for its turn, and that it sees when it has it. */
    private volatile boolean interrupted;

    Strand(Kind kind, Thread thread) {
        this.kind = kind;
        this.thread = thread;
        this.goesLast = kind == Kind.DRIVER;
    }

    /** Returns when it can go on, given that nothing else happens. */
    long due(long now) {
        if (aside || !hasBegun()) {
            return Scheduler.NEVER;
        }
        long at = isAwake() ? now : wakeAt;
        return Math.max(at, heldUpUntil);
    }

    private boolean hasBegun() {
        if (!begun) {
            begun = thread.getState() != Thread.State.NEW;
        }
        return begun;
    }

    boolean isAwake() {
        return wake == null || wake.getAsBoolean();
    }

    /**
     * Returns whether its thread is interrupted. What is asked first may be cleared by the thread in between, but not
     * before it has noted the second.
     */
    boolean isInterrupted() {
        return thread.isInterrupted() || interrupted;
    }

    /** Lets the own thread rest until it is woken or, for those who look around, for a moment. */
    void rest(long lookAroundNanos) {
        if (kind == Kind.LASTING) {
            LockSupport.park(this);
        } else {
            LockSupport.parkNanos(this, lookAroundNanos);
        }
        if (thread.isInterrupted()) {
            interrupted = true;
            Thread.interrupted(); // else it could not rest again
        }
    }

    /** The own thread has its turn, and sees the interruption that came meanwhile. */
    void hasTurn() {
        turns++;
        if (interrupted) {
            thread.interrupt();
            interrupted = false;
        }
    }

    /**
     * Returns whether its thread waits until another one wakes it, or for a time. One that waits for a monitor is not
     * told apart from one that computes: that is often a class that is being loaded.
     */
    boolean isWaiting() {
        return switch (thread.getState()) {
            case WAITING, TIMED_WAITING -> true;
            case NEW, RUNNABLE, BLOCKED, TERMINATED -> false;
        };
    }

    @Override
    public String toString() {
        return thread.getName();
    }
}
