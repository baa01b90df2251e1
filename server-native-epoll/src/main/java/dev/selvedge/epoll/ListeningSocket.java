package dev.selvedge.epoll;

import dev.selvedge.epoll.kernel.Kernel;
import dev.selvedge.epoll.kernel.Linux;
import dev.selvedge.epoll.kernel.Sockaddr;
import dev.selvedge.epoll.kernel.SockaddrIn;
import dev.selvedge.epoll.kernel.SockaddrIn6;
import dev.selvedge.epoll.kernel.SockaddrStorage;
import dev.selvedge.server.transport.Errno;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/** The way of a socket from socket(2) to listen(2). Any step may fail, which closes it and is said to the user. */
final class ListeningSocket {

    private ListeningSocket() { }

    static EpollListener open(KernelPool kernels, InetSocketAddress address, int backlog, int maxUnsentBytes)
            throws IOException {
        if (backlog < 1) {
            throw new IllegalArgumentException("backlog " + backlog + ": at least 1 connection must be able to wait");
        }
        if (maxUnsentBytes < 1) {
            throw new IllegalArgumentException("maxUnsentBytes " + maxUnsentBytes + ": nothing could be written");
        }
        if (address.isUnresolved()) {
            throw new UnknownHostException("the host name is not known");
        }
        Kernel kernel = kernels.take();
        try {
            int fd = open(kernel, address, backlog, maxUnsentBytes);
            if (fd < 0) {
                throw failure(-fd);
            }
            SockaddrStorage bound = new SockaddrStorage();
            int told = kernel.getsockname(fd, bound);
            if (told < 0 || bound.address() == null) {
                kernel.close(fd);
                throw failure(told < 0 ? -told : Errno.EAFNOSUPPORT);
            }
            return new EpollListener(kernels, fd, bound.address());
        } finally {
            kernels.give(kernel);
        }
    }

    /** The wildcard takes both families through one socket, or IPv4 alone where the machine has or wants no IPv6. */
    private static int open(Kernel kernel, InetSocketAddress address, int backlog, int maxUnsentBytes) {
        if (!address.getAddress().isAnyLocalAddress()) {
            return open(kernel, Sockaddr.of(address), backlog, maxUnsentBytes);
        }
        int fd = open(kernel, SockaddrIn6.wildcard(address.getPort()), backlog, maxUnsentBytes);
        return fd == -Errno.EAFNOSUPPORT || fd == -Errno.EADDRNOTAVAIL
                ? open(kernel, SockaddrIn.wildcard(address.getPort()), backlog, maxUnsentBytes)
                : fd;
    }

    /** Returns a listening socket, or {@code -errno}. */
    private static int open(Kernel kernel, Sockaddr address, int backlog, int maxUnsentBytes) {
        int type = Linux.SOCK_STREAM | Linux.SOCK_NONBLOCK | Linux.SOCK_CLOEXEC;
        int fd = kernel.socket(address.family(), type, 0);
        if (fd < 0) {
            return fd;
        }
        int answer = prepare(kernel, fd, address, backlog, maxUnsentBytes);
        if (answer < 0) {
            kernel.close(fd);
            return answer;
        }
        return fd;
    }

    private static int prepare(Kernel kernel, int fd, Sockaddr address, int backlog, int maxUnsentBytes) {
        int answer = kernel.setsockopt(fd, Linux.SOL_SOCKET, Linux.SO_REUSEADDR, 1);
        if (answer == 0) {
            // Accepted connections inherit it: no call for each.
            answer = kernel.setsockopt(fd, Linux.IPPROTO_TCP, Linux.TCP_NODELAY, 1);
        }
        if (answer == 0 && maxUnsentBytes != Integer.MAX_VALUE) {
            answer = boundUnsent(kernel, fd, maxUnsentBytes);
        }
        if (answer == 0 && address.family() == Linux.AF_INET6 && address.isWildcard()) {
            answer = kernel.setsockopt(fd, Linux.IPPROTO_IPV6, Linux.IPV6_V6ONLY, 0);
        }
        if (answer == 0) {
            answer = kernel.bind(fd, address);
        }
        if (answer == 0) {
            answer = kernel.listen(fd, backlog);
        }
        return answer;
    }

    /**
     * Bounds what the accepted connections hold for a peer that does not read; they inherit it. TCP_NOTSENT_LOWAT lets
     * the buffer grow with the way, which SO_SNDBUF would stop: that is only for systems that imitate Linux without it.
     */
    private static int boundUnsent(Kernel kernel, int fd, int bytes) {
        int answer = kernel.setsockopt(fd, Linux.IPPROTO_TCP, Linux.TCP_NOTSENT_LOWAT, bytes);
        return answer == -Linux.ENOPROTOOPT
                ? kernel.setsockopt(fd, Linux.SOL_SOCKET, Linux.SO_SNDBUF, bytes)
                : answer;
    }

    private static IOException failure(int errno) {
        return switch (errno) {
            case Errno.EADDRINUSE -> new BindException("the address is in use by another socket (EADDRINUSE)");
            case Errno.EADDRNOTAVAIL -> new BindException("this machine does not have this address (EADDRNOTAVAIL)");
            case Errno.EAFNOSUPPORT ->
                    new BindException("this machine does not have this kind of address (EAFNOSUPPORT)");
            case Errno.EACCES ->
                    new BindException("not allowed; a low port needs the capability CAP_NET_BIND_SERVICE or a lower"
                            + " net.ipv4.ip_unprivileged_port_start (EACCES)");
            default -> new IOException(Errno.describe(errno));
        };
    }
}
