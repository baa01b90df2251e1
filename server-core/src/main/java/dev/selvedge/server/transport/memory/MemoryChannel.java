package dev.selvedge.server.transport.memory;

import dev.selvedge.server.transport.Channel;
import dev.selvedge.server.transport.Errno;
import dev.selvedge.server.transport.FileSource;
import dev.selvedge.server.transport.Readiness;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;

/**
 * The server's end of a connection in memory, with the buffers that a kernel keeps for it; and what the other end's
 * system does to it.
 *
 * <p>A witness is told if two threads use it at a time, or if another thread than its poller's closes it.
 */
public final class MemoryChannel implements Channel, MemoryPoller.Source {

    private static final int RECEIVE_BUFFER_BYTES = 1 << 16;
    private static final int SEND_BUFFER_BYTES_MAX = 1 << 20;
    private static final int FILE_SLICE_BYTES = 1 << 16;

    private final MemoryTransport transport;
    private final Scheduler scheduler;
    private final MemoryPeer peer;
    private final InetSocketAddress remote;
    private final InetSocketAddress local;
    private final Pipe in;
    private final Pipe out;

    private MemoryPoller.Registration registration;
    private Thread user;

    /** Octets at the end of the output that wait for the end of the sending side. */
    private int heldBack;

    private boolean endReceived;
    private boolean endSent;
    private boolean closed;

    /** The peer has reset the connection; the next operation tells it once. */
    private boolean reset;
    private boolean resetTold;

    /** Of java.nio's edges: what is told when it holds. */
    private boolean inputDrained = true;
    private boolean outputAwaited = true;

    /** Of epoll's: somebody has found no room, so that room is an event. */
    private boolean noSpace;

    MemoryChannel(MemoryTransport transport, MemoryPeer peer, InetSocketAddress local, int maxUnsentBytes) {
        this.transport = transport;
        this.scheduler = transport.scheduler();
        this.peer = peer;
        this.remote = peer.address();
        this.local = local;
        Chance chance = scheduler.chance();
        this.in = new Pipe(chance.bufferBytes(RECEIVE_BUFFER_BYTES));
        this.out = new Pipe(chance.bufferBytes(Math.min(maxUnsentBytes, SEND_BUFFER_BYTES_MAX)));
    }

    MemoryPeer peer() {
        return peer;
    }

    // ---- the owner's operations --------------------------------------------------------------------------------

    @Override
    public int read(byte[] dst, int from, int length) {
        scheduler.enter();
        try {
            transport.require(length > 0, "a read of nothing");
            begin("read");
            return (int) end("read", readNow(dst, from, length));
        } finally {
            scheduler.exit();
        }
    }

    private int readNow(byte[] dst, int from, int length) {
        if (closed) {
            return -Errno.EBADF;
        }
        if (in.isEmpty()) {
            inputDrained |= !reset && !endReceived; // an end is not told again
            return reset ? failure(0) : endReceived ? 0 : -Errno.EAGAIN;
        }
        if (transport.happens(Mishap.NOT_NOW)) {
            return comesLater(-Errno.EAGAIN);
        }
        int n = Math.min(length, in.length());
        if (transport.happens(Mishap.SHORT_READ)) {
            n = 1 + (int) transport.below(n);
        }
        in.take(dst, from, n);
        moved();
        return n < length ? comesLater(n) : n;
    }

    /** The rest has not come yet, as far as the reader can tell: it brings an edge of its own. */
    private int comesLater(int answer) {
        inputDrained = true;
        if (registration != null && (!in.isEmpty() || endReceived || reset)) {
            registration.wake();
        }
        return answer;
    }

    private void moved() {
        transport.progress();
        peer.progress();
    }

    @Override
    public int write(byte[] src, int from, int length) {
        return write(src, from, length, false);
    }

    /** As strictly as can be: nothing of it arrives before the promise is kept. */
    @Override
    public int writeLast(byte[] src, int from, int length) {
        return write(src, from, length, true);
    }

    private int write(byte[] src, int from, int length, boolean last) {
        scheduler.enter();
        try {
            String what = last ? "write last" : "write";
            transport.require(length > 0, "a write of nothing");
            transport.require(heldBack == 0, "a write behind the last one");
            begin(what);
            int n = roomFor(length);
            if (n > 0) {
                out.put(src, from, n);
                if (last && n == length) {
                    heldBack = n;
                } else {
                    leave();
                }
            }
            return (int) end(what, n);
        } finally {
            scheduler.exit();
        }
    }

    /** Returns how many of some octets are taken now, or why none. */
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
        if (out.room() == 0 || transport.happens(Mishap.NOT_NOW)) {
            noSpace = true;
            outputAwaited = true;
            if (writable() && registration != null) {
                registration.wake();
            }
            return -Errno.EAGAIN;
        }
        int n = (int) Math.min(length, out.room());
        if (transport.happens(Mishap.SHORT_WRITE)) {
            n = 1 + (int) transport.below(n);
        }
        if (n < length) {
            noSpace = true;
        }
        moved();
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
        scheduler.enter();
        try {
            transport.require(count > 0 && position >= 0, "nothing of a file is sent");
            transport.require(heldBack == 0, "a file behind the last write");
            begin("send file");
            return end("send file", sendFileNow(file, position, count));
        } finally {
            scheduler.exit();
        }
    }

    private long sendFileNow(FileSource file, long position, long count) {
        if (!closed && transport.happens(Mishap.FILE_NOT_SENDABLE)) {
            return -Errno.EINVAL;
        }
        int n = roomFor(Math.min(count, FILE_SLICE_BYTES));
        if (n < 0) {
            return n;
        }
        byte[] octets = new byte[n];
        try {
            n = file.read(position, octets, 0, n);
        } catch (ClosedChannelException e) {
            return -Errno.EBADF;
        } catch (IOException e) {
            return -Errno.EIO;
        }
        if (n > 0) {
            out.put(octets, 0, n);
            leave();
        }
        return n;
    }

    /** Everything that was written is on its way. */
    private void leave() {
        heldBack = 0;
        if (!peer.takesOctets()) {
            resetArrives();
        }
    }

    @Override
    public int shutdownOutput() {
        scheduler.enter();
        try {
            begin("shut down output");
            int result = closed ? -Errno.EBADF : reset ? -Errno.ENOTCONN : 0;
            if (result == 0) {
                endSent = true;
                if (heldBack > 0) {
                    leave();
                }
            }
            return (int) end("shut down output", result);
        } finally {
            scheduler.exit();
        }
    }

    /** Both before and behind what an operation does, others may go on. */
    private void begin(String what) {
        Thread current = Thread.currentThread();
        if (user != null) {
            transport.require(false, what + " by " + current.getName() + " while " + user.getName() + " uses " + this);
        }
        user = current;
        scheduler.step();
    }

    private long end(String what, long n) {
        transport.note(this, what, n, in.length());
        scheduler.step();
        user = null;
        return n;
    }

    // ---- the poller's thread -----------------------------------------------------------------------------------

    @Override
    public void abort() {
        scheduler.enter();
        try {
            scheduler.step();
            if (!closed) {
                finish("abort");
                in.clear();
                peer.resetByServer("aborted", takeWhatHasLeft());
            }
        } finally {
            scheduler.exit();
        }
    }

    @Override
    public void close() {
        scheduler.enter();
        try {
            scheduler.step();
            if (!closed) {
                finish("close");
                if (in.isEmpty()) {
                    heldBack = 0;
                } else {
                    in.clear();
                    peer.resetByServer("closed with octets unread", takeWhatHasLeft());
                }
            }
        } finally {
            scheduler.exit();
        }
    }

    private void finish(String what) {
        if (registration != null) {
            registration.requireOwner(what);
            registration.end();
        }
        closed = true;
        transport.progress();
        transport.note(this, what, in.length(), out.length());
        peer.closedByServer();
    }

    /** A reset overtakes what was held back. */
    private byte[] takeWhatHasLeft() {
        byte[] octets = new byte[waiting()];
        out.take(octets, 0, octets.length);
        out.clear();
        heldBack = 0;
        return octets;
    }

    /**
     * Returns whether the server has closed it.
     *
     * @return true if nothing comes any more but what is {@linkplain #waiting() waiting}
     */
    public boolean isClosed() {
        return closed;
    }

    // ---- what the other end's system does, under the scheduler's lock -------------------------------------------

    /**
     * Returns how many octets can come in.
     *
     * @return at least 0
     */
    public int roomIn() {
        return in.room();
    }

    /**
     * Lets octets come in; if nobody is there to take them, the peer is told by a reset.
     *
     * @param src the octets
     * @param from the first index in {@code src}
     * @param length how many; not more than there is {@linkplain #roomIn() room} for, unless it is closed
     */
    public void arrive(byte[] src, int from, int length) {
        if (closed) {
            peer.resetByServer("sent octets to a closed connection", takeWhatHasLeft());
            return;
        }
        in.put(src, from, length);
        event();
    }

    /** Lets the end of input come in (FIN). */
    public void endArrives() {
        endReceived = true;
        event();
    }

    /** Lets a reset come in (RST). What was sent before it may be lost or not. */
    public void resetArrives() {
        reset = true;
        endReceived = true;
        out.clear();
        heldBack = 0;
        if (transport.happens(Mishap.RESET_EATS_INPUT)) {
            in.clear();
        }
        event();
    }

    /**
     * Returns how many octets wait to be taken by the peer.
     *
     * @return at least 0
     */
    public int waiting() {
        return out.length() - heldBack;
    }

    /**
     * Returns whether the server has ended its sending side.
     *
     * @return true if nothing comes any more but what is {@linkplain #waiting() waiting}
     */
    public boolean isOutputEnded() {
        return endSent || closed;
    }

    /**
     * Returns whether the peer has taken everything, and the end of it.
     *
     * @return true if nothing will come any more
     */
    public boolean endReached() {
        return out.isEmpty() && isOutputEnded();
    }

    /**
     * Lets the peer take octets.
     *
     * @param dst where to put them
     * @param from the first index in {@code dst}
     * @param n how many, not more than {@linkplain #waiting() wait}
     */
    public void take(byte[] dst, int from, int n) {
        out.take(dst, from, n);
        if (noSpace && writable()) {
            noSpace = false;
            event();
        }
    }

    private void event() {
        transport.progress();
        if (registration != null && !closed) {
            registration.wake();
        }
    }

    // ---- edges -------------------------------------------------------------------------------------------------

    @Override
    public void registered(MemoryPoller.Registration with) {
        transport.require(registration == null, "a channel is added twice");
        registration = with;
    }

    private boolean readable() {
        return !in.isEmpty() || endReceived || reset;
    }

    /** As Linux: there is room when a third of the buffer is free. */
    private boolean writable() {
        return out.room() * 3L >= out.capacity() || reset;
    }

    @Override
    public boolean isBusy() {
        return peer.isBusy();
    }

    @Override
    public int holds() {
        return transport.tellsAllThatHolds()
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
        return remote;
    }

    @Override
    public InetSocketAddress localAddress() {
        return local;
    }

    @Override
    public String toString() {
        return "channel " + remote.getPort();
    }
}
