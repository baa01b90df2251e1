package dev.selvedge.server.fake;

import dev.selvedge.server.fake.wire.Replacement;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** What goes wrong with the first exchanges of a server, whatever they are answered with: a case of a fault matrix. */
final class Disturbance {

    /** Nothing. */
    static final Disturbance NONE = new Disturbance(List.of(), null, 0);

    private final List<Fault> faults;
    private final Replacement replacement;
    private final AtomicInteger left;

    /**
     * Makes one.
     *
     * @param faults at most one of each kind
     * @param replacement what is sent instead of a response, or null
     * @param exchanges how many exchanges are disturbed
     */
    Disturbance(List<Fault> faults, Replacement replacement, int exchanges) {
        this.faults = faults;
        this.replacement = replacement;
        this.left = new AtomicInteger(exchanges);
    }

    /** Returns what disturbs one more exchange: this, or nothing. */
    Disturbance next() {
        return left.getAndUpdate(n -> Math.max(0, n - 1)) > 0 ? this : NONE;
    }

    List<Fault> faults() {
        return faults;
    }

    Replacement replacement() {
        return replacement;
    }
}
