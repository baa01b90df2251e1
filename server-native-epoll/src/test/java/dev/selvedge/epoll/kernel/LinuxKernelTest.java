package dev.selvedge.epoll.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.selvedge.server.transport.Errno;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Each call once in success and once in failure, against the kernel of the machine. */
@EnabledOnOs(OS.LINUX)
class LinuxKernelTest {

    private static final int LOOPBACK = 0x7f000001;
    private static final int WAIT_MILLIS = 10_000;

    private final Kernel kernel = new LinuxKernel();
    private final List<Integer> descriptors = new ArrayList<>();

    @TempDir
    private Path directory;

    @AfterEach
    void closeAll() {
        descriptors.forEach(kernel::close);
    }

    @Test
    void socketsAreMade() {
        assertTrue(socket(Linux.AF_INET) >= 0);
        assertEquals(-Errno.EAFNOSUPPORT, kernel.socket(12345, Linux.SOCK_STREAM, 0));
    }

    @Test
    void optionsAreSet() {
        int fd = socket(Linux.AF_INET);
        assertEquals(0, kernel.setsockopt(fd, Linux.SOL_SOCKET, Linux.SO_REUSEADDR, 1));
        assertEquals(0, kernel.setsockopt(fd, Linux.IPPROTO_TCP, Linux.TCP_NODELAY, 1));
        assertEquals(0, kernel.setsockopt(fd, Linux.IPPROTO_TCP, Linux.TCP_NOTSENT_LOWAT, 1 << 18));
        assertEquals(0, kernel.setsockopt(fd, Linux.SOL_SOCKET, Linux.SO_SNDBUF, 1 << 18));
        assertEquals(0, kernel.setsockopt(fd, Linux.SOL_SOCKET, Linux.SO_LINGER, Linger.RESET));
        assertEquals(-Linux.ENOPROTOOPT, kernel.setsockopt(fd, Linux.IPPROTO_TCP, 12345, 1));
        assertEquals(-Errno.EBADF, kernel.setsockopt(-1, Linux.SOL_SOCKET, Linux.SO_LINGER, Linger.RESET));
    }

    @Test
    void aSocketIsBoundAndTellsItsName() {
        int fd = socket(Linux.AF_INET);
        assertEquals(0, kernel.bind(fd, new SockaddrIn(0, LOOPBACK)));
        SockaddrIn name = (SockaddrIn) nameOf(fd);

        assertEquals(LOOPBACK, name.address());
        assertNotEquals(0, name.port());
        assertEquals(-Errno.EADDRNOTAVAIL, kernel.bind(socket(Linux.AF_INET), new SockaddrIn(0, 0xC0000201)));
        assertEquals(0, kernel.listen(fd, 1));
        assertEquals(-Errno.EADDRINUSE, kernel.bind(socket(Linux.AF_INET), name));
        assertEquals(-Errno.EBADF, kernel.listen(-1, 1));
        assertEquals(-Errno.EBADF, kernel.getsockname(-1, new SockaddrStorage()));
    }

    @Test
    void anIpv6SocketTellsItsName() {
        int fd = kernel.socket(Linux.AF_INET6, Linux.SOCK_STREAM, 0);
        assumeTrue(fd >= 0, "no IPv6 here");
        descriptors.add(fd);
        int bound = kernel.bind(fd, new SockaddrIn6(0, 0, 1, 0));
        assumeTrue(bound == 0, "no ::1 here");

        SockaddrIn6 name = (SockaddrIn6) nameOf(fd);
        assertEquals(1, name.low());
        assertEquals(0, name.high());
    }

    @Test
    void acceptTellsThePeerInTheSameCall() throws IOException {
        int listener = listener();
        SockaddrStorage peer = new SockaddrStorage();
        assertEquals(-Errno.EAGAIN, kernel.accept4(listener, peer, 0));
        assertNull(peer.address());
        try (Socket client = new Socket("127.0.0.1", nameOf(listener).port())) {
            await(listener, Linux.EPOLLIN);
            int fd = remember(kernel.accept4(listener, peer, Linux.SOCK_NONBLOCK | Linux.SOCK_CLOEXEC));
            assertTrue(fd >= 0);
            assertEquals(new SockaddrIn(client.getLocalPort(), LOOPBACK), peer.address());

            SockaddrStorage again = new SockaddrStorage();
            assertEquals(0, kernel.getpeername(fd, again));
            assertEquals(peer.address(), again.address());
            assertEquals(-Errno.EAGAIN, kernel.recv(fd, new byte[1], 0, 1, 0), "SOCK_NONBLOCK was lost");
        }
        assertEquals(-Errno.ENOTCONN, kernel.getpeername(listener, peer));
        assertNull(peer.address());
    }

    @Test
    void bytesGoBothWays() throws IOException {
        try (Pair pair = connect()) {
            byte[] sent = new byte[Kernel.TRANSFER_MAX_BYTES + 10];
            new Random(1).nextBytes(sent);
            int n = kernel.send(pair.fd, sent, 10, sent.length - 10, Linux.MSG_NOSIGNAL);
            assertTrue(n > 0 && n <= Kernel.TRANSFER_MAX_BYTES);
            assertArrayEquals(Arrays.copyOfRange(sent, 10, 10 + n), pair.client.getInputStream().readNBytes(n));

            pair.client.getOutputStream().write("hello".getBytes(StandardCharsets.US_ASCII));
            await(pair.fd, Linux.EPOLLIN);
            byte[] received = new byte[8];
            assertEquals(5, kernel.recv(pair.fd, received, 2, 6, 0));
            assertArrayEquals(new byte[] {0, 0, 'h', 'e', 'l', 'l', 'o', 0}, received);

            assertEquals(0, kernel.shutdown(pair.fd, Linux.SHUT_WR));
            assertEquals(-1, pair.client.getInputStream().read());
            assertEquals(-Errno.EPIPE, kernel.send(pair.fd, sent, 0, 1, Linux.MSG_NOSIGNAL));
            pair.client.close();
            await(pair.fd, Linux.EPOLLIN);
            assertEquals(0, kernel.recv(pair.fd, received, 0, 8, 0));
        }
        assertEquals(-Errno.EBADF, kernel.recv(-1, new byte[1], 0, 1, 0));
        assertEquals(-Errno.EBADF, kernel.shutdown(-1, Linux.SHUT_WR));
    }

    /** For a fifth of a second at least, so one of a few attempts sees it also on a busy machine. */
    @Test
    void whatMoreWillFollowIsHeldBackUntilTheEnd() throws IOException {
        byte[] octets = "hello".getBytes(StandardCharsets.US_ASCII);
        boolean held = false;
        for (int attempt = 0; attempt < 20 && !held; attempt++) {
            try (Pair pair = connect()) {
                assertEquals(5, kernel.send(pair.fd, octets, 0, 5, Linux.MSG_NOSIGNAL | Linux.MSG_MORE));
                held = pair.client.getInputStream().available() == 0;
                assertEquals(0, kernel.shutdown(pair.fd, Linux.SHUT_WR));
                assertArrayEquals(octets, pair.client.getInputStream().readAllBytes());
            }
        }
        assertTrue(held, "MSG_MORE is something else");
    }

    @Test
    void aFullSocketSaysEagain() throws IOException {
        try (Pair pair = connect()) {
            byte[] much = new byte[Kernel.TRANSFER_MAX_BYTES];
            int n = 1;
            for (int i = 0; n > 0 && i < 10_000; i++) {
                n = kernel.send(pair.fd, much, 0, much.length, Linux.MSG_NOSIGNAL);
            }
            assertEquals(-Errno.EAGAIN, n);
        }
    }

    @Test
    void filesAreOpenedReadAndSent() throws IOException {
        byte[] content = new byte[100_000];
        new Random(2).nextBytes(content);
        Path file = Files.write(directory.resolve("a file"), content);
        int fd = open(file);

        Statx statx = new Statx();
        assertEquals(0, kernel.statx(fd, statx));
        assertTrue(statx.isRegularFile());
        assertEquals(content.length, statx.size());
        assertEquals(Files.getAttribute(file, "unix:ino"), statx.inode());
        assertEquals(Files.getLastModifiedTime(file), statx.lastModified());
        assertEquals(Files.getAttribute(file, "unix:ctime"), statx.changed());

        byte[] read = new byte[20];
        assertEquals(10, kernel.pread(fd, read, 5, 10, 50_000));
        assertArrayEquals(Arrays.copyOfRange(content, 50_000, 50_010), Arrays.copyOfRange(read, 5, 15));
        assertEquals(0, kernel.pread(fd, read, 0, 10, content.length));
        try (Pair pair = connect()) {
            assertEquals(1000, kernel.sendfile(pair.fd, fd, 70_000, 1000));
            assertArrayEquals(Arrays.copyOfRange(content, 70_000, 71_000),
                    pair.client.getInputStream().readNBytes(1000));
            assertEquals(0, kernel.sendfile(pair.fd, fd, content.length, 1000));
        }
        assertEquals(-Errno.EBADF, kernel.sendfile(-1, fd, 0, 1));
        assertEquals(-Errno.EBADF, kernel.pread(-1, read, 0, 1, 0));
        assertEquals(-Errno.EBADF, kernel.statx(-1, statx));
    }

    @Test
    void aDirectoryIsNotARegularFile() {
        Statx statx = new Statx();
        assertEquals(0, kernel.statx(open(directory), statx));
        assertFalse(statx.isRegularFile());
    }

    @Test
    void pathsThatCanNotBeAreRefused() {
        assertEquals(-Errno.ENOENT, kernel.open(bytes(directory.resolve("none").toString()), Linux.O_RDONLY));
        assertEquals(-Errno.EINVAL, kernel.open(bytes("/etc/passwd\0.html"), Linux.O_RDONLY));
        assertEquals(-Linux.ENAMETOOLONG, kernel.open(bytes("/" + "x".repeat(5_000)), Linux.O_RDONLY));
        assertEquals(-Linux.ENAMETOOLONG, kernel.open(new byte[Kernel.TRANSFER_MAX_BYTES], Linux.O_RDONLY));
    }

    @Test
    void epollTellsTheWordsOfWhatIsReady() {
        int epoll = remember(kernel.epoll_create1(Linux.EPOLL_CLOEXEC));
        int[] events = new int[3];
        for (int i = 0; i < events.length; i++) {
            events[i] = remember(kernel.eventfd(0, Linux.EFD_NONBLOCK | Linux.EFD_CLOEXEC));
            assertEquals(0, kernel.epoll_ctl(epoll, Linux.EPOLL_CTL_ADD, events[i], Linux.EPOLLIN | Linux.EPOLLET,
                    Long.MAX_VALUE - i));
        }
        assertEquals(0, kernel.epoll_wait(epoll, 0));

        assertEquals(Long.BYTES, kernel.write(events[2], 1));
        assertEquals(Long.BYTES, kernel.write(events[0], 1));
        assertEquals(2, kernel.epoll_wait(epoll, WAIT_MILLIS));
        assertEquals(List.of(Long.MAX_VALUE - 2, Long.MAX_VALUE), List.of(kernel.eventData(0), kernel.eventData(1)));
        assertEquals(Linux.EPOLLIN, kernel.eventBits(1));
        assertEquals(0, kernel.epoll_wait(epoll, 0), "the edge was repeated");
    }

    /** What the wake-up rests on: an eventfd that is never read gives an edge for each write. */
    @Test
    void eachWriteToAnEventfdIsAnEdge() {
        int epoll = remember(kernel.epoll_create1(Linux.EPOLL_CLOEXEC));
        int event = remember(kernel.eventfd(0, Linux.EFD_NONBLOCK | Linux.EFD_CLOEXEC));
        kernel.epoll_ctl(epoll, Linux.EPOLL_CTL_ADD, event, Linux.EPOLLIN | Linux.EPOLLET, 1);
        for (int i = 0; i < 10; i++) {
            assertEquals(Long.BYTES, kernel.write(event, 1));
            assertEquals(1, kernel.epoll_wait(epoll, WAIT_MILLIS));
        }
    }

    @Test
    void epollSaysWhatIsWrong() {
        int epoll = remember(kernel.epoll_create1(Linux.EPOLL_CLOEXEC));
        int event = remember(kernel.eventfd(0, 0));
        assertEquals(0, kernel.epoll_ctl(epoll, Linux.EPOLL_CTL_ADD, event, Linux.EPOLLIN, 1));
        assertEquals(-17, kernel.epoll_ctl(epoll, Linux.EPOLL_CTL_ADD, event, Linux.EPOLLIN, 1), "EEXIST");
        assertEquals(-Errno.EINVAL, kernel.epoll_create1(-1));
        assertEquals(-Errno.EINVAL, kernel.eventfd(0, -1));
        assertEquals(-Errno.EINVAL, kernel.epoll_wait(event, 0));
        assertEquals(-Errno.EBADF, kernel.write(-1, 1));
    }

    @Test
    void aClosedDescriptorIsGone() {
        int fd = kernel.eventfd(0, 0);
        assertEquals(0, kernel.close(fd));
        assertEquals(-Errno.EBADF, kernel.close(-1));
    }

    @Test
    void aCloseBehindLingerResetsTheConnection() throws IOException {
        Pair pair = connect();
        kernel.setsockopt(pair.fd, Linux.SOL_SOCKET, Linux.SO_LINGER, Linger.RESET);
        descriptors.remove((Integer) pair.fd);
        assertEquals(0, kernel.close(pair.fd));
        assertThrows(SocketException.class, () -> pair.client.getInputStream().read());
        pair.client.close();
    }

    @Test
    void theSymbolsAreThere() {
        assertEquals(Optional.empty(), Symbols.missing());
        assertTrue(Symbols.find("no_such_function_anywhere").isEmpty());
    }

    /** A connected descriptor and its client. */
    private final class Pair implements AutoCloseable {
        private final Socket client;
        private final int fd;

        Pair(Socket client, int fd) {
            this.client = client;
            this.fd = fd;
        }

        @Override
        public void close() throws IOException {
            client.close();
        }
    }

    private Pair connect() throws IOException {
        int listener = listener();
        Socket client = new Socket("127.0.0.1", nameOf(listener).port());
        await(listener, Linux.EPOLLIN);
        int fd = remember(kernel.accept4(listener, new SockaddrStorage(), Linux.SOCK_NONBLOCK));
        return new Pair(client, fd);
    }

    private int listener() {
        int fd = socket(Linux.AF_INET);
        assertEquals(0, kernel.bind(fd, new SockaddrIn(0, LOOPBACK)));
        assertEquals(0, kernel.listen(fd, 5));
        return fd;
    }

    private void await(int fd, int events) {
        int epoll = kernel.epoll_create1(0);
        kernel.epoll_ctl(epoll, Linux.EPOLL_CTL_ADD, fd, events, 1);
        assertEquals(1, kernel.epoll_wait(epoll, WAIT_MILLIS), "nothing happened");
        kernel.close(epoll);
    }

    private Sockaddr nameOf(int fd) {
        SockaddrStorage name = new SockaddrStorage();
        assertEquals(0, kernel.getsockname(fd, name));
        return name.address();
    }

    private int socket(int family) {
        return remember(kernel.socket(family, Linux.SOCK_STREAM | Linux.SOCK_NONBLOCK | Linux.SOCK_CLOEXEC, 0));
    }

    private int open(Path path) {
        int fd = remember(kernel.open(bytes(path.toString()), Linux.O_RDONLY | Linux.O_CLOEXEC));
        assertTrue(fd >= 0);
        return fd;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private int remember(int fd) {
        if (fd >= 0) {
            descriptors.add(fd);
        }
        return fd;
    }
}
