package dev.selvedge.epoll.kernel;

/** The numbers of Linux's headers, as far as x86-64 and aarch64 agree (asm-generic). */
public final class Linux {

    /* <sys/socket.h> */
    public static final int AF_INET = 2;
    public static final int AF_INET6 = 10;
    public static final int SOCK_STREAM = 1;
    public static final int SOCK_NONBLOCK = 0x800;
    public static final int SOCK_CLOEXEC = 0x80000;
    public static final int SOL_SOCKET = 1;
    public static final int SO_REUSEADDR = 2;
    public static final int SO_SNDBUF = 7;
    public static final int SO_LINGER = 13;
    public static final int MSG_NOSIGNAL = 0x4000;
    public static final int MSG_MORE = 0x8000;
    public static final int SHUT_WR = 1;

    /* <netinet/in.h>, <netinet/tcp.h> */
    public static final int IPPROTO_TCP = 6;
    public static final int IPPROTO_IPV6 = 41;
    public static final int TCP_NODELAY = 1;
    public static final int TCP_NOTSENT_LOWAT = 25;
    public static final int IPV6_V6ONLY = 26;

    /* <sys/epoll.h>, <sys/eventfd.h> */
    public static final int EPOLL_CLOEXEC = 0x80000;
    public static final int EPOLL_CTL_ADD = 1;
    public static final int EPOLLIN = 0x1;
    public static final int EPOLLOUT = 0x4;
    public static final int EPOLLERR = 0x8;
    public static final int EPOLLHUP = 0x10;
    public static final int EPOLLRDHUP = 0x2000;
    public static final int EPOLLET = 1 << 31;
    public static final int EFD_NONBLOCK = 0x800;
    public static final int EFD_CLOEXEC = 0x80000;

    /* <fcntl.h> */
    public static final int O_RDONLY = 0;
    public static final int O_NOCTTY = 0x100;
    public static final int O_NONBLOCK = 0x800;
    public static final int O_CLOEXEC = 0x80000;

    /* <errno.h>: what dev.selvedge.server.transport.Errno does not name */
    public static final int ENXIO = 6;
    public static final int ENOTDIR = 20;
    public static final int ENAMETOOLONG = 36;
    public static final int ELOOP = 40;
    public static final int ENONET = 64;
    public static final int ENOPROTOOPT = 92;
    public static final int ENETUNREACH = 101;
    public static final int EHOSTDOWN = 112;
    public static final int EHOSTUNREACH = 113;

    private Linux() { }
}
