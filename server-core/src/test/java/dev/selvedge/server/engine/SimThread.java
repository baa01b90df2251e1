package dev.selvedge.server.engine;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * A thread of the simulation: it runs only while it has the baton, so that only one of all runs at a time, and hands it
 * on wherever the {@link SimWorld} says so.
 */
final class SimThread {

    /** Ends the threads of a simulation that has failed. */
    static final class Over extends Error {
        private static final long serialVersionUID = 1L;

        Over() {
            super("the simulation is over", null, false, false);
        }
    }

    final String name;
    final Thread thread;
    private final SimWorld world;

    /** What it waits for, or null if it could go on. */
    private BooleanSupplier wake;
    private long wakeAt = SimWorld.NEVER;

    /** Until then the machine runs others: even a thread that could go on may be held up. */
    private long heldUpUntil;

    /** The permit of park and unpark. */
    boolean permit;

    private boolean begun;

    SimThread(SimWorld world, String name, Runnable task) {
        this.world = world;
        this.name = name;
        this.thread = Thread.ofVirtual().name(name).unstarted(() -> run(task));
    }

    private void run(Runnable task) {
        try {
            awaitBaton();
            task.run();
            world.ended(this);
        } catch (Over e) {
            // no more to be done
        } catch (Throwable e) {
            world.broken(e);
        }
    }

    /** Returns when it can go on, given that nothing else happens. */
    long due(long now) {
        if (!begun) {
            begun = thread.getState() != Thread.State.NEW;
            if (!begun) {
                return SimWorld.NEVER;
            }
        }
        long at = wake == null || wake.getAsBoolean() ? now : wakeAt;
        return Math.max(at, heldUpUntil);
    }

    void holdUp(long until) {
        heldUpUntil = until;
    }

    /** Says what it waits for; then the baton goes on. */
    void waitFor(BooleanSupplier condition, long until) {
        wake = condition;
        wakeAt = until;
    }

    void goOn() {
        wake = null;
        wakeAt = SimWorld.NEVER;
    }

    /** Lets the thread wait for its turn. An interruption meanwhile stays noted, and changes nothing. */
    void awaitBaton() {
        boolean interrupted = false;
        while (world.running() != this) {
            if (world.isOver()) {
                throw new Over();
            }
            interrupted |= Thread.interrupted();
            LockSupport.park(world);
        }
        if (interrupted) {
            thread.interrupt();
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
