package dev.selvedge.server.transport;

/** Who is told that a channel or a listener became ready. */
@FunctionalInterface
public interface ReadinessTarget {

    /**
     * Called by the poller's thread inside {@link Poller#poll}. May close any channel, its own too. Must not throw.
     *
     * @param readiness a union of the bits in {@link Readiness}
     */
    void ready(int readiness);
}
