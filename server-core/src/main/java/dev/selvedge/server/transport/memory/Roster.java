package dev.selvedge.server.transport.memory;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** Who takes part in a {@link Scheduler}'s world, what time it is there, and who goes on next. Guarded by its lock. */
final class Roster {

    private static final int STEP_NANOS_MAX = 2_000;

    private final Chance chance;
    private final Witness witness;

    /** Those that wait for their turn the longest come first. */
    private final List<Strand> strands = new ArrayList<>();
    private final Map<Thread, Strand> known = new IdentityHashMap<>();
    private final List<Actor> actors = new ArrayList<>();
    private final List<Object> could = new ArrayList<>();
    private volatile long now;

    Roster(Chance chance, Witness witness) {
        this.chance = chance;
        this.witness = witness;
    }

    // ---- who takes part ----------------------------------------------------------------------------------------

    void add(Strand strand) {
        strands.add(strand);
        known.put(strand.thread, strand);
    }

    void remove(Strand strand) {
        strands.remove(strand);
        known.remove(strand.thread);
    }

    void add(Actor actor) {
        actors.add(actor);
    }

    /** Returns a thread's strand, or null if it does not take part now. */
    Strand of(Thread thread) {
        return known.get(thread);
    }

    List<Strand> strands() {
        return strands;
    }

    // ---- time --------------------------------------------------------------------------------------------------

    /** Returns the time; may be asked without the lock. */
    long now() {
        return now;
    }

    /** Lets the moment pass that a step takes. */
    void pass() {
        now += chance.below(STEP_NANOS_MAX);
    }

    // ---- choosing ----------------------------------------------------------------------------------------------

    /** Lets actors act until a thread's turn has come; null if everything rests. */
    Strand choose() {
        for (;;) {
            witness.choosing();
            pass();
            Object chosen = chooseAny();
            if (!(chosen instanceof Actor actor)) {
                return (Strand) chosen;
            }
            actor.act();
        }
    }

    private Object chooseAny() {
        for (long next = whoCould(); could.isEmpty(); next = whoCould()) {
            Strand last = firstOfTheLast();
            if (last == null || last.isAwake() || last.wakeAt <= now) {
                return last;
            }
            long leapTo = Math.min(next, last.wakeAt);
            if (leapTo == Scheduler.NEVER) {
                return last; // nothing will ever happen
            }
            witness.leaping(leapTo);
            now = leapTo;
        }
        Object chosen = could.get((int) chance.below(could.size()));
        if (chosen instanceof Strand strand) {
            strands.remove(strand);
            strands.add(strand);
        }
        return chosen;
    }

    /** Collects who could go on now, and returns the next moment at which somebody else can. */
    private long whoCould() {
        could.clear();
        long next = Scheduler.NEVER;
        for (int i = 0; i < strands.size(); i++) {
            Strand strand = strands.get(i);
            next = strand.goesLast ? next : Math.min(next, consider(strand, strand.due(now)));
        }
        for (int i = 0; i < actors.size(); i++) {
            next = Math.min(next, consider(actors.get(i), actors.get(i).due(now)));
        }
        return next;
    }

    private long consider(Object each, long due) {
        if (due <= now) {
            could.add(each);
        }
        return due;
    }

    /** Of those that wait until nobody else can go on, returns one that can, or the one that waits the shortest. */
    private Strand firstOfTheLast() {
        Strand first = null;
        for (Strand strand : strands) {
            if (strand.goesLast) {
                if (strand.isAwake()) {
                    return strand;
                }
                first = first == null || strand.wakeAt < first.wakeAt ? strand : first;
            }
        }
        return first;
    }
}
