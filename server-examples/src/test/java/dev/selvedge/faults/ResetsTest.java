package dev.selvedge.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Clients that reset their connection, at any stage and many times, leave nothing behind. */
@Tag("faults")
@Timeout(120)
class ResetsTest {

    private static final int ROUNDS = 500;

    @TempDir
    Path directory;

    /** What a client does before it resets its connection. */
    private interface Stage {
        void reach(Wire wire) throws IOException;
    }

    private static Map<String, Stage> stages() {
        String post = "POST /%s HTTP/1.1\r\nHost: a\r\n";
        Map<String, Stage> stages = new LinkedHashMap<>();
        stages.put("connected", wire -> { });
        stages.put("in the head", wire -> wire.send("GET /hello HTTP/1.1\r\nHo"));
        stages.put("in a body", wire -> wire.send(post.formatted("echo") + "Content-Length: 100\r\n\r\nabc"));
        stages.put("in a streamed body", wire -> wire.send(post.formatted("check")
                + "Transfer-Encoding: chunked\r\n\r\n40\r\n").send(Octets.of(0, 20)));
        stages.put("handler at work", wire -> wire.send(Wire.get("/slow?ms=20")));
        stages.put("before the response", wire -> wire.send(Wire.get("/large")));
        stages.put("in the response", wire -> wire.send(Wire.get("/large")).readHead());
        stages.put("in a file", wire -> wire.send(Wire.get("/file/file")).readHead());
        stages.put("in a stream", wire -> wire.send(Wire.get("/stream?n=10000000")).readHead());
        stages.put("after the response", wire -> wire.send(Wire.get("/hello")).read("GET"));
        stages.put("between pipelined ones", wire -> wire.send(
                (Wire.get("/hello") + Wire.get("/slow?ms=5") + Wire.get("/stream?n=100000")).repeat(5)).read("GET"));
        stages.put("after a refusal", wire -> wire.send("nonsense\r\n\r\n").readHead());
        return stages;
    }

    @ParameterizedTest
    @CsvSource({"epoll, false", "nio, false", "epoll, true", "nio, true"})
    void nothingIsLeft(String transport, boolean blocking) throws Exception {
        Files.write(directory.resolve("file"), Octets.of(0, ServerProgram.LARGE));
        Map<String, Stage> stages = stages();
        try (Child child = Child.Settings.of(transport).withBlocking(blocking).withHeap("64m")
                .withDirectory(directory).start()) {
            resetAll(child, stages, 20);
            child.awaitNoConnection(Duration.ofSeconds(10));
            int descriptors = child.descriptors();
            long heap = child.statisticsOfLiveObjects().heapBytes();
            long begin = System.nanoTime();

            resetAll(child, stages, ROUNDS);

            long time = System.nanoTime() - begin;
            child.awaitNoConnection(Duration.ofSeconds(10));
            long heapAfter = child.statisticsOfLiveObjects().heapBytes();
            child.figures("resets", "%s handlers: %d resets at each of %d stages in %.1f s; descriptors %d, before %d;"
                    + " heap in use %d KiB, before %d KiB; nothing logged", blocking ? "blocking" : "non-blocking",
                    ROUNDS, stages.size(), time / 1e9, child.descriptors(), descriptors, heapAfter >> 10, heap >> 10);
            assertTrue(child.descriptors() <= descriptors, child.descriptors() + " descriptors");
            assertTrue(heapAfter < heap + (2 << 20), heapAfter + " octets of heap, before " + heap);
            assertEquals("", child.log());
        }
    }

    private static void resetAll(Child child, Map<String, Stage> stages, int rounds) throws IOException {
        for (int i = 0; i < rounds; i++) {
            for (Stage stage : stages.values()) {
                Wire wire = new Wire(child.port());
                stage.reach(wire);
                wire.reset();
            }
            Wire wire = new Wire(child.port());
            assertEquals(ServerProgram.HELLO, wire.send(Wire.get("/hello")).read("GET").text());
            wire.reset();
        }
    }
}
