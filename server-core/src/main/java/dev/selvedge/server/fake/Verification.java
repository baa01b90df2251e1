package dev.selvedge.server.fake;

import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * A question to a {@link FakeServer}: whether certain requests have arrived, and how many. Made by
 * {@link FakeServer#verify(String, String)}; asked by {@link #now()} or {@link #within(Duration)}.
 *
 * <pre>{@code
 * server.verify("POST", "/orders").times(2).within(Duration.ofSeconds(1));
 * server.verify("GET", "/users/{id}").header("Accept", "application/json").now();      // at least once
 * server.verify("DELETE", "/users/{id}").never().now();
 * }</pre>
 *
 * <p>One that is never asked would verify nothing. So the next call to the server by the same thread fails with an
 * {@link IllegalStateException} that says where it is, and {@link FakeServer#close()}, which does not throw, logs that
 * as an error. For one thread.
 */
public final class Verification {

    private static final Duration LONGEST = Duration.ofDays(1);

    private final FakeServer server;
    private final Journal journal;
    private final String place = Place.ofCaller();
    private Conditions conditions;
    private int min = 1;
    private int max = Integer.MAX_VALUE;

    Verification(FakeServer server, Journal journal, Conditions conditions) {
        this.server = server;
        this.journal = journal;
        this.conditions = conditions;
    }

    /**
     * Counts requests with a header line only.
     *
     * @param name its name, in any case
     * @param value its whole value; of several lines with that name one must have it
     * @return this verification
     * @throws IllegalArgumentException if no request could have such a line
     */
    public Verification header(String name, String value) {
        return and(() -> Condition.header(name, value));
    }

    /**
     * Counts requests with a parameter in the query only.
     *
     * @param name its decoded name
     * @param value its decoded value; of several with that name one must have it
     * @return this verification
     */
    public Verification query(String name, String value) {
        return and(() -> Condition.query(name, value));
    }

    /**
     * Counts requests with such a body only.
     *
     * @param predicate is given the body as text; what it throws counts as no
     * @return this verification
     */
    public Verification body(Predicate<String> predicate) {
        return and(() -> Condition.body(predicate));
    }

    /**
     * Counts requests of which something else holds only.
     *
     * @param description what that is, for messages
     * @param predicate is given the request; what it throws counts as no
     * @return this verification
     */
    public Verification where(String description, Predicate<RecordedRequest> predicate) {
        return and(() -> Condition.where(description, predicate));
    }

    private Verification and(Supplier<Condition> further) {
        server.unasked().asked(this);     // one that is refused need not be asked
        conditions = conditions.and(further.get());
        return begun();
    }

    Verification begun() {
        server.unasked().begun(this);
        return this;
    }

    /**
     * Asks for an exact number. Without any number it is at least one.
     *
     * @param number at least 0
     * @return this verification
     * @throws IllegalArgumentException if the number is negative
     */
    public Verification times(int number) {
        return between(number, number);
    }

    /**
     * Asks for exactly one.
     *
     * @return this verification
     */
    public Verification once() {
        return between(1, 1);
    }

    /**
     * Asks for none.
     *
     * @return this verification
     */
    public Verification never() {
        return between(0, 0);
    }

    /**
     * Asks for a number or more.
     *
     * @param number at least 0
     * @return this verification
     * @throws IllegalArgumentException if the number is negative
     */
    public Verification atLeast(int number) {
        return between(number, Integer.MAX_VALUE);
    }

    private Verification between(int from, int to) {
        server.unasked().asked(this);
        if (from < 0) {
            throw new IllegalArgumentException("there can't be " + from + " requests");
        }
        min = from;
        max = to;
        return begun();
    }

    /**
     * Asks at once.
     *
     * @return the requests that were counted, in order
     * @throws AssertionError if there are more or fewer; the message lists what did arrive
     */
    public List<RecordedRequest> now() {
        return ask(Duration.ZERO);
    }

    /**
     * Asks until the answer is yes. It waits no longer than until enough have arrived, and not at all for further ones;
     * but where none is wanted, it waits the whole time to see that none arrives. When the server is closed it does
     * not wait.
     *
     * @param time how long at most, zero to 1 day
     * @return the requests that were counted, in order
     * @throws IllegalArgumentException if the time is out of range
     * @throws AssertionError if there are more, or still fewer after the time; the message lists what did arrive
     */
    public List<RecordedRequest> within(Duration time) {
        server.unasked().asked(this);
        return ask(requireRange(time));
    }

    static Duration requireRange(Duration time) {
        if (time.isNegative() || time.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("the time to wait is " + time + "; it must be from zero to 1 day");
        }
        return time;
    }

    private List<RecordedRequest> ask(Duration time) {
        server.unasked().asked(this);
        long end = journal.nanos() + time.toNanos();
        while (true) {
            Journal.Snapshot snapshot = journal.snapshot();
            List<RecordedRequest> counted = snapshot.requests().stream()
                    .filter(request -> conditions.match(request).fits()).toList();
            long left = end - journal.nanos();
            boolean over = left <= 0 || snapshot.closed();
            if (counted.size() > max || over && counted.size() < min) {
                throw new AssertionError(failure(counted.size(), time));
            }
            if (over || counted.size() >= min && max > 0) {
                return counted;
            }
            try {
                journal.awaitChange(snapshot, left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted while waiting; " + failure(counted.size(), time), e);
            }
        }
    }

    private String failure(int count, Duration time) {
        String wanted = max == 0 ? "no request" : (min == max ? "" : "at least ") + Listing.count(min, "request");
        String listing = journal.listing(request -> {
            Conditions.Match match = conditions.match(request);
            return match.fits() ? "^ counted" : match.routed() == null ? null : "not counted: "
                    + String.join("; ", match.misses());
        });
        return "expected " + wanted + " for " + conditions
                + (time.isZero() ? "" : " within " + Listing.seconds(time)) + ", but there "
                + (count == 1 ? "was 1" : count == 0 ? "was none" : "were " + count) + ".\n"
                + (listing.isEmpty() ? server.nothingArrived() : listing);
    }

    /** Returns where it is made and of what, for the complaint that nobody has asked it. */
    @Override
    public String toString() {
        return "verify(" + conditions + ") at " + place;
    }
}
