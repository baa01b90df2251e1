package dev.selvedge.server.fake;

import java.time.Duration;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * How long a fake server waits: always the same time, or one that is drawn from a distribution with a seed. A value:
 * the same pause draws the same lengths again, so a test that failed can be repeated.
 */
public sealed interface Pause {

    /** No pause is longer; where a distribution has no end, its draws end here. */
    Duration MAX = Duration.ofDays(1);

    /** No time at all. */
    Pause NONE = new Fixed(Duration.ZERO);

    /**
     * Always the same length.
     *
     * @param length from zero to {@link #MAX}
     */
    record Fixed(Duration length) implements Pause {

        /**
         * Checks the range.
         *
         * @throws IllegalArgumentException if the length is negative or beyond {@link #MAX}
         */
        public Fixed {
            requireRange("a pause", length);
        }

        @Override
        public Duration drawn(long n) {
            return length;
        }

        @Override
        public String toString() {
            return text(length);
        }
    }

    /**
     * Any length between two, each as likely as the others.
     *
     * @param min the shortest, from zero
     * @param max the longest, at least {@code min} and at most {@link #MAX}
     * @param seed what the draws depend on
     */
    record Uniform(Duration min, Duration max, long seed) implements Pause {

        /**
         * Checks the ranges.
         *
         * @throws IllegalArgumentException if a length is negative or beyond {@link #MAX}, or the longest is shorter
         *     than the shortest
         */
        public Uniform {
            requireRange("the shortest pause", min);
            requireRange("the longest pause", max);
            if (max.compareTo(min) < 0) {
                throw new IllegalArgumentException(
                        "the longest pause, " + text(max) + ", is shorter than the shortest, " + text(min));
            }
        }

        @Override
        public Duration drawn(long n) {
            return Duration.ofNanos(random(seed, n).nextLong(min.toNanos(), max.toNanos() + 1));
        }

        @Override
        public String toString() {
            return text(min) + " to " + text(max) + " (seed " + seed + ")";
        }
    }

    /**
     * Mostly short lengths, and now and then a long one: times between events that know nothing of each other.
     *
     * @param mean the length on average, more than zero and at most {@link #MAX}
     * @param seed what the draws depend on
     */
    record Exponential(Duration mean, long seed) implements Pause {

        /**
         * Checks the range.
         *
         * @throws IllegalArgumentException if the mean is not positive or beyond {@link #MAX}
         */
        public Exponential {
            requireRange("the mean of a pause", mean);
            if (mean.isZero()) {
                throw new IllegalArgumentException("the mean of a pause is zero; it must be more");
            }
        }

        @Override
        public Duration drawn(long n) {
            return bounded(random(seed, n).nextExponential() * mean.toNanos());
        }

        @Override
        public String toString() {
            return text(mean) + " on average, exponential (seed " + seed + ")";
        }
    }

    /**
     * Lengths around a mean, the farther from it the less likely; what would be negative is zero.
     *
     * @param mean the middle, from zero to {@link #MAX}
     * @param deviation the standard deviation, from zero to {@link #MAX}
     * @param seed what the draws depend on
     */
    record Normal(Duration mean, Duration deviation, long seed) implements Pause {

        /**
         * Checks the ranges.
         *
         * @throws IllegalArgumentException if the mean or the deviation is negative or beyond {@link #MAX}
         */
        public Normal {
            requireRange("the mean of a pause", mean);
            requireRange("the deviation of a pause", deviation);
        }

        @Override
        public Duration drawn(long n) {
            return bounded(random(seed, n).nextGaussian(mean.toNanos(), deviation.toNanos()));
        }

        @Override
        public String toString() {
            return text(mean) + " on average, deviation " + text(deviation) + " (seed " + seed + ")";
        }
    }

    /**
     * Returns the pause that always has this length.
     *
     * @param length from zero to {@link #MAX}
     * @return the pause
     * @throws IllegalArgumentException if the length is out of its range
     */
    static Pause of(Duration length) {
        return new Fixed(length);
    }

    /**
     * Returns a pause of any length between two.
     *
     * @param min the shortest, from zero
     * @param max the longest, at least {@code min} and at most {@link #MAX}
     * @param seed what the draws depend on
     * @return the pause
     * @throws IllegalArgumentException if a length is out of its range
     */
    static Pause uniform(Duration min, Duration max, long seed) {
        return new Uniform(min, max, seed);
    }

    /**
     * Returns a pause that is mostly short and at times long.
     *
     * @param mean the length on average, more than zero and at most {@link #MAX}
     * @param seed what the draws depend on
     * @return the pause
     * @throws IllegalArgumentException if the mean is out of its range
     */
    static Pause exponential(Duration mean, long seed) {
        return new Exponential(mean, seed);
    }

    /**
     * Returns a pause around a mean.
     *
     * @param mean the middle, from zero to {@link #MAX}
     * @param deviation the standard deviation, from zero to {@link #MAX}
     * @param seed what the draws depend on
     * @return the pause
     * @throws IllegalArgumentException if the mean or the deviation is out of its range
     */
    static Pause normal(Duration mean, Duration deviation, long seed) {
        return new Normal(mean, deviation, seed);
    }

    /**
     * Returns the length of one of the pauses.
     *
     * @param n which one; the same number gives the same length
     * @return the length, from zero to {@link #MAX}
     */
    Duration drawn(long n);

    /** Returns the source of the n-th draw: neighbours have nothing in common. */
    private static RandomGenerator random(long seed, long n) {
        return new SplittableRandom(new SplittableRandom(seed).nextLong() + n * 0x9E3779B97F4A7C15L).split();
    }

    private static Duration bounded(double nanos) {
        return Duration.ofNanos(Math.clamp(Math.round(nanos), 0, MAX.toNanos()));
    }

    private static void requireRange(String what, Duration value) {
        if (Objects.requireNonNull(value, what).isNegative() || value.compareTo(MAX) > 0) {
            throw new IllegalArgumentException(what + " is " + text(value) + "; it must be from 0 ms to 1 day");
        }
    }

    private static String text(Duration length) {
        boolean whole = length.toNanosPart() % 1_000_000 == 0 && Math.abs(length.getSeconds()) < 86_400;
        return whole ? length.toMillis() + " ms" : length.toString();
    }
}
