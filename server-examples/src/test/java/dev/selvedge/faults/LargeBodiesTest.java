package dev.selvedge.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A gibibyte goes either way, octet by octet the same, through a server with 64 MiB of heap, past slow peers. */
@Tag("faults")
@Timeout(300)
class LargeBodiesTest {

    private static final long GIBIBYTE = 1L << 30;
    private static final int PAUSE_EVERY = 8 << 20;
    private static final int PAUSE_MILLIS = 100;

    @TempDir
    static Path directory;

    @BeforeAll
    static void writeFile() throws IOException {
        try (OutputStream out = Files.newOutputStream(directory.resolve("gibibyte"))) {
            Octets.write(out, GIBIBYTE);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "nio"})
    void aGibibyteEachWay(String transport) throws Exception {
        Map<String, Callable<Long>> transfers = new LinkedHashMap<>();
        try (Child child = Child.Settings.of(transport).withHeap("64m").withDirectory(directory).start();
                ExecutorService threads = Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
            transfers.put("file", () -> download(child, "/file/gibibyte"));
            transfers.put("stream with a length", () -> download(child, "/stream?length&n=" + GIBIBYTE));
            transfers.put("stream in chunks", () -> download(child, "/stream?n=" + GIBIBYTE));
            transfers.put("upload with a length", () -> upload(child, false, PAUSE_MILLIS, 0));
            transfers.put("upload in chunks", () -> upload(child, true, PAUSE_MILLIS, 0));
            transfers.put("upload with a length to a slow handler", () -> upload(child, false, 0, PAUSE_MILLIS));
            transfers.put("upload in chunks to a slow handler", () -> upload(child, true, 0, PAUSE_MILLIS));
            long begin = System.nanoTime();
            Map<String, Future<Long>> results = new LinkedHashMap<>();
            transfers.forEach((name, transfer) -> results.put(name, threads.submit(() -> {
                assertEquals(GIBIBYTE, transfer.call());
                return (System.nanoTime() - begin) / 1_000_000_000;
            })));
            Map<String, Long> seconds = new LinkedHashMap<>();
            for (Map.Entry<String, Future<Long>> each : results.entrySet()) {
                seconds.put(each.getKey(), each.getValue().get());
            }

            child.figures("a gibibyte", "%d at once, -Xmx64m, all octets right, seconds: %s; resident %d MiB at most",
                    transfers.size(), seconds, child.largestResidentMebibytes());
            assertEquals("", child.log());
            assertTrue(child.largestResidentMebibytes() < 300, child.largestResidentMebibytes() + " MiB");
        }
    }

    private static long download(Child child, String target) throws Exception {
        try (Wire wire = new Wire(child.port())) {
            Wire.Head head = wire.send(Wire.get(target)).readHead();
            assertEquals(200, head.status());
            return Octets.check(wire.body(head, "GET"), PAUSE_EVERY, PAUSE_MILLIS);
        }
    }

    private static long upload(Child child, boolean chunked, int pauseOfClient, int pauseOfHandler) throws Exception {
        try (Wire wire = new Wire(child.port())) {
            wire.send("POST /check?pause=" + pauseOfHandler + " HTTP/1.1\r\nHost: a\r\n"
                    + (chunked ? "Transfer-Encoding: chunked" : "Content-Length: " + GIBIBYTE) + "\r\n\r\n");
            OutputStream out = new BufferedOutputStream(wire.socket.getOutputStream(), 100_000);
            int piece = 65_521 * 16;
            for (long position = 0; position < GIBIBYTE; position += piece) {
                int length = (int) Math.min(piece, GIBIBYTE - position);
                if (chunked) {
                    out.write((Integer.toHexString(length) + "\r\n").getBytes());
                }
                Octets.write(out, length);
                if (chunked) {
                    out.write("\r\n".getBytes());
                }
                if (position / PAUSE_EVERY != (position + length) / PAUSE_EVERY) {
                    Thread.sleep(pauseOfClient);
                }
            }
            out.write((chunked ? "0\r\n\r\n" : "").getBytes());
            out.flush();
            Wire.Reply reply = wire.read("POST");
            assertEquals(200, reply.status());
            return Long.parseLong(reply.text());
        }
    }
}
