package dev.selvedge.server.engine;

import dev.selvedge.server.transport.TimeSource;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;

/** Reports that the server is short of something: once when it begins, not once for each client that suffers. */
final class Trouble {

    /** What can be short. Each is reported by itself. */
    enum Kind {
        /** There are as many connections as may be. */
        CONNECTIONS,
        /** A connection can't be accepted. */
        ACCEPTING,
        /** A connection can't be watched. */
        WATCHING,
        /** A file can't be opened. */
        FILES,
        /** Handlers take too long. */
        HANDLERS
    }

    /** A trouble that has not come back for this long is over: the next is another one. */
    private static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(1);

    private static final long NEVER = Long.MIN_VALUE;

    private final TimeSource time;
    private final AtomicLongArray quietUntil = new AtomicLongArray(Kind.values().length);

    Trouble(TimeSource time) {
        this.time = time;
        for (Kind kind : Kind.values()) {
            quietUntil.set(kind.ordinal(), NEVER);
        }
    }

    void report(Kind kind, String message) {
        long now = time.nanos();
        if (now >= quietUntil.getAndSet(kind.ordinal(), now + QUIET_NANOS)) {
            Log.warning(message + " (said once, until it has been over for a minute)");
        }
    }
}
