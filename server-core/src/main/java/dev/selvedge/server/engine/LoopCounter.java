package dev.selvedge.server.engine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** A number that one event loop counts up, without the price of an atomic addition, and that any thread may read. */
final class LoopCounter {

    private static final VarHandle VALUE;

    static {
        try {
            VALUE = MethodHandles.lookup().findVarHandle(LoopCounter.class, "value", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private long value;

    /** Counts one more. On the loop's thread. */
    void increment() {
        VALUE.setRelease(this, value + 1);
    }

    /** Returns the number so far. May be called by any thread. */
    long get() {
        return (long) VALUE.getAcquire(this);
    }
}
