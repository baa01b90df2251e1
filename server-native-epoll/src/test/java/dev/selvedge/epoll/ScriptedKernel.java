package dev.selvedge.epoll;

import dev.selvedge.epoll.kernel.Kernel;
import dev.selvedge.epoll.kernel.Linger;
import dev.selvedge.epoll.kernel.Sockaddr;
import dev.selvedge.epoll.kernel.SockaddrIn;
import dev.selvedge.epoll.kernel.SockaddrStorage;
import dev.selvedge.epoll.kernel.Statx;
import dev.selvedge.server.transport.Errno;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * A kernel that says what it is told to say, and remembers what it was asked.
 *
 * <p>A call without a script succeeds: descriptors count up from 100, other calls answer 0, and those that move bytes
 * move all of them. The descriptors that are open are known, so that a leak is seen, and a second close is an error.
 */
final class ScriptedKernel implements Kernel {

    /** One scripted event of {@link #epoll_wait}. */
    record Event(int bits, long data) { }

    private final Map<String, Deque<Long>> answers = new HashMap<>();
    private final Map<String, Deque<Runnable>> actions = new HashMap<>();
    private final Deque<List<Event>> batches = new ArrayDeque<>();
    private final Map<Integer, Long> words = new HashMap<>();
    private final Set<Integer> open = new TreeSet<>();
    private final Set<Integer> everClosed = new HashSet<>();
    private final List<String> calls = new ArrayList<>();
    private List<Event> batch = List.of();
    private int nextFd = 100;

    Sockaddr peer = new SockaddrIn(40000, 0x7f000001);
    Sockaddr bound = new SockaddrIn(8080, 0x7f000001);
    int fileMode = 0100644;
    long fileSize = 1000;

    /** Puts answers of a call into its queue: {@code n} or {@code -errno}. */
    ScriptedKernel script(String call, long... results) {
        Deque<Long> queue = answers.computeIfAbsent(call, c -> new ArrayDeque<>());
        Arrays.stream(results).forEach(queue::add);
        return this;
    }

    /** Runs something at the next call of this name, before it answers. */
    ScriptedKernel at(String call, Runnable action) {
        actions.computeIfAbsent(call, c -> new ArrayDeque<>()).add(action);
        return this;
    }

    /** Puts the events of one epoll_wait into its queue. */
    ScriptedKernel events(Event... events) {
        batches.add(List.of(events));
        return this;
    }

    /** The pool in which this is the only kernel. */
    KernelPool pool() {
        return new KernelPool(() -> this);
    }

    /** All calls so far, with their arguments, as {@code "send 100 5"}. */
    List<String> calls() {
        return calls;
    }

    /** The calls of one name so far. */
    List<String> calls(String name) {
        return calls.stream().filter(call -> call.startsWith(name + " ") || call.equals(name)).toList();
    }

    /** The descriptors that are open. */
    Set<Integer> open() {
        return open;
    }

    boolean wasClosed(int fd) {
        return everClosed.contains(fd);
    }

    /** The data word with which a descriptor was added to the epoll set. */
    long word(int fd) {
        return words.get(fd);
    }

    private long answer(String name, long normal, Object... arguments) {
        StringBuilder call = new StringBuilder(name);
        for (Object argument : arguments) {
            call.append(' ').append(argument);
        }
        calls.add(call.toString());
        Deque<Runnable> doing = actions.get(name);
        if (doing != null && !doing.isEmpty()) {
            doing.remove().run();
        }
        Deque<Long> queue = answers.get(name);
        return queue == null || queue.isEmpty() ? normal : queue.remove();
    }

    private int descriptor(String name, Object... arguments) {
        int fd = (int) answer(name, nextFd, arguments);
        if (fd >= 0) {
            nextFd++;
            open.add(fd);
        }
        return fd;
    }

    @Override
    public int socket(int domain, int type, int protocol) {
        return descriptor("socket", domain, type, protocol);
    }

    @Override
    public int setsockopt(int fd, int level, int name, int value) {
        return (int) answer("setsockopt", 0, fd, level, name, value);
    }

    @Override
    public int setsockopt(int fd, int level, int name, Linger value) {
        return (int) answer("setsockopt", 0, fd, level, name, value);
    }

    @Override
    public int bind(int fd, Sockaddr address) {
        return (int) answer("bind", 0, fd, address);
    }

    @Override
    public int listen(int fd, int backlog) {
        return (int) answer("listen", 0, fd, backlog);
    }

    @Override
    public int accept4(int fd, SockaddrStorage storage, int flags) {
        int answer = descriptor("accept4", fd, flags);
        storage.put(answer < 0 ? null : peer);
        return answer;
    }

    @Override
    public int getsockname(int fd, SockaddrStorage name) {
        int answer = (int) answer("getsockname", 0, fd);
        name.put(answer < 0 ? null : bound);
        return answer;
    }

    @Override
    public int getpeername(int fd, SockaddrStorage name) {
        int answer = (int) answer("getpeername", 0, fd);
        name.put(answer < 0 ? null : new SockaddrIn(50000, 0x7f000001));
        return answer;
    }

    @Override
    public int epoll_create1(int flags) {
        return descriptor("epoll_create1", flags);
    }

    @Override
    public int epoll_ctl(int epollFd, int operation, int fd, int events, long data) {
        int answer = (int) answer("epoll_ctl", 0, epollFd, operation, fd, Integer.toHexString(events));
        if (answer == 0) {
            words.put(fd, data);
        }
        return answer;
    }

    @Override
    public int epoll_wait(int epollFd, int timeoutMillis) {
        int answer = (int) answer("epoll_wait", 0, epollFd, timeoutMillis);
        if (answer < 0) {
            return answer;
        }
        batch = batches.isEmpty() ? List.of() : batches.remove();
        return batch.size();
    }

    @Override
    public int eventBits(int index) {
        return batch.get(index).bits();
    }

    @Override
    public long eventData(int index) {
        return batch.get(index).data();
    }

    @Override
    public int eventfd(int initialValue, int flags) {
        return descriptor("eventfd", initialValue, flags);
    }

    @Override
    public int write(int fd, long value) {
        return (int) answer("write", Long.BYTES, fd, value);
    }

    /** What arrives is {@code 1, 2, 3 …}. */
    @Override
    public int recv(int fd, byte[] dst, int from, int length, int flags) {
        int n = (int) answer("recv", Math.min(length, TRANSFER_MAX_BYTES), fd, length);
        for (int i = 0; i < n; i++) {
            dst[from + i] = (byte) (i + 1);
        }
        return n;
    }

    @Override
    public int send(int fd, byte[] src, int from, int length, int flags) {
        return (int) answer("send", Math.min(length, TRANSFER_MAX_BYTES), fd, length, flags);
    }

    @Override
    public long sendfile(int socketFd, int fileFd, long offset, long count) {
        return answer("sendfile", count, socketFd, fileFd, offset, count);
    }

    @Override
    public int shutdown(int fd, int how) {
        return (int) answer("shutdown", 0, fd, how);
    }

    @Override
    public int open(byte[] path, int flags) {
        return descriptor("open", Arrays.toString(path), flags);
    }

    @Override
    public int statx(int fd, Statx result) {
        int answer = (int) answer("statx", 0, fd);
        if (answer == 0) {
            result.put(fileMode, fileSize);
            result.putIdentity(77, Instant.ofEpochSecond(1), Instant.ofEpochSecond(2));
        }
        return answer;
    }

    @Override
    public int pread(int fd, byte[] dst, int from, int length, long offset) {
        return (int) answer("pread", Math.min(length, TRANSFER_MAX_BYTES), fd, length, offset);
    }

    /** Closes also if the script says that it fails, as Linux does. */
    @Override
    public int close(int fd) {
        int answer = (int) answer("close", 0, fd);
        if (!open.remove(fd)) {
            throw new AssertionError("close of a descriptor that is not open: " + fd + "; " + calls);
        }
        everClosed.add(fd);
        return answer;
    }

    /** All errors that a call may answer here, to go through in a test. */
    static List<Integer> errnos() {
        return List.of(Errno.EPERM, Errno.EINTR, Errno.EIO, Errno.EBADF, Errno.EAGAIN, Errno.ENOMEM, Errno.EACCES,
                Errno.EINVAL, Errno.ENFILE, Errno.EMFILE, Errno.ENOSPC, Errno.EPIPE, Errno.ENOSYS, Errno.EPROTO,
                Errno.EAFNOSUPPORT, Errno.EADDRINUSE, Errno.EADDRNOTAVAIL, Errno.ENETDOWN, Errno.ECONNABORTED,
                Errno.ECONNRESET, Errno.ENOBUFS, Errno.ENOTCONN, Errno.ETIMEDOUT);
    }
}
