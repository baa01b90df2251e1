package dev.selvedge.epoll;

import dev.selvedge.epoll.kernel.Kernel;
import dev.selvedge.epoll.kernel.Linux;
import dev.selvedge.epoll.kernel.Sockaddr;
import dev.selvedge.epoll.kernel.SockaddrStorage;
import dev.selvedge.server.transport.Acceptance;
import dev.selvedge.server.transport.Errno;
import dev.selvedge.server.transport.Listener;
import dev.selvedge.server.transport.ReadinessTarget;
import java.net.InetSocketAddress;

/** A listening socket. */
final class EpollListener implements Listener {

    private final KernelPool kernels;
    private final int fd;
    private final Sockaddr local;
    private final InetSocketAddress address;
    private final SockaddrStorage storage = new SockaddrStorage();
    /** The address of the connection before, kept because most connections have the same one. */
    private Sockaddr lastLocal;

    private EpollPoller poller;
    private long word;
    private boolean closed;

    /** Takes over a socket that listens; {@code local} is what it is bound to, with the real port. */
    EpollListener(KernelPool kernels, int fd, Sockaddr local) {
        this.kernels = kernels;
        this.fd = fd;
        this.local = local;
        this.address = local.toInetSocketAddress();
    }

    /** Called by the poller's thread. */
    int addTo(EpollPoller newPoller, ReadinessTarget target) {
        if (poller != null) {
            throw new IllegalStateException("the listener is in a poller already");
        }
        if (closed) {
            return -Errno.EBADF;
        }
        long answer = newPoller.register(fd, true, target);
        if (answer < 0) {
            return (int) answer;
        }
        word = answer;
        poller = newPoller;
        return 0;
    }

    @Override
    public InetSocketAddress address() {
        return address;
    }

    @Override
    public Acceptance accept() {
        if (closed) {
            return new Acceptance.None(Errno.EBADF);
        }
        boolean onLoop = onLoop();
        Kernel kernel = enter(onLoop);
        try {
            return accept(kernel);
        } finally {
            leave(onLoop, kernel);
        }
    }

    private Acceptance accept(Kernel kernel) {
        for (;;) {
            int accepted = kernel.accept4(fd, storage, Linux.SOCK_NONBLOCK | Linux.SOCK_CLOEXEC);
            if (accepted < 0) {
                switch (-accepted) {
                    case Errno.EAGAIN -> {
                        return Acceptance.EMPTY;
                    }
                    // The connection died while it waited, or accept(2) tells an error that lay on it: take the next.
                    case Errno.EINTR, Errno.ECONNABORTED, Errno.EPROTO, Errno.ENETDOWN, Linux.ENETUNREACH,
                            Linux.EHOSTDOWN, Linux.EHOSTUNREACH, Linux.ENONET, Linux.ENOPROTOOPT -> { }
                    // No room (EMFILE, ENFILE, ENOBUFS, ENOMEM), a firewall's refusal (EPERM), or a defect.
                    default -> {
                        return new Acceptance.None(-accepted);
                    }
                }
            } else {
                Sockaddr remote = remoteOf(kernel, accepted);
                if (remote != null) {
                    Sockaddr itsLocal = local.isWildcard() ? localOf(kernel, accepted) : local;
                    return new Acceptance.Connected(new EpollChannel(kernels, accepted, remote, itsLocal));
                }
                kernel.close(accepted); // nobody is there any more, as after ECONNABORTED
            }
        }
    }

    /** Returns the peer's address, or null if it is gone (ENOTCONN). */
    private Sockaddr remoteOf(Kernel kernel, int accepted) {
        if (storage.address() == null) {
            kernel.getpeername(accepted, storage);
        }
        return storage.address();
    }

    /** Which of the machine's addresses the client used. If the kernel can't say (ENOBUFS), the wildcard must do. */
    private Sockaddr localOf(Kernel kernel, int accepted) {
        kernel.getsockname(accepted, storage);
        Sockaddr told = storage.address() == null ? local : storage.address();
        if (!told.equals(lastLocal)) {
            lastLocal = told;
        }
        return lastLocal;
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (poller != null) {
            poller.forget(word);
        }
        boolean onLoop = onLoop();
        Kernel kernel = enter(onLoop);
        kernel.close(fd);
        leave(onLoop, kernel);
    }

    private boolean onLoop() {
        return poller != null && poller.isThisThread();
    }

    private Kernel enter(boolean onLoop) {
        return onLoop ? poller.kernel() : kernels.take();
    }

    private void leave(boolean onLoop, Kernel kernel) {
        if (!onLoop) {
            kernels.give(kernel);
        }
    }

    @Override
    public String toString() {
        return "listener on " + address;
    }
}
