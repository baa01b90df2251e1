package dev.selvedge.server.engine;

import dev.selvedge.server.transport.FileSource;
import dev.selvedge.server.transport.Listener;
import dev.selvedge.server.transport.Poller;
import dev.selvedge.server.transport.Transport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The simulated operating system: it keeps the SPI's promises, and no more than these, and knows what is still open.
 *
 * <p>What it may do, by the seed: take or give fewer bytes than it could; say EAGAIN although there is something, with
 * an edge behind it; tell edges in any order, late, repeatedly and together; have no descriptor for a while; be
 * interrupted.
 */
final class SimTransport implements Transport {

    /** How edges are made. */
    enum Edges {
        /** As epoll does: whatever happens to a socket brings an edge with all bits that hold now. */
        ALL_THAT_HOLDS,
        /** As the java.nio transport does: only what was used up before is told again; no hang-up. */
        ONLY_NEW
    }

    final SimWorld world;
    final Edges edges;
    final int shortOnceIn;
    final int againOnceIn;
    final int strayOnceIn;
    final int refusedOnceIn;
    final int maxBufferBytes;

    /** Whether what the SPI allows, but no engine has a reason to do, fails the run. */
    final boolean strict;
    private final List<SimListener> listeners = new ArrayList<>();
    private final List<SimPoller> pollers = new ArrayList<>();
    private final List<SimChannel> channels = new ArrayList<>();
    private int openFiles;
    private int opened;
    private boolean closed;

    SimTransport(SimWorld world) {
        this.world = world;
        this.strict = true;
        SimRandom random = world.random;
        edges = random.any(Edges.values());
        shortOnceIn = random.any(0, 20, 2);
        againOnceIn = random.any(0, 30, 4);
        strayOnceIn = random.any(0, 30, 5);
        refusedOnceIn = random.any(0, 0, 20, 3);
        maxBufferBytes = random.any(64, 500, 4_000, 20_000, 70_000, 70_000);
    }

    /** Makes one that is as kind as a system can be, and lets everything pass that the SPI allows. */
    SimTransport(SimWorld world, Edges edges) {
        this.world = world;
        this.strict = false;
        this.edges = edges;
        shortOnceIn = 0;
        againOnceIn = 0;
        strayOnceIn = 0;
        refusedOnceIn = 0;
        maxBufferBytes = 70_000;
    }

    // ---- the SPI -----------------------------------------------------------------------------------------------

    @Override
    public String name() {
        return "simulated";
    }

    @Override
    public Listener listen(InetSocketAddress address, int backlog, int maxUnsentBytes) throws IOException {
        SimListener listener = new SimListener(this, new InetSocketAddress(address.getAddress(),
                1000 + listeners.size()), backlog);
        listeners.add(listener);
        return listener;
    }

    @Override
    public Poller poller() {
        SimPoller poller = new SimPoller(this);
        pollers.add(poller);
        return poller;
    }

    /** Opens {@code /seed/size}, a file that has nowhere to lie; a negative size is one that can't be opened. */
    @Override
    public FileSource open(Path file) throws IOException {
        world.step();
        int size = Integer.parseInt(file.getFileName().toString());
        if (size < 0) {
            throw new NoSuchFileException(file.toString());
        }
        openFiles++;
        opened++;
        world.note("open", opened, size);
        return new SimFile(this, Integer.parseInt(file.getName(0).toString()), size);
    }

    @Override
    public void close() {
        world.require(!closed, "the transport is closed twice");
        closed = true;
        world.require(pollers.stream().allMatch(SimPoller::isClosed), "the transport is closed before its pollers");
        world.require(listeners.stream().allMatch(SimListener::isClosed), "the transport is closed before a listener");
        world.note("close transport", 0, 0);
    }

    // ---- the other side ----------------------------------------------------------------------------------------

    InetSocketAddress clientAddress(int number) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 20_000 + number);
    }

    List<SimListener> listeners() {
        return listeners;
    }

    List<SimChannel> channels() {
        return channels;
    }

    void accepted(SimChannel channel) {
        channels.add(channel);
    }

    void fileClosed() {
        openFiles--;
    }

    int openFiles() {
        return openFiles;
    }

    /** Returns how many accepted connections the server has not closed. */
    int openChannels() {
        int open = 0;
        for (SimChannel channel : channels) {
            open += channel.isClosed() ? 0 : 1;
        }
        return open;
    }

    @Override
    public String toString() {
        return edges + ", short once in " + shortOnceIn + ", EAGAIN " + againOnceIn + ", stray " + strayOnceIn
                + ", refused " + refusedOnceIn + ", buffers up to " + maxBufferBytes;
    }

    /** Fails if anything was left open, but for files, which a handler's thread may close later. */
    void requireClosed() {
        world.require(closed, "the transport was not closed");
        for (SimChannel channel : channels) {
            world.require(channel.isClosed(), channel + " is leaked: it was not closed");
        }
    }
}
