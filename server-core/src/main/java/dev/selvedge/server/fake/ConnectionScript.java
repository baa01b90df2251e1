package dev.selvedge.server.fake;

import dev.selvedge.server.fake.wire.ConnectionPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * What goes wrong with connections: with all of them, or with the next ones. Asked on the event loop, so it never
 * waits.
 */
final class ConnectionScript {

    private final Queue<List<ConnectionFault>> next = new ConcurrentLinkedQueue<>();
    private volatile List<ConnectionFault> all = List.of();

    void all(ConnectionFault... faults) {
        all = checked(faults);
    }

    void next(ConnectionFault... faults) {
        next.add(checked(faults));
    }

    void clear() {
        next.clear();
        all = List.of();
    }

    /** Returns the plan of a connection that is about to be accepted. */
    ConnectionPlan plan(int index) {
        List<ConnectionFault> own = next.poll();
        return FaultPlan.ofConnection(own != null ? own : all, index);
    }

    private static List<ConnectionFault> checked(ConnectionFault... faults) {
        List<ConnectionFault> checked = new ArrayList<>();
        for (ConnectionFault fault : faults) {
            FaultPlan.added(checked, fault);
            checked.add(fault);
        }
        return List.copyOf(checked);
    }
}
