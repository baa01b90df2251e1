package dev.selvedge.server.engine;

import dev.selvedge.server.transport.Channel;
import dev.selvedge.server.transport.Errno;
import dev.selvedge.server.transport.FileSource;
import dev.selvedge.server.transport.Readiness;
import java.net.InetSocketAddress;

/**
 * The server's end of a simulated TCP connection, with the buffers that a kernel keeps for it.
 *
 * <p>It fails the run if two threads use it at a time, or if another thread than its poller's closes it.
 */
final class SimChannel implements Channel, SimPoller.Source {

    private final SimTransport transport;
    private final SimWorld world;
    private final SimPeer client;
    private final SimPipe in;
    private final SimPipe out;
    private final InetSocketAddress local;

    private SimPoller.Registration registration;
    private SimThread user;

    private boolean endReceived;
    private boolean endSent;
    private boolean closed;

    /** The client has reset the connection; the next operation tells it once. */
    private boolean reset;
    private boolean resetTold;

    /** Of java.nio's edges: what is told when it holds. */
    private boolean inputDrained = true;
    private boolean outputAwaited = true;

    /** Of epoll's: somebody has found no room, so that room is an event. */
    private boolean noSpace;

    SimChannel(SimTransport transport, SimPeer client, InetSocketAddress local) {
        this.transport = transport;
        this.world = transport.world;
        this.client = client;
        this.in = new SimPipe(bufferBytes());
        this.out = new SimPipe(bufferBytes());
        this.local = local;
    }

    private int bufferBytes() {
        return Math.max(transport.maxBufferBytes / 32, world.random.size(transport.maxBufferBytes));
    }

    SimPeer client() {
        return client;
    }

    // ---- the owner's operations --------------------------------------------------------------------------------

    @Override
    public int read(byte[] dst, int from, int length) {
        world.require(length > 0, "a read of nothing");
        begin("read");
        int n = readNow(dst, from, length);
        return (int) end("read", n);
    }

    private int readNow(byte[] dst, int from, int length) {
        if (closed) {
            return -Errno.EBADF;
        }
        if (in.isEmpty()) {
            inputDrained |= !reset && !endReceived; // an end is not told again
            return reset ? failure(0) : endReceived ? 0 : -Errno.EAGAIN;
        }
        if (world.random.once(transport.againOnceIn)) {
            return comesLater(-Errno.EAGAIN);
        }
        int n = Math.min(length, in.length());
        if (world.random.once(transport.shortOnceIn)) {
            n = 1 + world.random.below(n);
        }
        boolean more = n < in.length() && n < length;
        in.take(dst, from, n);
        world.progress();
        client.progress();
        return more || n < length ? comesLater(n) : n;
    }

    /** The rest has not come yet, as far as the reader can tell: it brings an edge of its own. */
    private int comesLater(int answer) {
        inputDrained = true;
        if (registration != null && (!in.isEmpty() || endReceived || reset)) {
            registration.wake();
        }
        return answer;
    }

    @Override
    public int write(byte[] src, int from, int length) {
        world.require(length > 0, "a write of nothing");
        begin("write");
        int n = roomFor(length);
        if (n > 0) {
            out.put(src, from, n);
        }
        return (int) end("write", n);
    }

    /** Returns how many of some bytes are taken now, or why none. */
    private int roomFor(long length) {
        if (closed) {
            return -Errno.EBADF;
        }
        if (reset) {
            return failure(-Errno.EPIPE);
        }
        if (endSent) {
            return -Errno.EPIPE;
        }
        if (out.room() == 0 || world.random.once(transport.againOnceIn)) {
            noSpace = true;
            outputAwaited = true;
            if (writable() && registration != null) {
                registration.wake();
            }
            return -Errno.EAGAIN;
        }
        int n = (int) Math.min(length, out.room());
        if (world.random.once(transport.shortOnceIn)) {
            n = 1 + world.random.below(n);
        }
        if (n < length) {
            noSpace = true;
        }
        world.progress();
        client.progress();
        return n;
    }

    /** As Linux: the error is told once; after it there is the end of input, and nothing can be sent. */
    private int failure(int afterwards) {
        int answer = resetTold ? afterwards : -Errno.ECONNRESET;
        resetTold = true;
        return answer;
    }

    @Override
    public long sendFile(FileSource file, long position, long count) {
        world.require(count > 0 && position >= 0, "nothing of a file is sent");
        SimFile source = (SimFile) file;
        begin("send file");
        long n;
        if (source.isClosed()) {
            world.require(closed, "a closed file is sent");
            n = -Errno.EBADF;
        } else if (!source.sendable()) {
            n = -Errno.EINVAL;
        } else if (position >= source.size()) {
            n = 0;
        } else {
            n = roomFor(Math.min(count, source.size() - position));
            if (n > 0) {
                byte[] octets = new byte[(int) n];
                source.read(position, octets, 0, octets.length);
                out.put(octets, 0, octets.length);
            }
        }
        return end("send file", n);
    }

    @Override
    public int shutdownOutput() {
        begin("shut down output");
        int result = closed ? -Errno.EBADF : reset ? -Errno.ENOTCONN : 0;
        if (result == 0) {
            endSent = true;
        }
        return (int) end("shut down output", result);
    }

    /** Both before and behind what an operation does, others may go on. */
    private void begin(String what) {
        world.require(user == null, what + " by " + world.current() + " while " + user + " uses " + this);
        user = world.current();
        world.step();
    }

    private long end(String what, long n) {
        world.note(toString(), what, n, in.length());
        world.step();
        user = null;
        return n;
    }

    // ---- the poller's thread -----------------------------------------------------------------------------------

    @Override
    public void abort() {
        world.step();
        if (!closed) {
            finish("abort");
            in.clear();
            client.resetByServer(SimClient.ABORTED, takeAll());
        }
    }

    @Override
    public void close() {
        world.step();
        if (!closed) {
            finish("close");
            if (!in.isEmpty()) {
                in.clear();
                client.resetByServer("closed with octets unread", takeAll());
            }
        }
    }

    private void finish(String what) {
        if (registration != null) {
            registration.requireOwner(what);
            registration.end();
        }
        closed = true;
        world.progress();
        world.note(toString(), what, in.length(), out.length());
        client.closedByServer();
    }

    boolean isClosed() {
        return closed;
    }

    // ---- what the client's system does -------------------------------------------------------------------------

    /** Returns how many octets can come in. */
    int roomIn() {
        return in.room();
    }

    /** Octets come in; if nobody is there to take them, the client is told by a reset. */
    void arrive(byte[] src, int from, int length) {
        if (closed) {
            client.resetByServer("sent octets to a closed connection", takeAll());
            return;
        }
        in.put(src, from, length);
        event();
    }

    private byte[] takeAll() {
        byte[] octets = new byte[out.length()];
        out.take(octets, 0, octets.length);
        return octets;
    }

    void endArrives() {
        endReceived = true;
        event();
    }

    /** The client has reset the connection. What it sent before may be lost or not. */
    void resetArrives() {
        reset = true;
        endReceived = true;
        out.clear();
        if (world.random.once(2)) {
            in.clear();
        }
        event();
    }

    /** Returns how many octets wait to be taken by the client. */
    int waiting() {
        return out.length();
    }

    /** Returns whether the client has seen everything, and the end of it. */
    boolean endReached() {
        return out.isEmpty() && (endSent || closed);
    }

    void take(byte[] dst, int n) {
        out.take(dst, 0, n);
        if (noSpace && writable()) {
            noSpace = false;
            event();
        }
    }

    private void event() {
        world.progress();
        if (registration != null && !closed) {
            registration.wake();
        }
    }

    // ---- edges -------------------------------------------------------------------------------------------------

    @Override
    public void registered(SimPoller.Registration with) {
        world.require(registration == null, "a channel is added twice");
        registration = with;
    }

    private boolean readable() {
        return !in.isEmpty() || endReceived || reset;
    }

    /** As Linux: there is room when a third of the buffer is free. */
    private boolean writable() {
        return out.room() * 3 >= out.capacity() || reset;
    }

    @Override
    public boolean isBusy() {
        return client.isBusy();
    }

    @Override
    public int holds() {
        return transport.edges == SimTransport.Edges.ALL_THAT_HOLDS
                ? (readable() ? Readiness.READABLE : 0) | (writable() ? Readiness.WRITABLE : 0)
                        | (endReceived || reset ? Readiness.HANG_UP : 0)
                : (readable() && inputDrained ? Readiness.READABLE : 0)
                        | (writable() && outputAwaited ? Readiness.WRITABLE : 0);
    }

    @Override
    public void told(int readiness) {
        if ((readiness & Readiness.READABLE) != 0) {
            inputDrained = false;
        }
        if ((readiness & Readiness.WRITABLE) != 0) {
            outputAwaited = false;
        }
    }

    // ---- addresses ---------------------------------------------------------------------------------------------

    @Override
    public InetSocketAddress remoteAddress() {
        return transport.clientAddress(client.number());
    }

    @Override
    public InetSocketAddress localAddress() {
        return local;
    }

    @Override
    public String toString() {
        return "channel-" + client.number();
    }
}
