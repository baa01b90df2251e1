package dev.selvedge.epoll.kernel;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.selvedge.server.transport.Errno;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.ref.Reference;

/**
 * The real kernel, reached through the C library.
 *
 * <p>All functions have one shape, {@code long f(long, long, long, long, long)}: a C function looks only at the
 * registers of its own parameters and, of those, at the bits of its own types, in the calling conventions of x86-64 and
 * aarch64 both. One shape links about twice as fast at start-up as a shape for each function. An {@code int} result has
 * only its low half defined, hence the casts. Pointers are passed as numbers.
 *
 * <p>The calls are plain ones, never {@code critical}: a thread inside of a critical call keeps the whole JVM from
 * reaching a safepoint.
 *
 * <p>The native memory is freed by the garbage collector after the instance. {@link #result} is called after each
 * system call and keeps the instance, and so the memory that the call was given by number, alive until then.
 */
public final class LinuxKernel implements Kernel {

    private static final Linker.Option CAPTURE_ERRNO = Linker.Option.captureCallState("errno");
    private static final StructLayout CALL_STATE = Linker.Option.captureStateLayout();
    private static final long ERRNO_AT = CALL_STATE.byteOffset(MemoryLayout.PathElement.groupElement("errno"));
    static final FunctionDescriptor SHAPE =
            FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);

    private static final MethodHandle ACCEPT4 = downcall("accept4");
    private static final MethodHandle BIND = downcall("bind");
    private static final MethodHandle CLOSE = downcall("close");
    private static final MethodHandle EPOLL_CREATE1 = downcall("epoll_create1");
    private static final MethodHandle EPOLL_CTL = downcall("epoll_ctl");
    private static final MethodHandle EPOLL_WAIT = downcall("epoll_wait");
    private static final MethodHandle EVENTFD = downcall("eventfd");
    private static final MethodHandle GETPEERNAME = downcall("getpeername");
    private static final MethodHandle GETSOCKNAME = downcall("getsockname");
    private static final MethodHandle LISTEN = downcall("listen");
    private static final MethodHandle OPEN = downcall("open");
    private static final MethodHandle PREAD = downcall("pread");
    private static final MethodHandle RECV = downcall("recv");
    private static final MethodHandle SEND = downcall("send");
    private static final MethodHandle SENDFILE = downcall("sendfile");
    private static final MethodHandle SETSOCKOPT = downcall("setsockopt");
    private static final MethodHandle SHUTDOWN = downcall("shutdown");
    private static final MethodHandle SOCKET = downcall("socket");
    private static final MethodHandle WRITE = downcall("write");

    /** Null with a C library older than the call (glibc before 2.28, musl before 1.2.5). */
    private static final MethodHandle STATX = Symbols.find("statx").isPresent() ? downcall("statx") : null;

    private static final EpollEvent EPOLL_EVENT = EpollEvent.on(System.getProperty("os.arch"));

    private static final int CACHE_LINE_BYTES = 64;
    private static final int ARGUMENTS_BYTES = 256;
    private static final int SOCKADDR_STORAGE_BYTES = 128;

    private final MemorySegment callState;
    /** What a single call points to, other than bytes to transfer: a struct, an option, an offset. */
    private final MemorySegment arguments;
    /** The {@code socklen_t} that stands beside an address. */
    private final MemorySegment length;
    private final MemorySegment events;
    private final MemorySegment transfer;

    /** Allocates the native memory of one instance. */
    public LinuxKernel() {
        Arena arena = Arena.ofAuto();
        callState = arena.allocate(CALL_STATE.byteSize(), CACHE_LINE_BYTES);
        arguments = arena.allocate(ARGUMENTS_BYTES, CACHE_LINE_BYTES);
        length = arena.allocate(JAVA_INT);
        events = arena.allocate(EPOLL_EVENT.size() * EVENTS_MAX, CACHE_LINE_BYTES);
        transfer = arena.allocate(TRANSFER_MAX_BYTES, CACHE_LINE_BYTES);
    }

    /** The one restricted method of the project: after it, a wrong number of arguments would be undefined behaviour. */
    @SuppressWarnings("restricted")
    private static MethodHandle downcall(String name) {
        return Linker.nativeLinker().downcallHandle(Symbols.find(name).orElseThrow(), SHAPE, CAPTURE_ERRNO);
    }

    @Override
    public int socket(int domain, int type, int protocol) {
        try {
            return result((int) (long) SOCKET.invokeExact(callState, (long) domain, (long) type, (long) protocol,
                    0L, 0L));
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public int setsockopt(int fd, int level, int name, int value) {
        arguments.set(JAVA_INT, 0, value);
        return setsockopt(fd, level, name, JAVA_INT.byteSize());
    }

    @Override
    public int setsockopt(int fd, int level, int name, Linger value) {
        return setsockopt(fd, level, name, value.writeTo(arguments));
    }

    private int setsockopt(int fd, int level, int name, long size) {
        try {
            return result((int) (long) SETSOCKOPT.invokeExact(callState, (long) fd, (long) level, (long) name,
                    arguments.address(), size));
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public int bind(int fd, Sockaddr address) {
        long size = switch (address) {
            case SockaddrIn in -> in.writeTo(arguments);
            case SockaddrIn6 in6 -> in6.writeTo(arguments);
        };
        try {
            return result((int) (long) BIND.invokeExact(callState, (long) fd, arguments.address(), size, 0L, 0L));
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public int listen(int fd, int backlog) {
        try {
            return result((int) (long) LISTEN.invokeExact(callState, (long) fd, (long) backlog, 0L, 0L, 0L));
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public int accept4(int fd, SockaddrStorage peer, int flags) {
        prepareForAddress();
        try {
            return storeAddress(peer, result((int) (long) ACCEPT4.invokeExact(callState, (long) fd,
                    arguments.address(), length.address(), (long) flags, 0L)));
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public int getsockname(int fd, SockaddrStorage name) {
        prepareForAddress();
        try {
            return storeAddress(name, result((int) (long) GETSOCKNAME.invokeExact(callState, (long) fd,
                    arguments.address(), length.address(), 0L, 0L)));
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public int getpeername(int fd, SockaddrStorage name) {
        prepareForAddress();
        try {
            return storeAddress(name, result((int) (long) GETPEERNAME.invokeExact(callState, (long) fd,
                    arguments.address(), length.address(), 0L, 0L)));
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public int epoll_create1(int flags) {
        try {
            return result((int) (long) EPOLL_CREATE1.invokeExact(callState, (long) flags, 0L, 0L, 0L, 0L));
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public int epoll_ctl(int epollFd, int operation, int fd, int events, long data) {
        EPOLL_EVENT.write(arguments, 0, events, data);
        try {
            return result((int) (long) EPOLL_CTL.invokeExact(callState, (long) epollFd, (long) operation, (long) fd,
                    arguments.address(), 0L));
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public int epoll_wait(int epollFd, int timeoutMillis) {
        try {
            return result((int) (long) EPOLL_WAIT.invokeExact(callState, (long) epollFd, events.address(),
                    (long) EVENTS_MAX, (long) timeoutMillis, 0L));
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public int eventBits(int index) {
        return EPOLL_EVENT.events(events, index);
    }

    @Override
    public long eventData(int index) {
        return EPOLL_EVENT.data(events, index);
    }

    @Override
    public int eventfd(int initialValue, int flags) {
        try {
            return result((int) (long) EVENTFD.invokeExact(callState, (long) initialValue, (long) flags, 0L, 0L, 0L));
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public int write(int fd, long value) {
        arguments.set(JAVA_LONG, 0, value);
        try {
            return (int) result((long) WRITE.invokeExact(callState, (long) fd, arguments.address(),
                    JAVA_LONG.byteSize(), 0L, 0L));
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public int recv(int fd, byte[] dst, int from, int length, int flags) {
        try {
            int n = (int) result((long) RECV.invokeExact(callState, (long) fd, transfer.address(),
                    (long) Math.min(length, TRANSFER_MAX_BYTES), (long) flags, 0L));
            return copyTransferred(n, dst, from);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public int send(int fd, byte[] src, int from, int length, int flags) {
        int size = Math.min(length, TRANSFER_MAX_BYTES);
        MemorySegment.copy(src, from, transfer, JAVA_BYTE, 0, size);
        try {
            return (int) result((long) SEND.invokeExact(callState, (long) fd, transfer.address(), (long) size,
                    (long) flags, 0L));
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public long sendfile(int socketFd, int fileFd, long offset, long count) {
        arguments.set(JAVA_LONG, 0, offset);
        try {
            return result((long) SENDFILE.invokeExact(callState, (long) socketFd, (long) fileFd,
                    arguments.address(), count, 0L));
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public int shutdown(int fd, int how) {
        try {
            return result((int) (long) SHUTDOWN.invokeExact(callState, (long) fd, (long) how, 0L, 0L, 0L));
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public int open(byte[] path, int flags) {
        if (path.length >= TRANSFER_MAX_BYTES) {
            return -Linux.ENAMETOOLONG;
        }
        for (byte b : path) {
            if (b == 0) {
                return -Errno.EINVAL; // C would see a shorter path
            }
        }
        MemorySegment.copy(path, 0, transfer, JAVA_BYTE, 0, path.length);
        transfer.set(JAVA_BYTE, path.length, (byte) 0);
        try {
            return result((int) (long) OPEN.invokeExact(callState, transfer.address(), (long) flags, 0L, 0L, 0L));
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public int statx(int fd, Statx result) {
        if (STATX == null) {
            return -Errno.ENOSYS;
        }
        transfer.set(JAVA_BYTE, 0, (byte) 0); // the empty path
        try {
            int answer = result((int) (long) STATX.invokeExact(callState, (long) fd, transfer.address(),
                    (long) Statx.AT_EMPTY_PATH, (long) Statx.WANTED, arguments.address()));
            if (answer == 0) {
                result.readFrom(arguments);
            }
            return answer;
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public int pread(int fd, byte[] dst, int from, int length, long offset) {
        try {
            int n = (int) result((long) PREAD.invokeExact(callState, (long) fd, transfer.address(),
                    (long) Math.min(length, TRANSFER_MAX_BYTES), offset, 0L));
            return copyTransferred(n, dst, from);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public int close(int fd) {
        try {
            return result((int) (long) CLOSE.invokeExact(callState, (long) fd, 0L, 0L, 0L, 0L));
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** What C answered, with {@code -errno} for its -1. */
    private long result(long answer) {
        Reference.reachabilityFence(this);
        return answer >= 0 ? answer : -callState.get(JAVA_INT, ERRNO_AT);
    }

    private int result(int answer) {
        return (int) result((long) answer);
    }

    private int copyTransferred(int n, byte[] dst, int from) {
        if (n > 0) {
            MemorySegment.copy(transfer, JAVA_BYTE, 0, dst, from, n);
        }
        return n;
    }

    private void prepareForAddress() {
        arguments.set(JAVA_INT, 0, 0); // AF_UNSPEC, for the case that nothing is written
        length.set(JAVA_INT, 0, SOCKADDR_STORAGE_BYTES);
    }

    private int storeAddress(SockaddrStorage storage, int answer) {
        int family = Short.toUnsignedInt(arguments.get(JAVA_SHORT, 0));
        storage.put(answer < 0 ? null : switch (family) {
            case Linux.AF_INET -> SockaddrIn.readFrom(arguments);
            case Linux.AF_INET6 -> SockaddrIn6.readFrom(arguments).unmapped();
            default -> null;
        });
        return answer;
    }

    /** A handle of our shape throws nothing: this is a defect, or the JVM's end ({@code Error}). */
    private static RuntimeException unexpected(Throwable e) {
        if (e instanceof Error error) {
            throw error;
        }
        return e instanceof RuntimeException runtime ? runtime : new IllegalStateException(e);
    }
}
