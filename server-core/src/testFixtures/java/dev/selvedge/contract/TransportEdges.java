package dev.selvedge.contract;

import dev.selvedge.server.transport.Readiness;
import dev.selvedge.server.transport.ReadinessTarget;
import java.util.concurrent.Semaphore;

/** Remembers the edges that it was told, each as one permit. An end that is told without {@code READABLE} is none. */
final class TransportEdges implements ReadinessTarget {

    final Semaphore readable = new Semaphore(0);
    final Semaphore writable = new Semaphore(0);
    private volatile boolean hangUp;

    @Override
    public void ready(int readiness) {
        if ((readiness & Readiness.HANG_UP) != 0) {
            hangUp = true;
        }
        if ((readiness & Readiness.READABLE) != 0) {
            readable.release();
        }
        if ((readiness & Readiness.WRITABLE) != 0) {
            writable.release();
        }
    }

    boolean hangUp() {
        return hangUp;
    }

    /** Forgets the edges up to now, as an owner does who is about to read and write anyway. */
    void forget() {
        readable.drainPermits();
        writable.drainPermits();
    }
}
