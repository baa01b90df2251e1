package dev.selvedge.faults;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A thousand clients that take a file of 1 GiB slowly, but as fast as they have to, cost the server one descriptor each
 * for the file, little memory and no thread; those who don't take enough are ended.
 */
@Tag("faults")
@Timeout(180)
class SlowDownloadsTest {

    private static final int CLIENTS = 1_000;
    private static final long FILE_BYTES = 1L << 30;

    /** Twice as much as the file has to move at least, and as little as shows the server that it moves. */
    private static final int BYTES_PER_SECOND = 4 * 1024;

    /** Longer than a client has that takes nothing. */
    private static final Duration WATCHED = Duration.ofSeconds(40);

    private static final int KIBIBYTES_EACH = 64;

    /** Code that is compiled, thread stacks and heap that grow whoever is there. */
    private static final int MEBIBYTES_FOR_ALL = 40;

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({"epoll, false", "nio, false", "epoll, true", "nio, true"})
    void theyCostLittleAndGetTheirs(String transport, boolean blocking) throws Exception {
        try (RandomAccessFile sparse = new RandomAccessFile(directory.resolve("file").toFile(), "rw")) {
            sparse.setLength(FILE_BYTES);
        }
        List<SocketChannel> clients = new ArrayList<>();
        try (Child child = Child.Settings.of(transport).withBlocking(blocking).withHeap("64m")
                .withDirectory(directory).start()) {
            child.awaitStart();
            warmUp(child.port());
            int descriptorsBefore = child.descriptors();
            int threadsBefore = child.threads().size();
            int residentBefore = child.residentMebibytes();
            Others others = new Others(child.port(), 20, 10, 10);
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(client(child.port()));
            }
            long[] taken = take(clients, WATCHED);
            int resident = child.residentMebibytes();
            int threads = child.threads().size();
            int descriptors = child.descriptors();
            Duration cpu = child.cpu();
            Child.Statistics during = child.statisticsOfLiveObjects();
            Others.Seen seen = others.end();
            for (SocketChannel each : clients) {
                each.close();
            }
            Duration ended = child.awaitNoConnection(Duration.ofSeconds(20));

            child.figures("slow downloads", "%s handlers, -Xmx64m: %d clients of a file of 1 GiB, %d B/s each: resident"
                    + " %d MiB (%d MiB before), heap in use %d MiB, %d threads (%d before), %d descriptors (%d before,"
                    + " %d behind), %.1f s of a processor; all ended %d ms after they left; meanwhile %s",
                    blocking ? "blocking" : "non-blocking", CLIENTS, BYTES_PER_SECOND, resident, residentBefore,
                    during.heapBytes() >> 20, threads, threadsBefore, descriptors, descriptorsBefore,
                    child.descriptors(), cpu.toMillis() / 1e3, ended.toMillis(), seen);
            for (long each : taken) {
                assertTrue(each > BYTES_PER_SECOND * WATCHED.toSeconds() / 2, each + " octets");
            }
            assertTrue(resident - residentBefore < MEBIBYTES_FOR_ALL + CLIENTS * KIBIBYTES_EACH / 1024,
                    resident + " MiB");
            assertTrue(threads <= threadsBefore + 10, threads + " threads");
            assertTrue(seen.p99().toMillis() < 250, seen::toString);
            assertTrue(child.descriptors() <= descriptorsBefore, child.descriptors() + " descriptors");
            assertEquals("", child.log());
        } finally {
            for (SocketChannel each : clients) {
                each.close();
            }
        }
    }

    /** What a server needs whoever is there, it has afterwards. */
    private static void warmUp(int port) throws InterruptedException {
        Others others = new Others(port, 20, 10, 1);
        Thread.sleep(Duration.ofSeconds(3));
        others.end();
    }

    private static SocketChannel client(int port) throws IOException {
        SocketChannel channel = SocketChannel.open();
        channel.setOption(StandardSocketOptions.SO_RCVBUF, 8 * 1024);
        channel.connect(new InetSocketAddress("127.0.0.1", port));
        channel.write(ByteBuffer.wrap(Wire.get("/file/file").getBytes(ISO_8859_1)));
        channel.configureBlocking(false);
        return channel;
    }

    /** Lets each client take its part of every second; returns how much each has taken. */
    private static long[] take(List<SocketChannel> clients, Duration time) throws IOException, InterruptedException {
        long[] taken = new long[clients.size()];
        ByteBuffer buffer = ByteBuffer.allocate(BYTES_PER_SECOND);
        for (int second = 0; second < time.toSeconds(); second++) {
            long end = System.nanoTime() + 1_000_000_000L;
            for (int i = 0; i < clients.size(); i++) {
                int n = clients.get(i).read(buffer.clear());
                assertTrue(n >= 0, "client " + i + " was ended after " + taken[i] + " octets");
                taken[i] += n;
            }
            Thread.sleep(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
        }
        return taken;
    }
}
