package dev.selvedge.server.transport.nio;

import dev.selvedge.server.transport.Channel;
import dev.selvedge.server.transport.Errno;
import dev.selvedge.server.transport.FileSource;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

/**
 * Moves bytes between arrays and a non-blocking {@link SocketChannel}.
 *
 * <p>Failures are told by the operation, since java.nio keeps the system's number to itself: a failed read is
 * {@code ECONNRESET}, a failed write {@code EPIPE}, anything on a closed channel {@code EBADF}.
 *
 * <p>A closed channel says farewell to its peer at once; its descriptor goes with the next poll.
 */
final class NioChannel implements Channel {

    /** How much is given to the system in one call; also bounds the buffers that the JDK keeps for each thread. */
    static final int CHUNK_BYTES = 64 * 1024;

    private final SocketChannel socket;
    private final InetSocketAddress remote;
    private final InetSocketAddress local;
    private final EdgeTrigger edges;

    private NioChannel(SocketChannel socket) throws IOException {
        this.socket = socket;
        this.remote = (InetSocketAddress) socket.getRemoteAddress();
        this.local = (InetSocketAddress) socket.getLocalAddress();
        this.edges = new EdgeTrigger(socket, SelectionKey.OP_READ);
    }

    /** Prepares an accepted socket; if that fails, the caller closes the socket. */
    static NioChannel of(SocketChannel accepted, int maxUnsentBytes) throws IOException {
        accepted.configureBlocking(false);
        accepted.setOption(StandardSocketOptions.TCP_NODELAY, true);
        if (maxUnsentBytes != Integer.MAX_VALUE) {
            // All that java.nio has. A listener can't be given it, else the connections would inherit it.
            accepted.setOption(StandardSocketOptions.SO_SNDBUF, maxUnsentBytes);
        }
        return new NioChannel(accepted);
    }

    EdgeTrigger edges() {
        return edges;
    }

    @Override
    public int read(byte[] dst, int from, int length) {
        assert length > 0;
        ByteBuffer staging = staging();
        int total = 0;
        while (total < length) {
            int chunk = Math.min(length - total, CHUNK_BYTES);
            int n = readChunk(staging, dst, from + total, chunk);
            if (n > 0) {
                total += n;
            }
            if (n == chunk) {
                continue;
            }
            if (n > 0 || total > 0 || n == -Errno.EAGAIN) {
                edges.inputDrained(); // an end or a failure behind some bytes is then a new edge
            }
            return total > 0 ? total : n;
        }
        return total;
    }

    /** Reads up to {@code chunk} bytes; answers as {@link #read} does. */
    private int readChunk(ByteBuffer staging, byte[] dst, int from, int chunk) {
        try {
            int n;
            if (staging == null) {
                n = socket.read(ByteBuffer.wrap(dst, from, chunk));
            } else {
                n = socket.read(staging.clear().limit(chunk));
                staging.flip().get(dst, from, Math.max(n, 0));
            }
            return switch (n) {
                case -1 -> 0;
                case 0 -> -Errno.EAGAIN;
                default -> n;
            };
        } catch (ClosedChannelException e) {
            return -Errno.EBADF;
        } catch (IOException e) {
            return -Errno.ECONNRESET;
        }
    }

    @Override
    public int write(byte[] src, int from, int length) {
        assert length > 0;
        ByteBuffer staging = staging();
        int total = 0;
        while (total < length) {
            int chunk = Math.min(length - total, CHUNK_BYTES);
            int n = writeChunk(staging, src, from + total, chunk);
            if (n > 0) {
                total += n;
            }
            if (n == chunk) {
                continue;
            }
            if (total > 0) {
                return total; // the caller comes again, and is told then
            }
            if (n == -Errno.EAGAIN) {
                edges.outputFull();
            }
            return n;
        }
        return total;
    }

    /** Writes up to {@code chunk} bytes; answers as {@link #write} does. */
    private int writeChunk(ByteBuffer staging, byte[] src, int from, int chunk) {
        try {
            int n = staging == null
                ? socket.write(ByteBuffer.wrap(src, from, chunk))
                : socket.write(staging.clear().put(src, from, chunk).flip());
            return n == 0 ? -Errno.EAGAIN : n;
        } catch (ClosedChannelException e) {
            return closedOutput();
        } catch (IOException e) {
            return -Errno.EPIPE;
        }
    }

    @Override
    public long sendFile(FileSource file, long position, long count) {
        assert position >= 0 && count > 0;
        NioFile source = (NioFile) file;
        if (!source.sendable()) {
            return -Errno.EINVAL;
        }
        try {
            long n = source.transferTo(position, count, socket);
            if (n > 0) {
                return n;
            }
            if (position >= source.sizeNow()) {
                return 0;
            }
            edges.outputFull();
            return -Errno.EAGAIN;
        } catch (ClosedChannelException e) {
            return source.isOpen() ? closedOutput() : -Errno.EBADF;
        } catch (IOException e) {
            return source.readableAt(position) ? -Errno.EPIPE : -Errno.EIO;
        }
    }

    @Override
    public int shutdownOutput() {
        try {
            socket.shutdownOutput();
            return 0;
        } catch (ClosedChannelException e) {
            return -Errno.EBADF;
        } catch (IOException e) {
            return -Errno.ENOTCONN;
        }
    }

    @Override
    public void abort() {
        try {
            socket.setOption(StandardSocketOptions.SO_LINGER, 0);
        } catch (IOException e) {
            // closed, or ended by the peer: there is nobody to be told
        }
        close();
    }

    @Override
    public void close() {
        edges.close();
        try {
            socket.close();
        } catch (IOException e) {
            // closed all the same
        }
        if (edges.poller() != null) {
            edges.poller().changed();
        }
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return remote;
    }

    @Override
    public InetSocketAddress localAddress() {
        return local;
    }

    /** A channel that java.nio calls closed may be closed, or only have its output shut down. */
    private int closedOutput() {
        return socket.isOpen() ? -Errno.EPIPE : -Errno.EBADF;
    }

    private ByteBuffer staging() {
        NioPoller poller = edges.poller();
        return poller == null ? null : poller.stagingOfThisThread();
    }
}
