package dev.selvedge.server.transport.memory;

import dev.selvedge.server.transport.Channel;
import dev.selvedge.server.transport.Errno;
import dev.selvedge.server.transport.Listener;
import dev.selvedge.server.transport.Poller;
import dev.selvedge.server.transport.ReadinessTarget;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** An epoll set in memory: what it has to tell is collected by a poll. */
final class MemoryPoller implements Poller {

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

        private final MemoryPoller poller;
        private final Source source;
        private final ReadinessTarget target;
        private boolean pending = true;
        private boolean ended;

        Registration(MemoryPoller poller, Source source, ReadinessTarget target) {
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

        /** Sees to it that it is the poller's thread that calls. */
        void requireOwner(String what) {
            poller.requireOwner(what);
        }

        private boolean ready() {
            // The java.nio transport finds out by itself what is ready; epoll is told by the socket.
            boolean lookedAt = pending || !poller.transport.tellsAllThatHolds();
            return lookedAt && source.holds() != 0;
        }
    }

    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long SIGNAL_NANOS_MAX = TimeUnit.SECONDS.toNanos(1);

    private final MemoryTransport transport;
    private final Scheduler scheduler;
    private final List<Registration> registrations = new ArrayList<>();
    private final boolean roundsUp;
    private Thread owner;
    private boolean woken;
    private boolean closed;

    MemoryPoller(MemoryTransport transport) {
        this.transport = transport;
        this.scheduler = transport.scheduler();
        this.roundsUp = transport.happens(Mishap.POLL_ROUNDED_UP);
    }

    @Override
    public int add(Listener listener, ReadinessTarget target) {
        scheduler.enter();
        try {
            transport.require(!closed, "a listener is added to a closed poller");
            return register((MemoryListener) listener, target);
        } finally {
            scheduler.exit();
        }
    }

    @Override
    public int add(Channel channel, ReadinessTarget target) {
        MemoryChannel added = (MemoryChannel) channel;
        scheduler.enter();
        try {
            scheduler.step();
            requireOwner("add");
            if (closed || added.isClosed()) {
                transport.require(false, "what is closed is added");
                return -Errno.EBADF;
            }
            if (transport.happens(Mishap.WATCH_REFUSED)) {
                transport.note(added, "is not watched", 0, 0);
                added.peer().neglected();
                return -Errno.ENOSPC;
            }
            return register(added, target);
        } finally {
            scheduler.exit();
        }
    }

    private int register(Source source, ReadinessTarget target) {
        Registration registration = new Registration(this, source, target);
        source.registered(registration);
        registrations.add(registration);
        return 0;
    }

    @Override
    public int poll(long timeoutNanos) {
        List<Registration> batch;
        int[] edges;
        boolean wasWoken;
        boolean idle;
        scheduler.enter();
        try {
            requireOwner("poll");
            scheduler.step();
            transport.require(!closed, "a closed poller is polled");
            long begun = scheduler.now();
            if (timeoutNanos != 0 && !woken && !anyReady()) {
                scheduler.waitFor(() -> woken || anyReady(), wakeAt(timeoutNanos));
            }
            wasWoken = woken;
            woken = false;
            repeat();
            batch = batch();
            edges = take(batch);
            idle = scheduler.now() - begun < MILLI;
            transport.note(null, "polls", timeoutNanos, batch.size());
        } finally {
            scheduler.exit();
        }
        int told = tell(batch, edges);
        if (told == 0 && !wasWoken && idle) {
            idleTurn();
        }
        return told;
    }

    private void idleTurn() {
        scheduler.enter();
        try {
            scheduler.witness().idleTurn();
        } finally {
            scheduler.exit();
        }
    }

    private long wakeAt(long timeoutNanos) {
        if (transport.happens(Mishap.POLL_INTERRUPTED)) {
            return scheduler.later(transport.below(timeoutNanos < 0 ? SIGNAL_NANOS_MAX : timeoutNanos));
        }
        if (timeoutNanos < 0) {
            return Scheduler.NEVER;
        }
        boolean rounded = roundsUp && timeoutNanos < Scheduler.NEVER - MILLI;
        return scheduler.later(rounded ? (timeoutNanos + MILLI - 1) / MILLI * MILLI : timeoutNanos);
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
    private void repeat() {
        if (!registrations.isEmpty() && transport.happens(Mishap.EDGE_REPEATED)) {
            Registration any = registrations.get((int) transport.below(registrations.size()));
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
                ready.add(each);
            }
        }
        for (int i = 0; i < ready.size() - 1; i++) {
            Collections.swap(ready, i, i + (int) transport.below(ready.size() - i));
        }
        boolean some = ready.size() > 1 && transport.happens(Mishap.EDGES_LATE);
        return some ? ready.subList(0, 1 + (int) transport.below(ready.size() - 1)) : ready;
    }

    private static int[] take(List<Registration> batch) {
        int[] edges = new int[batch.size()];
        for (int i = 0; i < edges.length; i++) {
            Registration each = batch.get(i);
            edges[i] = each.source.holds();
            each.pending = false;
            each.source.told(edges[i]);
        }
        return edges;
    }

    private int tell(List<Registration> batch, int[] edges) {
        int told = 0;
        for (int i = 0; i < edges.length; i++) {
            Registration each = batch.get(i);
            if (isWatched(each, edges[i])) {
                told++;
                each.target.ready(edges[i]);
            }
        }
        return told;
    }

    private boolean isWatched(Registration each, int edges) {
        scheduler.enter();
        try {
            if (!each.ended) {
                transport.note(each.source, "edge", edges, 0);
            }
            return !each.ended;
        } finally {
            scheduler.exit();
        }
    }

    @Override
    public void wakeUp() {
        scheduler.enter();
        try {
            scheduler.step();
            woken = true;
            transport.note(null, "wakes up", 0, 0);
            scheduler.step();
        } finally {
            scheduler.exit();
        }
    }

    @Override
    public void close() {
        scheduler.enter();
        try {
            scheduler.step();
            for (Registration each : registrations) {
                transport.require(false, "a poller is closed before " + each.source);
            }
            transport.note(null, "closes poller", 0, 0);
            if (!closed) {
                closed = true;
                transport.pollerClosed();
            }
        } finally {
            scheduler.exit();
        }
    }

    /** The first thread that polls is the loop's; until then, whoever sets the server up. */
    private void requireOwner(String what) {
        Thread current = Thread.currentThread();
        if (owner == null && what.equals("poll")) {
            owner = current;
        }
        if (owner != null && owner != current) {
            transport.require(false, what + " by " + current.getName() + ", which is not " + owner.getName());
        }
    }
}
