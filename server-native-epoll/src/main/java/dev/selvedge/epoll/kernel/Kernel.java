package dev.selvedge.epoll.kernel;

/**
 * The system calls of a server, in the verbs of the man pages (section 2), where each is described.
 *
 * <p>Results are {@code n}, or {@code -errno} where C would answer -1. No call is retried here, not even after
 * {@code EINTR}: the caller decides. The sockets and the eventfd are non-blocking, so only {@link #epoll_wait} waits.
 *
 * <p>An instance is used by one thread at a time: it owns the native memory through which the bytes, the addresses and
 * the events pass. It may wander between threads that hand it over properly.
 */
public interface Kernel {

    /** How many bytes {@link #recv}, {@link #send} and {@link #pread} move at most: the size of the native memory. */
    int TRANSFER_MAX_BYTES = 128 * 1024;

    /** How many events {@link #epoll_wait} takes at most. */
    int EVENTS_MAX = 512;

    /**
     * socket(2).
     *
     * @return the descriptor, or {@code -errno}
     */
    int socket(int domain, int type, int protocol);

    /**
     * setsockopt(2) with an option whose value is an {@code int}.
     *
     * @return 0, or {@code -errno}
     */
    int setsockopt(int fd, int level, int name, int value);

    /**
     * setsockopt(2) with {@code SO_LINGER}.
     *
     * @return 0, or {@code -errno}
     */
    int setsockopt(int fd, int level, int name, Linger value);

    /**
     * bind(2).
     *
     * @return 0, or {@code -errno}
     */
    int bind(int fd, Sockaddr address);

    /**
     * listen(2).
     *
     * @return 0, or {@code -errno}
     */
    int listen(int fd, int backlog);

    /**
     * accept4(2).
     *
     * @param peer is given the peer's address, or null if the kernel told none
     * @return the descriptor, or {@code -errno}
     */
    int accept4(int fd, SockaddrStorage peer, int flags);

    /**
     * getsockname(2).
     *
     * @param name is given this side's address
     * @return 0, or {@code -errno}
     */
    int getsockname(int fd, SockaddrStorage name);

    /**
     * getpeername(2).
     *
     * @param name is given the peer's address
     * @return 0, or {@code -errno}
     */
    int getpeername(int fd, SockaddrStorage name);

    /**
     * epoll_create1(2).
     *
     * @return the descriptor, or {@code -errno}
     */
    int epoll_create1(int flags);

    /**
     * epoll_ctl(2).
     *
     * @param events what to wait for, a union of {@code EPOLL…} bits
     * @param data what {@link #eventData} gives back
     * @return 0, or {@code -errno}
     */
    int epoll_ctl(int epollFd, int operation, int fd, int events, long data);

    /**
     * epoll_wait(2), for at most {@link #EVENTS_MAX} events. They are read by {@link #eventBits} and {@link #eventData}
     * until the next wait.
     *
     * @param timeoutMillis 0 does not wait, -1 waits without end
     * @return how many events there are, or {@code -errno}
     */
    int epoll_wait(int epollFd, int timeoutMillis);

    /**
     * {@code events[index].events} of the last {@link #epoll_wait}.
     *
     * @param index 0 to one less than its answer
     */
    int eventBits(int index);

    /**
     * {@code events[index].data} of the last {@link #epoll_wait}.
     *
     * @param index 0 to one less than its answer
     */
    long eventData(int index);

    /**
     * eventfd(2).
     *
     * @return the descriptor, or {@code -errno}
     */
    int eventfd(int initialValue, int flags);

    /**
     * write(2) of the eight bytes that an eventfd takes.
     *
     * @return 8, or {@code -errno}
     */
    int write(int fd, long value);

    /**
     * recv(2), of at most {@link #TRANSFER_MAX_BYTES}.
     *
     * @return how many bytes were received, 0 at the end of input, or {@code -errno}
     */
    int recv(int fd, byte[] dst, int from, int length, int flags);

    /**
     * send(2), of at most {@link #TRANSFER_MAX_BYTES}.
     *
     * @return how many bytes were taken, or {@code -errno}
     */
    int send(int fd, byte[] src, int from, int length, int flags);

    /**
     * sendfile(2).
     *
     * @return how many bytes were sent, 0 at the end of the file, or {@code -errno}
     */
    long sendfile(int socketFd, int fileFd, long offset, long count);

    /**
     * shutdown(2).
     *
     * @return 0, or {@code -errno}
     */
    int shutdown(int fd, int how);

    /**
     * open(2) of a file that exists.
     *
     * @param path the path's bytes as the file system has them, without a NUL
     * @return the descriptor, or {@code -errno}
     */
    int open(byte[] path, int flags);

    /**
     * statx(2) of an open file ({@code AT_EMPTY_PATH}).
     *
     * @param result is given type and size
     * @return 0, or {@code -errno}; {@code -ENOSYS} also where the C library has no such function
     */
    int statx(int fd, Statx result);

    /**
     * pread(2), of at most {@link #TRANSFER_MAX_BYTES}.
     *
     * @return how many bytes were read, 0 at the end of the file, or {@code -errno}
     */
    int pread(int fd, byte[] dst, int from, int length, long offset);

    /**
     * close(2). Whatever it answers, the descriptor is gone: calling it again could close somebody else's.
     *
     * @return 0, or {@code -errno}
     */
    int close(int fd);
}
