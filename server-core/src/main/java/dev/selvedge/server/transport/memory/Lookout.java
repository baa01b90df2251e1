package dev.selvedge.server.transport.memory;

/** Finds out, in real time, that a thread has its turn and does nothing with it. Guarded by the scheduler's lock. */
final class Lookout {

    private final long waitingNanosMax;
    private final long busyNanosMax;

    /** Who had the turn at the last look, since when and since which of its turns. */
    private Strand seen;
    private int turns;
    private long since;

    /**
     * Makes one.
     *
     * @param waitingNanosMax how long a thread may wait for something of another world
     * @param busyNanosMax how long it may compute
     */
    Lookout(long waitingNanosMax, long busyNanosMax) {
        this.waitingNanosMax = waitingNanosMax;
        this.busyNanosMax = busyNanosMax;
    }

    /** Looks at who has the turn, or null; true if that is one of the server's threads that is held up for too long. */
    boolean sees(Strand holder) {
        if (holder == null || holder.kind != Strand.Kind.LASTING) {
            return false;
        }
        if (holder != seen || holder.turns != turns) {
            seen = holder;
            turns = holder.turns;
            since = System.nanoTime();
            return false;
        }
        long nanos = System.nanoTime() - since;
        return holder.depth == 0 && nanos > (holder.isWaiting() ? waitingNanosMax : busyNanosMax);
    }
}
