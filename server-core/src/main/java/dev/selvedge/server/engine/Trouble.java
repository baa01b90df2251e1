package dev.selvedge.server.engine;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Reports that the machine is short of something: once in a while, not once for each connection that suffers.
 */
final class Trouble {

    private static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final TimeSource time;
    private final AtomicLong quietUntil = new AtomicLong(Long.MIN_VALUE);

    Trouble(TimeSource time) {
        this.time = time;
    }

    void report(String message) {
        long now = time.nanos();
        long until = quietUntil.get();
        if (now >= until && quietUntil.compareAndSet(until, now + QUIET_NANOS)) {
            Log.warning(message + " (not repeated for a minute)");
        }
    }
}
