package dev.selvedge.server.engine;

import dev.selvedge.server.transport.Acceptance;
import dev.selvedge.server.transport.Channel;
import dev.selvedge.server.transport.Errno;
import dev.selvedge.server.transport.Listener;
import dev.selvedge.server.transport.ReadinessTarget;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Accepts the connections of one listener, on one loop, and deals them out to all loops in turn.
 *
 * <p>When the server has as many connections as it may have, or the machine has no descriptor for another, new ones
 * wait in the listener's backlog and the acceptor comes back after a moment. Connections that are open go on.
 */
final class Acceptor implements ReadinessTarget {

    private static final int BATCH = 256;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final EventLoop loop;
    private final Listener listener;
    private final List<EventLoop> loops;
    private final Deadline retry = new Deadline(this::acceptAll);
    private int next;
    private boolean queued;
    private boolean closed;

    Acceptor(EventLoop loop, Listener listener, List<EventLoop> loops) {
        this.loop = loop;
        this.listener = listener;
        this.loops = loops;
    }

    EventLoop loop() {
        return loop;
    }

    Listener listener() {
        return listener;
    }

    @Override
    public void ready(int readiness) {
        acceptAll();
    }

    /** Comes back also after a defect, or for want of memory: the edge is not repeated. */
    private void acceptAll() {
        try {
            if (!queued && acceptBatch()) {
                queued = true;
                loop.later(this::takeTurn);
            }
        } catch (RuntimeException | Error e) {
            Log.error("accepting connections at " + listener.address() + " has failed, and is tried again", e);
            pause();
        }
    }

    private void takeTurn() {
        queued = false;
        acceptAll();
    }

    /** Accepts until there is no more, or no room; the edge is not repeated, so then a retry is set. True: go on. */
    private boolean acceptBatch() {
        for (int i = 0; i < BATCH && !closed; i++) {
            Shared shared = loop.shared();
            if (shared.connectionsAreFull()) {
                shared.trouble().report(Trouble.Kind.CONNECTIONS, "there are as many connections as may be ("
                        + shared.settings().maxConnections() + ", see Limits.maxConnections): new ones wait in the"
                        + " backlog of " + listener.address());
                pause();
                return false;
            }
            switch (listener.accept()) {
                case Acceptance.Connected(Channel channel) -> deal(channel);
                case Acceptance.None(int errno) -> {
                    if (errno != Errno.EAGAIN) {
                        shared.trouble().report(Trouble.Kind.ACCEPTING, "new connections wait in the backlog of "
                                + listener.address() + ": " + Errno.describe(errno));
                        pause();
                    }
                    return false;
                }
            }
        }
        return !closed;
    }

    private void pause() {
        loop.deadlines().set(retry, loop.now() + PAUSE_NANOS);
    }

    private void deal(Channel channel) {
        loop.shared().connectionOpened();
        EventLoop chosen = loops.get(next);
        next = next + 1 == loops.size() ? 0 : next + 1;
        if (chosen == loop) {
            loop.adopt(channel);
        } else {
            chosen.execute(() -> chosen.adopt(channel));
        }
    }

    /**
     * Accepts what waits already, for the client has been told that it is connected, and then no more. Clients that
     * connect all the while must not hold up the end: more than the backlog does not wait.
     */
    void finish() {
        boolean more = !closed;
        try {
            for (int left = loop.shared().settings().backlog(); more && left >= 0; left -= BATCH) {
                more = acceptBatch();
            }
        } finally {
            close();
        }
    }

    void close() {
        if (!closed) {
            closed = true;
            loop.deadlines().remove(retry);
            listener.close();
        }
    }
}
