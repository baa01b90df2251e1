package dev.selvedge.epoll.kernel;

import dev.selvedge.server.transport.Errno;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * How long each kind of downcall takes, with the least that the system call behind it can be asked to do. Linux only.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class DowncallBenchmark {

    private static final int MSG_PEEK = 0x2;
    private static final int REQUEST_BYTES = 170;
    private static final int FILE_BYTES = 1024;

    /** A function of the C library that makes no system call, linked as all others are. */
    private static final MethodHandle LABS = labs();

    private final Kernel kernel = new LinuxKernel();
    private final byte[] buffer = new byte[Kernel.TRANSFER_MAX_BYTES];
    private final SockaddrStorage address = new SockaddrStorage();
    private final Statx statx = new Statx();
    private final MemorySegment callState = Arena.global().allocate(Linker.Option.captureStateLayout());
    private Path path;
    private byte[] pathOctets;
    private int listener;
    private int silent;
    private int talking;
    private int idleEpoll;
    private int busyEpoll;
    private int event;
    private int file;
    private SocketChannel silentClient;
    private SocketChannel talkingClient;

    @SuppressWarnings("restricted")
    private static MethodHandle labs() {
        return Linker.nativeLinker().downcallHandle(Symbols.find("labs").orElseThrow(), LinuxKernel.SHAPE,
                Linker.Option.captureCallState("errno"));
    }

    /** Opens one descriptor of each kind. */
    @Setup
    public void open() throws IOException {
        int type = Linux.SOCK_STREAM | Linux.SOCK_NONBLOCK | Linux.SOCK_CLOEXEC;
        listener = require(kernel.socket(Linux.AF_INET, type, 0));
        require(kernel.bind(listener, Sockaddr.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))));
        require(kernel.listen(listener, 2));
        require(kernel.getsockname(listener, address));
        InetSocketAddress server = address.address().toInetSocketAddress();
        silentClient = SocketChannel.open(server);
        silent = require(kernel.accept4(listener, address, Linux.SOCK_NONBLOCK));
        talkingClient = SocketChannel.open(server);
        talking = require(kernel.accept4(listener, address, Linux.SOCK_NONBLOCK));
        talkingClient.write(ByteBuffer.allocate(REQUEST_BYTES));

        event = require(kernel.eventfd(1, Linux.EFD_NONBLOCK));
        idleEpoll = require(kernel.epoll_create1(0));
        busyEpoll = require(kernel.epoll_create1(0));
        require(kernel.epoll_ctl(idleEpoll, Linux.EPOLL_CTL_ADD, silent, Linux.EPOLLIN, 1));
        require(kernel.epoll_ctl(busyEpoll, Linux.EPOLL_CTL_ADD, talking, Linux.EPOLLIN, 2));

        path = Files.createTempFile("selvedge", ".bin");
        Files.write(path, new byte[FILE_BYTES]);
        pathOctets = path.toString().getBytes(StandardCharsets.UTF_8);
        file = require(kernel.open(pathOctets, Linux.O_RDONLY));
    }

    private static int require(int result) {
        if (result < 0) {
            throw new IllegalStateException(Errno.describe(-result));
        }
        return result;
    }

    /** Closes them. */
    @TearDown
    public void close() throws IOException {
        for (int fd : new int[] {listener, silent, talking, event, idleEpoll, busyEpoll, file}) {
            kernel.close(fd);
        }
        silentClient.close();
        talkingClient.close();
        Files.delete(path);
    }

    /** No system call at all: what the call of a C function costs. */
    @Benchmark
    public long noSystemCall() throws Throwable {
        return (long) LABS.invokeExact(callState, -1L, 0L, 0L, 0L, 0L);
    }

    /** The least system call: EBADF. */
    @Benchmark
    public int closeNothing() {
        return kernel.close(-1);
    }

    /** EAGAIN. */
    @Benchmark
    public int accept4Nobody() {
        return kernel.accept4(listener, address, Linux.SOCK_NONBLOCK);
    }

    /** EAGAIN. */
    @Benchmark
    public int recvNothing() {
        return kernel.recv(silent, buffer, 0, buffer.length, 0);
    }

    /** A request of 170 octets that stays where it is (MSG_PEEK). */
    @Benchmark
    public int recvPeek() {
        return kernel.recv(talking, buffer, 0, buffer.length, MSG_PEEK);
    }

    /** No octet. */
    @Benchmark
    public int sendNothing() {
        return kernel.send(silent, buffer, 0, 0, Linux.MSG_NOSIGNAL);
    }

    /** No event, without waiting. */
    @Benchmark
    public int epollWaitNoEvent() {
        return kernel.epoll_wait(idleEpoll, 0);
    }

    /** One event, level-triggered, with its data. */
    @Benchmark
    public long epollWaitOneEvent() {
        return kernel.epoll_wait(busyEpoll, 0) + kernel.eventBits(0) + kernel.eventData(0);
    }

    /** A second time: EEXIST. */
    @Benchmark
    public int epollCtlAddAgain() {
        return kernel.epoll_ctl(idleEpoll, Linux.EPOLL_CTL_ADD, silent, Linux.EPOLLIN, 1);
    }

    /** What wakes up an event loop. */
    @Benchmark
    public int eventfdWrite() {
        return kernel.write(event, 1);
    }

    /** What asks for the peer's address. */
    @Benchmark
    public int getpeername() {
        return kernel.getpeername(silent, address);
    }

    /** Of no octets. */
    @Benchmark
    public long sendfileNothing() {
        return kernel.sendfile(silent, file, 0, 0);
    }

    /** Of 1 KiB that the page cache has. */
    @Benchmark
    public int pread() {
        return kernel.pread(file, buffer, 0, FILE_BYTES, 0);
    }

    /** Type and size of an open file. */
    @Benchmark
    public int statx() {
        return kernel.statx(file, statx);
    }

    /** Both, of a file that exists. */
    @Benchmark
    public int openAndClose() {
        return kernel.close(kernel.open(pathOctets, Linux.O_RDONLY));
    }
}
