package dev.selvedge.faults;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A server that has no descriptor left serves those whom it has, at rest, and the others as soon as it can. This one is
 * quick enough for {@code mvn verify}, too.
 */
@Tag("quick")
class DescriptorsTest {

    private static final int OPEN_FILES = 256;
    private static final int CLIENTS = 400;
    private static final int FILE_BYTES = 300_000;

    private static final Duration AT_REST = Duration.ofSeconds(1);
    private static final String HELLO = Wire.get("/hello");

    @TempDir
    Path directory;

    /**
     * With the default limit connections stop short of the descriptors, and there is room for files. With 1000 accept
     * meets EMFILE, and so does who wants a file.
     */
    @ParameterizedTest
    @CsvSource({"epoll, 0", "nio, 0", "epoll, 1000", "nio, 1000"})
    void aServerWithoutDescriptorsGoesOn(String transport, int maxConnections) throws Exception {
        Files.write(directory.resolve("file"), Octets.of(0, FILE_BYTES));
        try (Child child = Child.Settings.of(transport).withOpenFiles(OPEN_FILES).withMaxConnections(maxConnections)
                .withDirectory(directory).start()) {
            child.awaitStart();
            List<Wire> waiting = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                waiting.add(new Wire(child.port()).send(HELLO));
            }
            List<Wire> served = takeServed(waiting, 100);
            int percent = child.cpuPercentDuring(AT_REST);
            served.addAll(takeServed(waiting, 0));
            int inTime = served.size();
            int descriptors = child.descriptors();
            for (Wire each : served) {
                hello(each.send(HELLO));
            }
            int files = files(served, maxConnections == 0);

            Duration recovery = letTheOthersIn(served, waiting);

            child.figures("descriptors", "ulimit -n %d, maxConnections %s: %d of %d connections served, %d descriptors"
                    + " in use, %d %% of a processor at rest, %d of %d files sent meanwhile; all others served %d ms"
                    + " after the first close", OPEN_FILES, maxConnections == 0 ? "by default" : maxConnections, inTime,
                    CLIENTS, descriptors, percent, files, inTime, recovery.toMillis());
            assertTrue(inTime > 100 && inTime < OPEN_FILES, inTime + " were served");
            assertTrue(percent < 20, percent + " % of a processor while there is nothing to do");
            assertTrue(recovery.toSeconds() < 10, "recovered in " + recovery);
            assertTrue(maxConnections == 0 || child.log().contains("EMFILE"), child.log());
            assertTrue(child.warnings() <= 2, child.log());     // each thing that is short is said once
            assertFalse(child.log().contains("SEVERE"), child.log());
        }
    }

    /** Takes from those who wait the ones that are answered, when there are as many as this. */
    private static List<Wire> takeServed(List<Wire> waiting, int atLeast) throws IOException {
        List<Wire> served = new ArrayList<>();
        long begin = System.nanoTime();
        do {
            for (Iterator<Wire> each = waiting.iterator(); each.hasNext();) {
                Wire wire = each.next();
                if (wire.hasAnswer()) {
                    hello(wire);
                    served.add(wire);
                    each.remove();
                }
            }
            assertTrue(System.nanoTime() - begin < 20_000_000_000L, "only " + served.size() + " are served");
            Thread.onSpinWait();
        } while (served.size() < atLeast);
        return served;
    }

    private static void hello(Wire wire) throws IOException {
        assertEquals(ServerProgram.HELLO, wire.read("GET").text());
    }

    /** Asks each for a file. Where there is no descriptor for it, the answer says so; that connection ends. */
    private static int files(List<Wire> served, boolean always) throws IOException {
        int files = 0;
        for (Wire each : served) {
            Wire.Reply reply = each.send(Wire.get("/file/file")).read("GET");
            if (reply.status() == 200) {
                assertArrayEquals(Octets.of(0, FILE_BYTES), reply.content());
                files++;
            } else {
                assertFalse(always, reply.head()::toString);
                assertEquals(503, reply.status());
                assertTrue(reply.head().fields().containsKey("retry-after"));
            }
        }
        return files;
    }

    /** Closes those who were served, until all were; returns how long that took. */
    private static Duration letTheOthersIn(List<Wire> first, List<Wire> waiting) throws Exception {
        List<Wire> served = first;
        long begin = System.nanoTime();
        while (!waiting.isEmpty()) {
            int closed = served.size();
            for (Wire each : served) {
                each.close();
            }
            served = takeServed(waiting, Math.min(closed, waiting.size()) / 2);
        }
        long time = System.nanoTime() - begin;
        for (Wire each : served) {
            Wire.Reply reply = each.send(Wire.get("/file/file")).read("GET");
            assertArrayEquals(Octets.of(0, FILE_BYTES), reply.content());
            each.close();
        }
        return Duration.ofNanos(time);
    }
}
