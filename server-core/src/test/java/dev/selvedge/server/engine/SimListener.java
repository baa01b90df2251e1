package dev.selvedge.server.engine;

import dev.selvedge.server.transport.Acceptance;
import dev.selvedge.server.transport.Errno;
import dev.selvedge.server.transport.Listener;
import dev.selvedge.server.transport.Readiness;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;

/** A listening socket of the simulation, with the queue of those who wait to be accepted. */
final class SimListener implements Listener, SimPoller.Source {

    private final SimTransport transport;
    private final SimWorld world;
    private final InetSocketAddress address;
    private final int backlog;
    private final ArrayDeque<SimPeer> queue = new ArrayDeque<>();
    private SimPoller.Registration registration;
    private boolean drained = true;
    private boolean closed;

    SimListener(SimTransport transport, InetSocketAddress address, int backlog) {
        this.transport = transport;
        this.world = transport.world;
        this.address = address;
        this.backlog = backlog;
    }

    // ---- the server's side -------------------------------------------------------------------------------------

    @Override
    public InetSocketAddress address() {
        return address;
    }

    @Override
    public Acceptance accept() {
        world.step();
        world.require(!closed || !transport.strict, "accept on a closed listener");
        if (closed) {
            return new Acceptance.None(Errno.EBADF);
        }
        if (registration != null) {
            registration.requireOwner("accept");
        }
        queue.removeIf(SimPeer::hasGone);
        if (queue.isEmpty()) {
            drained = true;
            return Acceptance.EMPTY;
        }
        if (world.random.once(transport.refusedOnceIn)) {
            int errno = world.random.any(Errno.EMFILE, Errno.ENFILE, Errno.ENOMEM, Errno.ENOBUFS, Errno.ECONNABORTED);
            world.note("accept refused", errno, queue.size());
            return new Acceptance.None(errno);
        }
        SimPeer client = queue.removeFirst();
        SimChannel channel = new SimChannel(transport, client, address);
        transport.accepted(channel);
        client.accepted(channel);
        world.progress();
        world.note("accept", client.number(), queue.size());
        return new Acceptance.Connected(channel);
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        if (registration != null) {
            registration.requireOwner("close of a listener");
            registration.end();
        }
        closed = true;
        world.note("close listener", queue.size(), 0);
        queue.forEach(SimPeer::refused);
        queue.clear();
    }

    boolean isClosed() {
        return closed;
    }

    // ---- the other side ----------------------------------------------------------------------------------------

    /** Takes a connection into the queue; false if there is no room now. */
    boolean connect(SimPeer client) {
        if (closed) {
            client.refused();
            return true;
        }
        if (queue.size() >= backlog) {
            return false;
        }
        queue.addLast(client);
        if (registration != null) {
            registration.wake();
        }
        return true;
    }

    @Override
    public void registered(SimPoller.Registration with) {
        world.require(registration == null, "a listener is added twice");
        registration = with;
    }

    @Override
    public boolean isBusy() {
        return !queue.isEmpty();
    }

    @Override
    public int holds() {
        boolean all = transport.edges == SimTransport.Edges.ALL_THAT_HOLDS;
        return !queue.isEmpty() && (all || drained) ? Readiness.READABLE : 0;
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
