package dev.selvedge.server.transport.memory;

/**
 * What a transport in memory leaves to chance. By default nothing happens that does not have to, and of several
 * possibilities the first is taken: then everything is the same each time. A test that draws these from a seed sees a
 * system at its worst.
 */
public interface Chance {

    /** A system at its best. */
    Chance NONE = new Chance() { };

    /**
     * Decides whether something happens that may.
     *
     * @param mishap what
     * @return whether it happens now
     */
    default boolean happens(Mishap mishap) {
        return false;
    }

    /**
     * Chooses among several possibilities, or how much of something is there.
     *
     * @param bound how many there are, at least 1
     * @return from 0 to {@code bound - 1}
     */
    default long below(long bound) {
        return 0;
    }

    /**
     * Chooses the size of a socket's buffer.
     *
     * @param most how large it may be, at least 1
     * @return from 1 to {@code most}
     */
    default int bufferBytes(int most) {
        return most;
    }
}
