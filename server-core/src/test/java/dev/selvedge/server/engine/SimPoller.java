package dev.selvedge.server.engine;

import dev.selvedge.server.transport.Channel;
import dev.selvedge.server.transport.Listener;
import dev.selvedge.server.transport.Errno;
import dev.selvedge.server.transport.Poller;
import dev.selvedge.server.transport.ReadinessTarget;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** An epoll set of the simulation: what it has to tell is collected by a poll, in any order, and not all at once. */
final class SimPoller implements Poller {

    /** A socket that can be watched. */
    interface Source {
        /** Takes note of its registration. */
        void registered(Registration with);

        /** Returns whether something has happened here a short time ago. */
        boolean isBusy();

        /** Returns the edges to be told now, if this socket is looked at. */
        int holds();

        /** Notes that these edges are told. */
        void told(int readiness);
    }

    /** A socket's place in the set. */
    static final class Registration {
        private final SimPoller poller;
        private final Source source;
        private final ReadinessTarget target;
        private boolean pending = true;
        private boolean ended;

        Registration(SimPoller poller, Source source, ReadinessTarget target) {
            this.poller = poller;
            this.source = source;
            this.target = target;
        }

        /** Something has happened to the socket: it is looked at by a later poll. */
        void wake() {
            pending = true;
        }

        void end() {
            ended = true;
            poller.registrations.remove(this);
        }

        /** Fails unless it is the poller's thread that calls. */
        void requireOwner(String what) {
            poller.requireOwner(what);
        }

        private boolean ready() {
            // The java.nio transport finds out by itself what is ready; epoll is told by the socket.
            boolean lookedAt = pending || poller.transport.edges == SimTransport.Edges.ONLY_NEW;
            return lookedAt && source.holds() != 0;
        }
    }

    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

    private final SimTransport transport;
    private final SimWorld world;
    private final List<Registration> registrations = new ArrayList<>();
    private final boolean roundsUp;
    private SimThread owner;
    private boolean woken;
    private boolean closed;

    SimPoller(SimTransport transport) {
        this.transport = transport;
        this.world = transport.world;
        this.roundsUp = world.random.once(2);
    }

    @Override
    public int add(Listener listener, ReadinessTarget target) {
        world.require(!closed, "a listener is added to a closed poller");
        return register((SimListener) listener, target);
    }

    @Override
    public int add(Channel channel, ReadinessTarget target) {
        world.step();
        requireOwner("add");
        boolean open = !closed && !((SimChannel) channel).isClosed();
        world.require(open || !transport.strict, "what is closed is added");
        if (!open) {
            return -Errno.EBADF;
        }
        if (world.random.once(transport.refusedOnceIn * 10)) {
            world.note("add refused", 0, 0);
            ((SimChannel) channel).client().neglected();
            return -Errno.ENOSPC;
        }
        return register((SimChannel) channel, target);
    }

    private int register(Source source, ReadinessTarget target) {
        Registration registration = new Registration(this, source, target);
        source.registered(registration);
        registrations.add(registration);
        return 0;
    }

    @Override
    public int poll(long timeoutNanos) {
        requireOwner("poll");
        world.step();
        world.require(!closed, "a closed poller is polled");
        long begun = world.now();
        if (timeoutNanos != 0 && !woken && !anyReady()) {
            world.waitFor(() -> woken || anyReady(), wakeAt(timeoutNanos));
        }
        boolean wasWoken = woken;
        woken = false;
        stray();
        List<Registration> batch = batch();
        world.note("poll", timeoutNanos, batch.size());
        int told = tell(batch);
        if (told > 0 || wasWoken) {
            return told;
        }
        if (world.now() - begun < MILLI) {
            world.idleTurn();
        }
        return 0;
    }

    private long wakeAt(long timeoutNanos) {
        long now = world.now();
        if (world.random.once(transport.strayOnceIn)) {
            return now + world.random.between(0, timeoutNanos < 0 ? 1000 * MILLI : timeoutNanos); // a signal
        }
        if (timeoutNanos < 0 || timeoutNanos > SimWorld.NEVER - now - MILLI) {
            return SimWorld.NEVER;
        }
        return now + (roundsUp ? (timeoutNanos + MILLI - 1) / MILLI * MILLI : timeoutNanos);
    }

    private boolean anyReady() {
        for (int i = 0; i < registrations.size(); i++) {
            if (registrations.get(i).ready()) {
                return true;
            }
        }
        return false;
    }

    /**
     * Lets an edge be told again that holds still, for no reason. Not on an idle connection: there is none in reality,
     * and the idle time would begin again each time.
     */
    private void stray() {
        if (!registrations.isEmpty() && world.random.once(transport.strayOnceIn)) {
            Registration any = world.random.anyOf(registrations);
            if (any.source.isBusy()) {
                any.wake();
            }
        }
    }

    /** Takes some of those that are ready, in any order. */
    private List<Registration> batch() {
        List<Registration> ready = new ArrayList<>();
        for (Registration each : registrations) {
            if (each.ready()) {
                ready.add(world.random.below(ready.size() + 1), each);
            }
        }
        boolean some = ready.size() > 1 && world.random.once(3);
        return some ? ready.subList(0, 1 + world.random.below(ready.size() - 1)) : ready;
    }

    private int tell(List<Registration> batch) {
        int[] edges = new int[batch.size()];
        for (int i = 0; i < edges.length; i++) {
            Registration each = batch.get(i);
            edges[i] = each.source.holds();
            each.pending = false;
            each.source.told(edges[i]);
        }
        int told = 0;
        for (int i = 0; i < edges.length; i++) {
            Registration each = batch.get(i);
            if (!each.ended) {
                told++;
                world.note(each.source.toString(), "edge", edges[i], 0);
                each.target.ready(edges[i]);
            }
        }
        return told;
    }

    @Override
    public void wakeUp() {
        world.step();
        woken = true;
        world.note("wake up", 0, 0);
        world.step();
    }

    @Override
    public void close() {
        world.step();
        for (Registration each : registrations) {
            world.require(false, "a poller is closed before " + each.source);
        }
        world.note("close poller", 0, 0);
        closed = true;
    }

    boolean isClosed() {
        return closed;
    }

    /** The first thread that polls is the loop's; until then, whoever sets the server up. */
    private void requireOwner(String what) {
        SimThread current = world.current();
        if (owner == null && what.equals("poll")) {
            owner = current;
        }
        world.require(owner == null || owner == current || !transport.strict,
                what + " by " + current + ", which is not " + owner);
    }
}
