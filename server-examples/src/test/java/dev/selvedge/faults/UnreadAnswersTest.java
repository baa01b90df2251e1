package dev.selvedge.faults;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
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
 * Clients that never read their answers get little memory, neither of the JVM nor of the system, and no time: a server
 * of 64 MiB bears 1,500 of them.
 */
@Tag("faults")
@Timeout(180)
class UnreadAnswersTest {

    private static final int CLIENTS_OF_EACH_KIND = 500;
    private static final int PAGE_KIBIBYTES = 4;
    private static final int ANSWER_BYTES = ServerProgram.LARGE;

    /** For one client and both ends: twice {@code Limits.maxUnsentBytes}, and a usual receive buffer, twice as well. */
    private static final int SYSTEM_KIBIBYTES = 2 * 256 + 2 * 128;

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({"epoll, false", "nio, false", "epoll, true", "nio, true"})
    void memoryIsBounded(String transport, boolean blocking) throws Exception {
        Files.write(directory.resolve("file"), Octets.of(0, ANSWER_BYTES));
        List<String> targets = List.of("/large", "/file/file", "/stream?n=" + ANSWER_BYTES);
        List<SocketChannel> clients = new ArrayList<>();
        try (Child child = Child.Settings.of(transport).withBlocking(blocking).withHeap("64m")
                .withDirectory(directory).start()) {
            int residentBefore = child.residentMebibytes();
            int systemBefore = systemMebibytes();
            Others others = new Others(child.port(), 20, 10, 10);
            long begin = System.nanoTime();
            for (int i = 0; i < CLIENTS_OF_EACH_KIND; i++) {
                for (String target : targets) {
                    SocketChannel channel = SocketChannel.open(new InetSocketAddress("127.0.0.1", child.port()));
                    channel.write(ByteBuffer.wrap(Wire.get(target).repeat(3).getBytes(ISO_8859_1)));
                    clients.add(channel);
                }
            }
            Child.Statistics during = child.statisticsOfLiveObjects();
            int largest = 0;
            int system = 0;
            while (child.statistics().open() > 30) {
                assertTrue(System.nanoTime() - begin < 90_000_000_000L, "some are never ended");
                largest = Math.max(largest, child.residentMebibytes());
                system = Math.max(system, systemMebibytes() - systemBefore);
                Thread.sleep(500);
            }
            long time = System.nanoTime() - begin;
            Others.Seen seen = others.end();

            child.figures("answers that nobody reads", "%s handlers, -Xmx64m: %d clients of each of %s; heap in use"
                    + " %d MiB, resident %d MiB at most (%d MiB before), system %d MiB for both ends; all ended within"
                    + " %.1f s; meanwhile %s",
                    blocking ? "blocking" : "non-blocking", CLIENTS_OF_EACH_KIND, targets,
                    during.heapBytes() >> 20, largest, residentBefore, system, time / 1e9, seen);
            assertTrue(largest < 400, largest + " MiB");
            assertTrue(system < clients.size() * SYSTEM_KIBIBYTES / 1024, system + " MiB of the system");
            assertTrue(seen.p99().toMillis() < 250, seen::toString);
            child.awaitNoConnection(Duration.ofSeconds(60));     // whoever took a little has twice 30 s once more
            assertEquals("", child.log());
        } finally {
            for (SocketChannel each : clients) {
                each.close();
            }
        }
    }

    /** Returns the memory that Linux has for the contents of all TCP connections, in MiB. */
    private static int systemMebibytes() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/net/sockstat"))) {
            if (line.startsWith("TCP:")) {
                return Integer.parseInt(line.replaceFirst(".* mem ", "")) * PAGE_KIBIBYTES / 1024;
            }
        }
        throw new IOException("no line for TCP in /proc/net/sockstat");
    }
}
