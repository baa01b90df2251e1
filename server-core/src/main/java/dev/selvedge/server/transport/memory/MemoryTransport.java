package dev.selvedge.server.transport.memory;

import dev.selvedge.server.transport.FileSource;
import dev.selvedge.server.transport.Listener;
import dev.selvedge.server.transport.Poller;
import dev.selvedge.server.transport.ServerThreads;
import dev.selvedge.server.transport.TimeSource;
import dev.selvedge.server.transport.Transport;
import dev.selvedge.server.transport.nio.NioTransportProvider;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * A transport in memory: it keeps the promises of the SPI, and no more than these where {@link Chance} wants it so.
 *
 * <p>Addresses are only names: only their ports tell listeners apart. Files are real ones, unless others are given.
 */
public final class MemoryTransport implements Transport {

    /** How edges are made. */
    public enum Edges {
        /** As epoll does: whatever happens to a socket brings an edge with all bits that hold now. */
        ALL_THAT_HOLDS,
        /** As the java.nio transport does: only what was used up before is told again; no hang-up. */
        ONLY_NEW
    }

    /** Where files come from. */
    @FunctionalInterface
    public interface Files {

        /**
         * Opens a file to be sent.
         *
         * @param file its path
         * @return the open file
         * @throws IOException if it can't be opened
         */
        FileSource open(Path file) throws IOException;
    }

    /** Where the ports begin that a system chooses (RFC 6335 §6). */
    private static final int FIRST_DYNAMIC_PORT = 49_152;
    private static final int FIRST_CLIENT_PORT = 1_024;
    private static final int PORTS = 1 << 16;

    private final Scheduler scheduler;
    private final Edges edges;
    private final Files files;

    /** The open listeners by their ports. */
    private final Map<Integer, MemoryListener> listeners = new TreeMap<>();
    private int nextPort = FIRST_DYNAMIC_PORT;
    private int nextClientPort = FIRST_CLIENT_PORT;
    private int pollers;
    private boolean closed;

    /**
     * Makes one with real files that tells edges as epoll does.
     *
     * @param scheduler the world that it belongs to
     */
    public MemoryTransport(Scheduler scheduler) {
        this(scheduler, Edges.ALL_THAT_HOLDS, new NioTransportProvider().open()::open);
    }

    /**
     * Makes one.
     *
     * @param scheduler the world that it belongs to
     * @param edges how it tells edges
     * @param files where its files come from
     */
    public MemoryTransport(Scheduler scheduler, Edges edges, Files files) {
        this.scheduler = scheduler;
        this.edges = edges;
        this.files = files;
    }

    Scheduler scheduler() {
        return scheduler;
    }

    boolean tellsAllThatHolds() {
        return edges == Edges.ALL_THAT_HOLDS;
    }

    // ---- the SPI -----------------------------------------------------------------------------------------------

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public TimeSource time() {
        return scheduler;
    }

    @Override
    public ServerThreads threads() {
        return scheduler.threads();
    }

    @Override
    public Listener listen(InetSocketAddress address, int backlog, int maxUnsentBytes) throws IOException {
        scheduler.enter();
        try {
            int port = address.getPort() == 0 ? freePort() : address.getPort();
            if (listeners.containsKey(port)) {
                throw new BindException("the address is in use by another socket");
            }
            InetSocketAddress bound = new InetSocketAddress(address.getAddress(), port);
            MemoryListener listener = new MemoryListener(this, bound, backlog, maxUnsentBytes);
            listeners.put(port, listener);
            return listener;
        } finally {
            scheduler.exit();
        }
    }

    private int freePort() throws BindException {
        for (int tried = FIRST_DYNAMIC_PORT; tried < PORTS; tried++) {
            int port = nextPort;
            nextPort = port + 1 == PORTS ? FIRST_DYNAMIC_PORT : port + 1;
            if (!listeners.containsKey(port)) {
                return port;
            }
        }
        throw new BindException("no port is free");
    }

    void closed(MemoryListener listener) {
        listeners.remove(listener.address().getPort());
    }

    @Override
    public Poller poller() {
        scheduler.enter();
        try {
            pollers++;
            return new MemoryPoller(this);
        } finally {
            scheduler.exit();
        }
    }

    void pollerClosed() {
        pollers--;
    }

    @Override
    public FileSource open(Path file) throws IOException {
        scheduler.step();
        return files.open(file);
    }

    @Override
    public void close() {
        scheduler.enter();
        try {
            require(!closed, "the transport is closed twice");
            require(pollers == 0, "the transport is closed before its pollers");
            require(listeners.isEmpty(), "the transport is closed before a listener");
            closed = true;
            note(this, "closed", 0, 0);
        } finally {
            scheduler.exit();
        }
    }

    // ---- the other side ----------------------------------------------------------------------------------------

    /**
     * Returns the listener at an address.
     *
     * @param address any address with its port
     * @return the listener
     * @throws ConnectException if nobody listens there
     */
    public MemoryListener listener(InetSocketAddress address) throws ConnectException {
        scheduler.enter();
        try {
            MemoryListener listener = listeners.get(address.getPort());
            if (listener == null) {
                throw new ConnectException("Connection refused");
            }
            return listener;
        } finally {
            scheduler.exit();
        }
    }

    /**
     * Returns an address for a client that connects.
     *
     * @return an address that none of the last 60,000 had
     */
    public InetSocketAddress clientAddress() {
        scheduler.enter();
        try {
            int port = nextClientPort;
            nextClientPort = port + 1 == PORTS ? FIRST_CLIENT_PORT : port + 1;
            return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        } finally {
            scheduler.exit();
        }
    }

    /**
     * Returns whether everything was given back.
     *
     * @return true after {@link #close()}
     */
    public boolean isClosed() {
        return closed;
    }

    // ---- what its parts need -----------------------------------------------------------------------------------

    void note(Object who, String what, long first, long second) {
        scheduler.witness().noted(who, what, first, second);
    }

    void progress() {
        scheduler.witness().progress();
    }

    boolean happens(Mishap mishap) {
        return scheduler.chance().happens(mishap);
    }

    long below(long bound) {
        return scheduler.chance().below(bound);
    }

    void require(boolean holds, String otherwise) {
        if (!holds) {
            scheduler.witness().misused(otherwise);
        }
    }

    @Override
    public String toString() {
        return "transport";
    }
}
