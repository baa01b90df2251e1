package dev.selvedge.server.transport.memory;

/** Something of a {@link Scheduler}'s world, besides its threads, that does something by itself. */
public interface Actor {

    /**
     * Returns when it acts next if nothing else happens.
     *
     * @param now the present moment
     * @return that one, a later one, or {@link Scheduler#NEVER}
     */
    long due(long now);

    /** Acts, without waiting; called under the scheduler's lock when that moment has come. */
    void act();
}
