package dev.selvedge.server.transport.memory;

import dev.selvedge.server.transport.Acceptance;
import dev.selvedge.server.transport.Errno;
import dev.selvedge.server.transport.Listener;
import dev.selvedge.server.transport.Readiness;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;

/** A listening socket in memory, with the queue of those who wait to be accepted. */
public final class MemoryListener implements Listener, MemoryPoller.Source {

    private static final int[] REFUSALS = {Errno.EMFILE, Errno.ENFILE, Errno.ENOMEM, Errno.ENOBUFS,
            Errno.ECONNABORTED};

    private final MemoryTransport transport;
    private final Scheduler scheduler;
    private final InetSocketAddress address;
    private final int backlog;
    private final int maxUnsentBytes;
    private final ArrayDeque<MemoryChannel> queue = new ArrayDeque<>();
    private MemoryPoller.Registration registration;
    private boolean drained = true;
    private boolean closed;

    MemoryListener(MemoryTransport transport, InetSocketAddress address, int backlog, int maxUnsentBytes) {
        this.transport = transport;
        this.scheduler = transport.scheduler();
        this.address = address;
        this.backlog = backlog;
        this.maxUnsentBytes = maxUnsentBytes;
    }

    // ---- the server's side -------------------------------------------------------------------------------------

    @Override
    public InetSocketAddress address() {
        return address;
    }

    @Override
    public Acceptance accept() {
        scheduler.enter();
        try {
            scheduler.step();
            if (closed) {
                transport.require(false, "accept on a closed listener");
                return new Acceptance.None(Errno.EBADF);
            }
            if (registration != null) {
                registration.requireOwner("accept");
            }
            queue.removeIf(channel -> channel.peer().hasGone());
            if (queue.isEmpty()) {
                drained = true;
                return Acceptance.EMPTY;
            }
            if (transport.happens(Mishap.ACCEPT_REFUSED)) {
                int errno = REFUSALS[(int) transport.below(REFUSALS.length)];
                transport.note(this, "does not accept", errno, queue.size());
                return new Acceptance.None(errno);
            }
            MemoryChannel channel = queue.removeFirst();
            channel.peer().accepted(channel);
            transport.progress();
            transport.note(channel, "accepted", 0, queue.size());
            return new Acceptance.Connected(channel);
        } finally {
            scheduler.exit();
        }
    }

    @Override
    public void close() {
        scheduler.enter();
        try {
            if (closed) {
                return;
            }
            if (registration != null) {
                registration.requireOwner("close of a listener");
                registration.end();
            }
            closed = true;
            transport.closed(this);
            transport.note(this, "closed", queue.size(), 0);
            queue.forEach(channel -> channel.peer().refused());
            queue.clear();
        } finally {
            scheduler.exit();
        }
    }

    /**
     * Returns whether it was closed.
     *
     * @return true if nobody is accepted any more
     */
    public boolean isClosed() {
        return closed;
    }

    // ---- the other side, under the scheduler's lock ------------------------------------------------------------

    /**
     * Returns whether another connection may wait to be accepted.
     *
     * @return true if {@link #connect} has an effect
     */
    public boolean hasRoom() {
        return closed || queue.size() < backlog;
    }

    /**
     * Takes a connection into the queue, if there is room. If nobody listens, the peer is told at once.
     *
     * @param peer who connects
     * @return whether it was taken, or refused
     */
    public boolean connect(MemoryPeer peer) {
        if (closed) {
            peer.refused();
            return true;
        }
        if (!hasRoom()) {
            return false;
        }
        MemoryChannel channel = new MemoryChannel(transport, peer, address, maxUnsentBytes);
        queue.addLast(channel);
        peer.connected(channel);
        if (registration != null) {
            registration.wake();
        }
        return true;
    }

    // ---- edges -------------------------------------------------------------------------------------------------

    @Override
    public void registered(MemoryPoller.Registration with) {
        transport.require(registration == null, "a listener is added twice");
        registration = with;
    }

    @Override
    public boolean isBusy() {
        return !queue.isEmpty();
    }

    @Override
    public int holds() {
        return !queue.isEmpty() && (transport.tellsAllThatHolds() || drained) ? Readiness.READABLE : 0;
    }

    @Override
    public void told(int readiness) {
        drained = false;
    }

    @Override
    public String toString() {
        return "listener " + address.getPort();
    }
}
