package dev.selvedge.epoll;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.selvedge.server.transport.Acceptance;
import dev.selvedge.server.transport.Channel;
import dev.selvedge.server.transport.Errno;
import dev.selvedge.server.transport.FileSource;
import dev.selvedge.server.transport.Listener;
import dev.selvedge.server.transport.Poller;
import dev.selvedge.server.transport.Readiness;
import dev.selvedge.server.transport.Transport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What epoll does beyond the contract of all transports, against the real kernel. */
@EnabledOnOs(OS.LINUX)
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EpollTransportTest {

    private static final long TEN_SECONDS = TimeUnit.SECONDS.toNanos(10);
    private static final long WITHOUT_END = -1;

    private Transport transport;
    private Poller poller;
    private Listener listener;
    private Socket client;

    @TempDir
    private Path directory;

    @BeforeEach
    void open() throws IOException {
        transport = new EpollTransportProvider().open();
        poller = transport.poller();
    }

    @AfterEach
    void close() throws IOException {
        if (client != null) {
            client.close();
        }
        if (listener != null) {
            listener.close();
        }
        poller.close();
        transport.close();
    }

    @Test
    void thePeersHangUpIsToldWithItsLastBytes() throws IOException {
        Channel channel = connect(new InetSocketAddress("127.0.0.1", 0));
        client.getOutputStream().write(new byte[] {1, 2, 3});
        client.close();
        int[] union = {0};
        assertEquals(0, poller.add(channel, readiness -> union[0] |= readiness));
        while ((union[0] & Readiness.HANG_UP) == 0) {
            assertTrue(poller.poll(TEN_SECONDS) > 0, "no hang-up was told");
        }

        assertTrue((union[0] & Readiness.READABLE) != 0);
        assertEquals(3, channel.read(new byte[10], 0, 10));
        assertEquals(0, channel.read(new byte[10], 0, 10));
        channel.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void theWildcardTakesBothFamiliesAndShowsTheRealAddresses(String host) throws IOException {
        listener = transport.listen(new InetSocketAddress(0), 5, 1 << 18);
        try {
            client = new Socket(host, listener.address().getPort());
        } catch (IOException e) {
            assumeTrue(!host.equals("::1"), "no IPv6 here");
            throw e;
        }
        Channel channel = accept();
        assertEquals(client.getLocalSocketAddress(), channel.remoteAddress());
        assertEquals(client.getRemoteSocketAddress(), channel.localAddress());
        assertEquals(host.contains("."), channel.remoteAddress().getAddress() instanceof Inet4Address);
        channel.close();
    }

    /** A sleeping loop, from many threads; the test ends at all only if no wake-up is lost. */
    @Test
    void noWakeUpIsLost() throws InterruptedException {
        int rounds = 2_000;
        AtomicInteger asked = new AtomicInteger();
        List<Thread> wakers = new ArrayList<>();
        for (int t = 0; t < 3; t++) {
            wakers.add(Thread.ofVirtual().start(() -> {
                for (int i = 0; i < rounds; i++) {
                    asked.incrementAndGet();
                    poller.wakeUp();
                    Thread.yield();
                }
            }));
        }
        while (asked.get() < 3 * rounds) {
            assertEquals(0, poller.poll(WITHOUT_END));
        }
        for (Thread waker : wakers) {
            waker.join();
        }
    }

    /** The descriptor of a closed poller belongs to somebody else at once: nobody may write eight bytes to it. */
    @Test
    void aWakeUpDoesNotReachTheNextUserOfTheDescriptor() throws Exception {
        for (int round = 0; round < 200; round++) {
            Poller ending = transport.poller();
            Thread waker = Thread.ofPlatform().start(() -> {
                for (int i = 0; i < 20; i++) {
                    ending.wakeUp();
                }
            });
            ending.poll(TEN_SECONDS);
            ending.close();
            Path file = directory.resolve("file" + round);
            try (var output = Files.newOutputStream(file)) {
                waker.join();
                output.write(1);
            }
            assertEquals(1, Files.size(file));
        }
    }

    /** The loop closes connections while virtual threads write to them, and new ones take the numbers at once. */
    @Test
    void bytesNeverReachTheNextConnection() throws Exception {
        listener = transport.listen(new InetSocketAddress("127.0.0.1", 0), 50, 1 << 18);
        byte[] poison = "poison".getBytes(StandardCharsets.US_ASCII);
        poller.poll(0);
        for (int round = 0; round < 300; round++) {
            client = new Socket("127.0.0.1", listener.address().getPort());
            Channel old = accept();
            assertEquals(0, poller.add(old, readiness -> { }));
            Thread writer = Thread.startVirtualThread(() -> {
                int n;
                do {
                    n = old.write(poison, 0, poison.length);
                } while (n > 0 || n == -Errno.EAGAIN);
                assertTrue(n < 0);
            });
            try (Socket next = new Socket("127.0.0.1", listener.address().getPort())) {
                old.abort();
                Channel fresh = accept();
                writer.join();
                assertEquals(0, fresh.shutdownOutput());
                assertEquals(-1, next.getInputStream().read(), "bytes of another connection");
                fresh.close();
            }
            client.close();
        }
    }

    @Test
    void aFileGoesToTheClientWithoutACopy() throws IOException {
        byte[] content = "0123456789".repeat(1000).getBytes(StandardCharsets.US_ASCII);
        Path file = Files.write(directory.resolve("a file, 100%"), content);
        Channel channel = connect(new InetSocketAddress("127.0.0.1", 0));
        try (FileSource source = transport.open(file)) {
            assertInstanceOf(EpollFile.class, source);
            assertEquals(content.length - 3, channel.sendFile(source, 3, Long.MAX_VALUE - 3));
            channel.close();
        }
        assertArrayEquals(Arrays.copyOfRange(content, 3, content.length),
                client.getInputStream().readAllBytes());
    }

    @Test
    void whatIsNotARegularFileIsRefusedWithoutWaiting() throws Exception {
        Path fifo = directory.resolve("fifo");
        assertEquals(0, new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor());
        for (Path path : List.of(fifo, directory, Path.of("/dev/zero"))) {
            FileSystemException e = assertThrows(FileSystemException.class, () -> transport.open(path));
            assertEquals("not a regular file", e.getReason());
        }
        assertThrows(NoSuchFileException.class, () -> transport.open(directory.resolve("none")));
    }

    @Test
    void serversMayStartAndStopAgainAndAgain() throws IOException {
        int before = descriptors();
        for (int i = 0; i < 50; i++) {
            try (Transport another = new EpollTransportProvider().open();
                    Poller itsPoller = another.poller();
                    Listener itsListener = another.listen(new InetSocketAddress("127.0.0.1", 0), 5, 1 << 18)) {
                assertEquals(0, itsPoller.add(itsListener, readiness -> { }));
                itsPoller.wakeUp();
                itsPoller.poll(0);
            }
        }
        assertEquals(before, descriptors());
    }

    private Channel connect(InetSocketAddress address) throws IOException {
        listener = transport.listen(address, 5, 1 << 18);
        client = new Socket(listener.address().getAddress(), listener.address().getPort());
        return accept();
    }

    /** A connection is in the queue when the client's connect has returned, at the latest a moment later. */
    private Channel accept() {
        for (;;) {
            Acceptance acceptance = listener.accept();
            if (acceptance instanceof Acceptance.Connected connected) {
                return connected.channel();
            }
            assertEquals(Acceptance.EMPTY, acceptance);
            Thread.onSpinWait();
        }
    }

    private static int descriptors() {
        try (var entries = Files.list(Path.of("/proc/self/fd"))) {
            return (int) entries.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
