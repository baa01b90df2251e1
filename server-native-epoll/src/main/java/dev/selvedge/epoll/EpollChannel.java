package dev.selvedge.epoll;

import dev.selvedge.epoll.kernel.Kernel;
import dev.selvedge.epoll.kernel.Linger;
import dev.selvedge.epoll.kernel.Linux;
import dev.selvedge.epoll.kernel.Sockaddr;
import dev.selvedge.server.transport.Channel;
import dev.selvedge.server.transport.Errno;
import dev.selvedge.server.transport.FileSource;
import dev.selvedge.server.transport.ReadinessTarget;
import java.net.InetSocketAddress;
import java.util.Objects;

/**
 * An accepted connection.
 *
 * <p>On its loop's thread it uses the loop's {@link Kernel}, and nobody can close it meanwhile. Any other owner borrows
 * a kernel for the call and holds the descriptor, so that a loop that closes the connection in the middle of the call
 * leaves the close(2) to it. After closing, every operation answers {@code -EBADF}.
 */
final class EpollChannel implements Channel {

    private static final long UNREGISTERED = -1;

    /** What a single sendfile(2) may move: a fast client and a large file must not keep a loop for themselves. */
    static final long SENDFILE_MAX_BYTES = 1 << 20;

    private final KernelPool kernels;
    private final Descriptor descriptor;
    private final Sockaddr remote;
    private final Sockaddr local;

    private EpollPoller poller;
    private long word = UNREGISTERED;
    /** Written by the loop's thread, and trusted only there; the others ask the descriptor. */
    private boolean closed;

    EpollChannel(KernelPool kernels, int fd, Sockaddr remote, Sockaddr local) {
        this.kernels = kernels;
        this.descriptor = new Descriptor(fd);
        this.remote = remote;
        this.local = local;
    }

    /** Called by the poller's thread. */
    int addTo(EpollPoller newPoller, ReadinessTarget target) {
        if (poller != null) {
            throw new IllegalStateException("the channel is in a poller already");
        }
        if (closed) {
            return -Errno.EBADF;
        }
        long answer = newPoller.register(descriptor.number(), false, target);
        if (answer < 0) {
            return (int) answer;
        }
        word = answer;
        poller = newPoller;
        return 0;
    }

    @Override
    public int read(byte[] dst, int from, int length) {
        checkRange(dst, from, length);
        boolean onLoop = onLoop();
        Kernel kernel = enter(onLoop);
        if (kernel == null) {
            return -Errno.EBADF;
        }
        try {
            return receive(kernel, dst, from, length);
        } finally {
            leave(onLoop, kernel);
        }
    }

    /**
     * A large read takes several calls. Only the first one may answer the end of input or an error: behind bytes they
     * wait for the next read, and a smaller answer says as truly that there was no more.
     */
    private int receive(Kernel kernel, byte[] dst, int from, int length) {
        int total = 0;
        while (total < length) {
            int part = Math.min(length - total, Kernel.TRANSFER_MAX_BYTES);
            int n = kernel.recv(descriptor.number(), dst, from + total, part, 0);
            if (n == -Errno.EINTR) {
                continue;
            }
            if (n <= 0) {
                return total > 0 ? total : n;
            }
            total += n;
            if (n < part) {
                break;
            }
        }
        return total;
    }

    @Override
    public int write(byte[] src, int from, int length) {
        return send(src, from, length, Linux.MSG_NOSIGNAL);
    }

    @Override
    public int writeLast(byte[] src, int from, int length) {
        return send(src, from, length, Linux.MSG_NOSIGNAL | Linux.MSG_MORE);
    }

    private int send(byte[] src, int from, int length, int flags) {
        checkRange(src, from, length);
        boolean onLoop = onLoop();
        Kernel kernel = enter(onLoop);
        if (kernel == null) {
            return -Errno.EBADF;
        }
        try {
            int n;
            do {
                n = kernel.send(descriptor.number(), src, from, length, flags);
            } while (n == -Errno.EINTR);
            return n;
        } finally {
            leave(onLoop, kernel);
        }
    }

    @Override
    public long sendFile(FileSource file, long position, long count) {
        if (position < 0 || count < 1) {
            throw new IllegalArgumentException("position " + position + ", count " + count);
        }
        if (!(file instanceof EpollFile source)) {
            return -Errno.EINVAL;
        }
        boolean onLoop = onLoop();
        Kernel kernel = enter(onLoop);
        if (kernel == null) {
            return -Errno.EBADF;
        }
        try {
            return source.sendTo(kernel, descriptor.number(), position, Math.min(count, SENDFILE_MAX_BYTES));
        } finally {
            leave(onLoop, kernel);
        }
    }

    @Override
    public int shutdownOutput() {
        boolean onLoop = onLoop();
        Kernel kernel = enter(onLoop);
        if (kernel == null) {
            return -Errno.EBADF;
        }
        try {
            return kernel.shutdown(descriptor.number(), Linux.SHUT_WR); // ENOTCONN: the peer was faster
        } finally {
            leave(onLoop, kernel);
        }
    }

    @Override
    public void abort() {
        close(true);
    }

    @Override
    public void close() {
        close(false);
    }

    private void close(boolean reset) {
        if (closed) {
            return;
        }
        closed = true;
        boolean onLoop = onLoop();
        Kernel kernel = onLoop ? poller.kernel() : kernels.take();
        if (reset) {
            // Nobody closes the descriptor before retire. If it fails (ENOMEM), the connection ends in order instead.
            kernel.setsockopt(descriptor.number(), Linux.SOL_SOCKET, Linux.SO_LINGER, Linger.RESET);
        }
        if (poller != null) {
            poller.forget(word);
        }
        if (descriptor.retire()) {
            closeDescriptor(kernel);
        }
        if (!onLoop) {
            kernels.give(kernel);
        }
    }

    /** Never again after EINTR: Linux has released the number already. EIO: there is nothing left to do. */
    private void closeDescriptor(Kernel kernel) {
        kernel.close(descriptor.number());
    }

    private boolean onLoop() {
        EpollPoller itsPoller = poller;
        return itsPoller != null && itsPoller.isThisThread();
    }

    /** Returns the kernel to use until {@link #leave}, or null if the channel is closed. */
    private Kernel enter(boolean onLoop) {
        if (onLoop) {
            return closed ? null : poller.kernel();
        }
        Kernel kernel = kernels.take();
        if (descriptor.acquire()) {
            return kernel;
        }
        kernels.give(kernel);
        return null;
    }

    private void leave(boolean onLoop, Kernel kernel) {
        if (onLoop) {
            return;
        }
        if (descriptor.release()) {
            closeDescriptor(kernel);
        }
        kernels.give(kernel);
    }

    private static void checkRange(byte[] bytes, int from, int length) {
        Objects.checkFromIndexSize(from, length, bytes.length);
        if (length == 0) {
            throw new IllegalArgumentException("length 0: its answer could not be told from the end of input");
        }
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return remote.toInetSocketAddress();
    }

    @Override
    public InetSocketAddress localAddress() {
        return local.toInetSocketAddress();
    }

    @Override
    public String toString() {
        return "connection of " + remoteAddress() + " to " + localAddress();
    }
}
