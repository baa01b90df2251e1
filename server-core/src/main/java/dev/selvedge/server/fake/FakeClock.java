package dev.selvedge.server.fake;

import dev.selvedge.server.transport.memory.Scheduler;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.function.BooleanSupplier;

/**
 * The clock of a fake server in memory: it stands still until a test {@linkplain #advance advances} it, and then leaps
 * from one thing that is due to the next. So a timeout of ten minutes is tested in a millisecond.
 *
 * <p>Whatever the server does, it does by this clock: its limits and deadlines, the delays of {@link Fault}s, the
 * {@code Date} field. It begins at 2026-01-01T00:00:00Z, so that everything is the same each time. A
 * handler that has to wait does so by {@link #sleep}; code that asks for an {@link InstantSource} or a
 * {@link java.time.Clock} can be given this one ({@link #withZone}).
 *
 * <h2>What drives the server</h2>
 * <p>Nothing happens beside the test. The server's threads go on one at a time, in an order that is always the same,
 * and only until none of them can go on without time passing; every call of a test to the server, to a
 * {@link FakeConnection} or to this clock waits for that. The exception is a handler that is held up by something the
 * clock knows nothing of: a latch of the test, {@code Thread.sleep}, another server. After twenty milliseconds the
 * others go on without it, and what it does when it comes back is not lost, but neither does it happen at the same
 * moment each time. May be used by any thread.
 */
public final class FakeClock implements InstantSource {

    private static final Duration LONGEST = Duration.ofDays(36_500);

    private final Scheduler scheduler;

    FakeClock(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    /**
     * Returns what time it is.
     *
     * @return the time of day, which is the same until the clock is advanced
     */
    @Override
    public Instant instant() {
        return scheduler.instant();
    }

    /**
     * Lets time pass, and returns when all that became due has been done, in order and each at its time.
     *
     * @param time how long, zero to 100 years; zero only lets the server do what it can do now
     * @throws IllegalArgumentException if the time is out of range
     * @throws IllegalStateException if it is called by a handler, which is to {@link #sleep}
     */
    public void advance(Duration time) {
        long nanos = requireTime(time).toNanos();
        if (scheduler.isOwnThread()) {
            throw new IllegalStateException("a handler can't advance the clock, which waits for it; it can sleep");
        }
        waitFor(() -> false, nanos);
    }

    /**
     * Lets the current thread wait until the clock has been advanced so far. For handlers, and other threads that work
     * for them; a test would wait for itself.
     *
     * @param time how long, zero to 100 years
     * @throws IllegalArgumentException if the time is out of range
     * @throws InterruptedException if the thread is or was interrupted, as a handler is when its time is over or the
     *     server is closed
     */
    public void sleep(Duration time) throws InterruptedException {
        scheduler.threads().sleep(requireTime(time).toNanos());
    }

    static Duration requireTime(Duration time) {
        Objects.requireNonNull(time, "time");
        if (time.isNegative() || time.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("the time is " + time + "; it must be from zero to 100 years");
        }
        return time;
    }

    /**
     * Lets time pass until a condition holds or so much has passed, for a test that waits.
     *
     * @param condition is asked while nobody else can go on, also by other threads; must not use the server
     * @return whether it holds
     */
    boolean waitFor(BooleanSupplier condition, long nanos) {
        return scheduler.drive(() -> scheduler.waitFor(condition, scheduler.now() + nanos));
    }

    /** Returns nanoseconds since the clock's beginning. */
    long nanos() {
        return scheduler.now();
    }

    /** Returns the time, and that it is a fake's. */
    @Override
    public String toString() {
        return "FakeClock at " + instant();
    }
}
