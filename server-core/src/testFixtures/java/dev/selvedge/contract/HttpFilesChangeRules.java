package dev.selvedge.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvedge.contract.FilesByteRanges.Part;
import dev.selvedge.server.Limits;
import dev.selvedge.server.files.StaticFiles;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Files that change between the look at them and the sending, and while they are sent: nobody gets the head of one and
 * the body of another, less than was promised without noticing, or anything from outside.
 */
@EnabledOnOs(OS.LINUX)
public abstract class HttpFilesChangeRules extends HttpSuite {

    private static final String TARGET = "/sub/file.bin";

    /** More than the buffers of sockets take. */
    private static final int SLOW_BYTES = 8 << 20;

    private Path root;
    private Path file;

    @BeforeEach
    void makeRoot() throws IOException {
        root = Files.createTempDirectory(directory, "change").resolve("site");
        file = root.resolve("sub").resolve("file.bin");
        Files.createDirectories(file.getParent());
        Files.write(root.resolve("next.txt"), latin1("next"));
    }

    /** JUnit complains of links that lead out of its directory. */
    @AfterEach
    void removeLinks() throws IOException {
        FilesChange.removeLinks(directory);
    }

    private byte[] write(int size) throws IOException {
        byte[] content = FilesChange.random(1, size);
        Files.write(file, content);
        Files.setLastModifiedTime(file, FileTime.from(HttpFilesSuite.MODIFIED));
        return content;
    }

    private StaticFiles stale() {
        return StaticFiles.builder(root).recheckAfter(Duration.ofHours(1)).build();
    }

    private static List<String> links() {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            List<String> links = new ArrayList<>();
            descriptors.forEach(descriptor -> {
                try {
                    links.add(Files.readSymbolicLink(descriptor).toString());
                } catch (IOException closed) {
                    // That is how it should be.
                }
            });
            return links;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Returns how many descriptors of files in the directory of this test there are. */
    private long open() {
        String prefix = root.getParent().toString();
        return links().stream().filter(link -> link.startsWith(prefix)).count();
    }

    private void awaitNoDescriptor() {
        await("no descriptor", () -> open() == 0);
    }

    // ---- between the look and the sending

    /** A request, of which {@code TAG} stands for the tag of the file as it was. */
    private static final List<List<String>> REQUESTS = List.of(
            List.of("GET"),
            List.of("HEAD"),
            List.of("GET", "Range: bytes=3-9"),
            List.of("GET", "Range: bytes=9-"),
            List.of("GET", "Range: bytes=-9"),
            List.of("GET", "Range: bytes=3-9", "If-Range: TAG"),
            List.of("GET", "Range: bytes=3-9,12-13"),
            List.of("GET", "Range: bytes=-9,0-0", "If-Range: TAG"),
            List.of("GET", "If-None-Match: TAG"),
            List.of("GET", "If-Match: TAG"));

    @ParameterizedTest
    @EnumSource
    void aFileThatHasChangedSinceItWasLookedUpIsAnsweredAsOneOrTheOther(FilesChange change) throws Exception {
        for (int size : new int[] {1_000, 100_000}) {
            makeRoot();
            serve(stale());
            HttpWire wire = connect();
            for (List<String> request : REQUESTS) {
                Path folder = Files.createDirectory(root.resolve("sub" + REQUESTS.indexOf(request)));
                file = folder.resolve("file.bin");
                String target = "/" + folder.getFileName() + "/file.bin";
                byte[] old = write(size);
                try (HttpLog log = new HttpLog()) {
                    HttpReply before = wire.send(get(target)).read("GET");
                    assertArrayEquals(old, before.content());
                    byte[] now = change.apply(file);

                    String[] fields = request.stream().skip(1)
                            .map(field -> field.replace("TAG", before.first("ETag"))).toArray(String[]::new);
                    wire.send(request(request.getFirst(), target, fields) + get("/next.txt"));

                    HttpReply reply = wire.read(request.getFirst());
                    assertIsOneOrTheOther(reply, request, before, now);
                    assertEquals("next", wire.read("GET").text(), "the connection goes on");
                    assertEquals(List.of(), log.messages(Level.SEVERE));
                }
            }
            awaitNoDescriptor();
            server().closeNow();
        }
    }

    private static void assertIsOneOrTheOther(HttpReply reply, List<String> request, HttpReply before, byte[] now) {
        String what = request + " " + reply;
        byte[] old = before.content();
        boolean fromMemory = old.length < 64 << 10;
        assertFalse(reply.text().contains(FilesChange.SECRET), what);
        switch (reply.status()) {
            case 200 -> {
                boolean isOld = before.first("ETag").equals(reply.first("ETag"));
                byte[] expected = isOld ? old : now;
                assertTrue(expected != null && (!isOld || fromMemory || request.contains("HEAD")), what);
                assertEquals("" + expected.length, reply.first("Content-Length"), what);
                if (!request.contains("HEAD")) {
                    assertArrayEquals(expected, reply.content(), what);
                }
                assertTrue(request.stream().noneMatch(field -> field.startsWith("Range")) || !isOld
                        || reply.first("ETag").startsWith("W/") || expected.length == 0, what);
            }
            case 206 -> {
                boolean isOld = before.first("ETag").equals(reply.first("ETag"));
                byte[] expected = isOld ? old : now;
                assertTrue(expected != null && (!isOld || fromMemory), what);
                for (Part part : parts(reply)) {
                    assertEquals(expected.length, part.of(), what);
                    assertArrayEquals(HttpFilesSuite.part(expected, part.first(), part.last() - part.first() + 1),
                            part.content(), what);
                }
                assertTrue(isOld || !request.contains("If-Range: TAG"), what);
            }
            case 304 -> assertTrue(request.contains("If-None-Match: TAG"), what);
            case 412 -> assertTrue(request.contains("If-Match: TAG") && (now != null || isWeak(before)), what);
            case 416 -> assertEquals("bytes */" + now.length, reply.first("Content-Range"), what);
            case 404 -> assertEquals(null, now, what);
            default -> throw new AssertionError(what);
        }
    }

    private static boolean isWeak(HttpReply reply) {
        return reply.first("ETag").startsWith("W/");
    }

    private static List<Part> parts(HttpReply reply) {
        String range = reply.first("Content-Range");
        if (range == null) {
            return FilesByteRanges.parse(reply);
        }
        String[] numbers = range.substring("bytes ".length()).split("[-/]");
        Part part = new Part(Long.parseLong(numbers[0]), Long.parseLong(numbers[1]), Long.parseLong(numbers[2]), null,
                reply.content());
        assertEquals(part.last() - part.first() + 1, part.content().length, reply::toString);
        return List.of(part);
    }

    @ParameterizedTest
    @EnumSource
    void afterAChangeTheNextLookFindsIt(FilesChange change) throws IOException {
        for (int size : new int[] {1_000, 100_000}) {
            makeRoot();
            write(size);
            serve(StaticFiles.builder(root).recheckAfter(Duration.ZERO).build());
            String tag = exchange(get(TARGET)).first("ETag");

            byte[] now = change.apply(file);

            HttpReply reply = exchange(get(TARGET, "If-None-Match: " + tag));
            assertEquals(now == null ? 404 : 200, reply.status(), reply::toString);
            if (now != null) {
                assertArrayEquals(now, reply.content());
                assertNotEquals(tag, reply.first("ETag"));
            }
            awaitNoDescriptor();
            server().closeNow();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"fallback", "404"})
    void aPageThatStandsForOthersMayChangeToo(String kind) throws IOException {
        byte[] old = write(100_000);
        StaticFiles.Builder builder = StaticFiles.builder(root).recheckAfter(Duration.ofHours(1));
        serve((kind.equals("404") ? builder.notFoundPage(TARGET) : builder.fallback(TARGET)).build());
        HttpReply before = exchange(get("/nothing"));
        assertEquals(kind.equals("404") ? 404 : 200, before.status());
        assertArrayEquals(old, before.content());

        byte[] now = FilesChange.REPLACED.apply(file);

        HttpReply reply = exchange(get("/nothing"));
        assertEquals(before.status(), reply.status());
        if (before.status() == 200) {
            assertArrayEquals(now, reply.content());
        } else {
            assertFalse(Set.of(old.length, now.length).contains(reply.content().length)
                    && !Arrays.equals(now, reply.content()), "a mixture of two pages");
        }
    }

    // ---- tags

    @ParameterizedTest
    @ValueSource(ints = {1_000, 100_000})
    void noTwoContentsEverHaveTheSameTagNotEvenWithTheSameSizeAndTime(int size) throws IOException {
        serve(StaticFiles.builder(root).recheckAfter(Duration.ZERO).build());
        HttpWire wire = connect();
        Set<String> tags = new HashSet<>();
        StringBuilder all = new StringBuilder("\"none\"");
        for (int i = 0; i < 40; i++) {
            byte[] content = FilesChange.random(i, size);
            if (i % 4 == 3) {
                Files.delete(file);
            }
            Files.write(file, content);
            Files.setLastModifiedTime(file, FileTime.from(HttpFilesSuite.MODIFIED));

            HttpReply reply = wire.send(get(TARGET, "If-None-Match: " + all)).read("GET");

            assertEquals(200, reply.status(), "change " + i + " is not seen");
            assertArrayEquals(content, reply.content());
            String tag = reply.first("ETag").replaceFirst("^W/", "");
            assertTrue(tags.add(tag), "a tag twice: " + tag);
            all.append(", ").append(tag);
        }
    }

    @Test
    void theTagOfALargeFileIsStrongInTheEndAndLasts() throws IOException {
        write(100_000);
        serve(StaticFiles.builder(root).recheckAfter(Duration.ZERO).build());
        HttpWire wire = connect();
        await("a strong tag", () -> {
            try {
                return !isWeak(wire.send(request("HEAD", TARGET)).read("HEAD"));
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        String tag = wire.send(get(TARGET)).read("GET").first("ETag");

        serve(stale());

        assertEquals(tag, exchange(get(TARGET)).first("ETag"), "the same for every server");
        assertEquals(206, exchange(get(TARGET, "Range: bytes=0-0", "If-Range: " + tag)).status());
    }

    // ---- while it is sent

    @ParameterizedTest
    @EnumSource
    void aFileThatChangesWhileItIsSentArrivesAsItWasOrIsCut(FilesChange change) throws Exception {
        boolean simple = !List.of(FilesChange.REPLACED, FilesChange.DELETED, FilesChange.EMPTIED).contains(change);
        for (String range : simple ? List.of("X-None: x")
                : List.of("X-None: x", "Range: bytes=1000-", "Range: bytes=0-6000000,6000002-8000000")) {
            makeRoot();
            byte[] old = write(SLOW_BYTES);
            serve(stale());
            try (HttpLog log = new HttpLog()) {
                HttpWire slow = connect();
                HttpReply head = slow.send(get(TARGET, range)).replies.readHead("GET");
                assertTrue(head.status() == 200 || head.status() == 206, head::toString);
                await("the file is open", () -> open() == 1);

                change.apply(file);

                try {
                    assertArrives(slow.replies.readContent(head), old, change.keepsOctets());
                    assertFalse(change.cutsOff(), "it must not look whole");
                } catch (IOException cut) {
                    assertTrue(change.cutsOff(), "it is cut without need");
                }
                assertEquals("next", exchange(get("/next.txt")).text());
                assertTrue(change.cutsOff() || log.messages(Level.SEVERE).isEmpty(), log.records().toString());
            }
            awaitNoDescriptor();
            server().closeNow();
        }
    }

    private static void assertArrives(HttpReply reply, byte[] old, boolean sameOctets) {
        List<Part> parts = reply.status() != 200 ? parts(reply)
                : List.of(new Part(0, old.length - 1, old.length, null, reply.content()));
        for (Part part : parts) {
            int first = Math.toIntExact(part.first());
            int end = Math.toIntExact(part.last() + 1);
            assertEquals(end - first, part.content().length);
            assertTrue(!sameOctets || Arrays.equals(old, first, end, part.content(), 0, end - first), part::toString);
        }
    }

    // ---- many readers

    @Test
    void slowReadersHoldADescriptorEachAndNoThread() throws Exception {
        int readers = 60;
        Files.createFile(file);
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(1L << 30);
        }
        for (int i = 0; i < 20; i++) {
            Files.write(root.resolve(i + ".txt"), latin1("cold " + i));
        }
        start(builder(stale()).limits(Limits.DEFAULT.withMaxBlockingHandlers(2)));
        List<HttpWire> slow = new ArrayList<>();
        for (int i = 0; i < readers; i++) {
            HttpWire wire = closedLater(new HttpWire(server().addresses().getFirst(), 10_000));
            HttpReply head = wire.send(get(TARGET, i % 2 == 0 ? "X-None: x" : "Range: bytes=1-1000000000"))
                    .replies.readHead("GET");
            assertEquals(i % 2 == 0 ? 200 : 206, head.status(), head::toString);
            slow.add(wire);
        }
        await("one descriptor for each", () -> open() == readers);

        for (int i = 0; i < 20; i++) {
            assertEquals("cold " + i, exchange(get("/" + i + ".txt")).text(), "files that were never looked up");
        }
        assertEquals(readers, open());

        for (HttpWire wire : slow) {
            wire.reset();
        }
        awaitNoDescriptor();
    }

    @Test
    void aFifoIsNeverOpened() throws IOException {
        FilesChange.makeFifo(root.resolve("fifo"));
        FilesChange.makeFifo(root.resolve("index.html"));
        FilesChange.makeFifo(root.resolve("next.txt.gz"));
        serve(StaticFiles.builder(root).precompressed(true).cleanUrls(true).build());
        for (String target : List.of("/fifo", "/fifo/", "/fifo/x", "/", "/index.html", "/index", "/next.txt.gz")) {
            assertEquals(404, exchange(get(target)).status(), target);
        }
        assertEquals("next", exchange(get("/next.txt", "Accept-Encoding: gzip")).text());
    }

    // ---- archives

    @ParameterizedTest
    @ValueSource(strings = {"/cold.txt", "/cold.bin"})
    void anArchiveSurvivesAnInterruptedThread(String target) throws Exception {
        var content = new java.util.TreeMap<String, byte[]>();
        content.put("cold.txt", latin1("cold"));
        content.put("cold.bin", FilesChange.random(3, 300_000));
        for (FilesSource source : List.of(FilesSource.ZIP, FilesSource.JAR)) {
            source.write(root, content, FileTime.from(HttpFilesSuite.MODIFIED));
            StaticFiles files = source.open(root, this::closedLater).build();
            try (HttpLog log = new HttpLog()) {
                serve(request -> {
                    Thread.currentThread().interrupt();
                    return files.handle(request);
                });
                connect().send(get(target)).socket.getInputStream().read();
                serve(files);

                assertArrayEquals(content.get(target.substring(1)), exchange(get(target)).content(), source.toString());
                assertEquals(List.of(), log.messages(Level.SEVERE));
            }
        }
    }
}
