package dev.selvedge.server.engine;

import dev.selvedge.server.transport.ServerThreads;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Who owns a connection, the loop or a handler's thread, and what the loop wants the latter to know: one word, changed
 * atomically.
 *
 * <pre>
 *   bits 0-2   edges that came while a handler's thread owned the connection
 *   bit  8     handed over
 *   bit  9     the handler's thread is waiting for an edge
 *   bit  10    killed: the channel is closed
 *   bit  11    the handler's thread is in the application's code, and does not touch the connection
 *   bit  12    taken away from a handler's thread that was there for too long
 * </pre>
 */
final class Ownership {

    /** The answer of {@link #edge} when another thread owns the connection, and was told. */
    static final int NOT_MINE = -1;

    /** The answer of {@link #await} when the connection was killed. */
    static final int KILLED = -1;

    /** The answer of {@link #await} when the thread was interrupted. */
    static final int INTERRUPTED = -2;

    private static final int EDGES = 0x07;
    private static final int HANDED_OVER_BIT = 1 << 8;
    private static final int WAITING_BIT = 1 << 9;
    private static final int KILLED_BIT = 1 << 10;
    private static final int IN_CALL_BIT = 1 << 11;
    private static final int TAKEN_BIT = 1 << 12;
    private static final VarHandle WORD;

    static {
        try {
            WORD = MethodHandles.lookup().findVarHandle(Ownership.class, "word", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private volatile int word;
    private volatile Thread thread;

    /** Waits for an edge: the handler's thread, or one to which the handler has given the body or the stream. */
    private volatile Thread waiting;

    // ---- the loop's side ---------------------------------------------------------------------------------------

    boolean handedOver() {
        return (word & HANDED_OVER_BIT) != 0;
    }

    /** Hands the connection over to the handler's thread that is about to start. */
    void handOver() {
        assert word == 0 : word;
        word = HANDED_OVER_BIT;
    }

    /** Takes up an edge: returns it if the loop owns the connection, else notes it for the owner. */
    int edge(int edges, ServerThreads threads) {
        if (word == 0) {
            return edges;
        }
        int before = (int) WORD.getAndBitwiseOr(this, edges);
        if ((before & HANDED_OVER_BIT) == 0) {
            // given back in this very moment
            WORD.getAndBitwiseAnd(this, ~EDGES);
            return edges;
        }
        if ((before & WAITING_BIT) != 0) {
            threads.unpark(waiting);
        }
        return NOT_MINE;
    }

    /**
     * Takes back a connection that its handler's thread is done with.
     *
     * @return the edges that came meanwhile, or {@link #NOT_MINE} if it was taken back already
     */
    int takeBack() {
        int before = (int) WORD.getAndSet(this, 0);
        return (before & HANDED_OVER_BIT) != 0 ? before & EDGES : NOT_MINE;
    }

    /**
     * Takes the connection away from its handler's thread, for good, if that is in the application's code.
     *
     * @return the edges that came meanwhile, or {@link #NOT_MINE} if the thread is at work on the connection
     */
    int takeAway() {
        int before = word;
        while ((before & (HANDED_OVER_BIT | IN_CALL_BIT)) == (HANDED_OVER_BIT | IN_CALL_BIT)) {
            if (WORD.compareAndSet(this, before, TAKEN_BIT)) {
                return before & EDGES;
            }
            before = word;
        }
        return NOT_MINE;
    }

    /** Interrupts the thread from which the connection was taken away. */
    void interruptFormerOwner() {
        thread.interrupt();
    }

    /** Tells a handler's thread that the channel is closed; returns false if there is none. */
    boolean kill(ServerThreads threads) {
        if (!handedOver()) {
            return false;
        }
        int before = (int) WORD.getAndBitwiseOr(this, KILLED_BIT);
        Thread owner = thread;
        if (owner != null && (before & HANDED_OVER_BIT) != 0) {
            owner.interrupt();
        }
        if ((before & WAITING_BIT) != 0) {
            threads.unpark(waiting);
        }
        return (before & HANDED_OVER_BIT) != 0;
    }

    // ---- the handler's side ------------------------------------------------------------------------------------

    /** Notes which thread is at work for the connection, or none any more. */
    void thread(Thread current) {
        thread = current;
        waiting = null;
    }

    /** Begins to run the application's code. */
    void enterCall() {
        WORD.getAndBitwiseOr(this, IN_CALL_BIT);
    }

    /** Comes back from the application's code; false if the connection has been taken away meanwhile. */
    boolean leaveCall() {
        return ((int) WORD.getAndBitwiseAnd(this, ~IN_CALL_BIT) & TAKEN_BIT) == 0;
    }

    boolean isHeldBy(Thread other) {
        return thread == other;
    }

    boolean killed() {
        return (word & KILLED_BIT) != 0;
    }

    /** Gives the connection back without a word, if no edge has come meanwhile. */
    boolean release() {
        return WORD.compareAndSet(this, HANDED_OVER_BIT, 0);
    }

    /**
     * Waits for an edge.
     *
     * @return the edges that came, the wanted among them; 0 when the time is over or for no reason; {@link #KILLED} or
     *     {@link #INTERRUPTED}
     */
    int await(int wanted, long nanos, ServerThreads threads) {
        waiting = Thread.currentThread();
        int before = (int) WORD.getAndBitwiseOr(this, WAITING_BIT);
        if ((before & (wanted | KILLED_BIT)) == 0) {
            threads.park(nanos);
        }
        int after = (int) WORD.getAndBitwiseAnd(this, ~WAITING_BIT);
        if ((after & KILLED_BIT) != 0) {
            return KILLED;
        }
        if ((after & wanted) != 0) {
            return (int) WORD.getAndBitwiseAnd(this, ~EDGES) & EDGES;
        }
        return Thread.currentThread().isInterrupted() ? INTERRUPTED : 0;
    }
}
