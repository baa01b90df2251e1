package dev.selvedge.server.fake.wire;

/**
 * Lets octets pass at a rate: a bucket that holds a twentieth of a second's octets, full in the beginning. At any time
 * so many octets have passed as the rate allows, and at most one bucket more.
 */
final class Throttle {

    private static final int BUCKETS_PER_SECOND = 20;

    /** With less than one part of so many the bucket is nearly empty. */
    private static final int NEARLY_EMPTY = 10;

    private static final double NANOS_PER_SECOND = 1e9;

    private final long rate;
    private final long bucket;
    private double tokens;
    private long refilled;

    /**
     * @param rate octets per second, at least 1
     * @param now nanoseconds
     */
    Throttle(long rate, long now) {
        this.rate = rate;
        this.bucket = Math.max(1, rate / BUCKETS_PER_SECOND);
        this.tokens = bucket;
        this.refilled = now;
    }

    /**
     * Returns how many octets may pass now. A bucket that is nearly empty gives nothing: octets that have just trickled
     * in are not worth a system call each.
     */
    long allowance(long now) {
        tokens = Math.min(bucket, tokens + (now - refilled) / NANOS_PER_SECOND * rate);
        refilled = now;
        return tokens * NEARLY_EMPTY < bucket ? 0 : (long) tokens;
    }

    void passed(long octets) {
        tokens -= octets;
    }

    /** Returns when the bucket will be full, which is worth waiting for if it is empty. */
    long fullAt() {
        return refilled + (long) Math.ceil((bucket - tokens) / rate * NANOS_PER_SECOND) + 1;
    }
}
