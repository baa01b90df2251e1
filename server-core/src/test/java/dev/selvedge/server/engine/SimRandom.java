package dev.selvedge.server.engine;

import java.util.List;

/** Every choice of one simulation, drawn from its seed: the same questions in the same order get the same answers. */
final class SimRandom {

    private long state;

    SimRandom(long seed) {
        this.state = seed;
    }

    /** Returns 64 random bits (SplitMix64). */
    long next() {
        state += 0x9E3779B97F4A7C15L;
        long z = (state ^ state >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return z ^ z >>> 31;
    }

    /** Returns a number from 0 to {@code bound - 1}. */
    int below(int bound) {
        return (int) ((next() >>> 33) % bound);
    }

    /** Returns a number from {@code min} to {@code max}, both included. */
    long between(long min, long max) {
        return min + Math.floorMod(next(), max - min + 1);
    }

    /** Returns a size up to the bound, where small ones are as likely as large ones. */
    int size(int max) {
        int magnitude = 1 << below(Math.max(1, 33 - Integer.numberOfLeadingZeros(max)));
        return Math.min(max, magnitude + below(magnitude));
    }

    /** True once in so many times; never for 0. */
    boolean once(int in) {
        return in > 0 && below(in) == 0;
    }

    /** Returns one of the elements. */
    <T> T anyOf(List<T> elements) {
        return elements.get(below(elements.size()));
    }

    /** Returns one of the values. */
    @SafeVarargs
    final <T> T any(T... elements) {
        return elements[below(elements.length)];
    }
}
