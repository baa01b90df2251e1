package dev.selvedge.clients;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvedge.server.Handler;
import dev.selvedge.server.HttpServer;
import dev.selvedge.server.Request;
import dev.selvedge.server.Response;
import dev.selvedge.server.Router;
import dev.selvedge.server.files.StaticFiles;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Logger;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs that fetch files meet static files: parts, several connections, cut downloads, what has not changed. */
@ParameterizedClass(name = "{0}")
@ValueSource(strings = {"auto", "nio"})
class DownloadsTest {

    private static final int LENGTH = 6 << 20;
    private static final int CUT_AT = 3 << 20;
    private static final byte[] LARGE = new byte[LENGTH];
    private static final String PAGE = "<!doctype html><title>Page</title><p>This is a page.\n".repeat(100);
    private static final Instant MODIFIED = Instant.parse("2026-01-02T03:04:05Z");

    private static final Logger LOG = Logger.getLogger("dev.selvedge.server");

    @TempDir
    private static Path files;

    @TempDir
    private Path directory;

    @Parameter
    private String transport;

    /**
     * What the server was asked and has said.
     *
     * @param range the request's Range, or empty
     * @param status the response's
     */
    private record Asked(String method, String range, int status) { }

    private final BlockingQueue<Asked> asked = new LinkedBlockingQueue<>();
    private final AtomicBoolean nextIsCut = new AtomicBoolean();

    @AutoClose
    private HttpServer server;

    /** That a download is cut is no news. */
    @BeforeAll
    static void silence() {
        LOG.setFilter(record -> record.getThrown() == null || !"cut".equals(record.getThrown().getMessage()));
    }

    @AfterAll
    static void speakAgain() {
        LOG.setFilter(null);
    }

    @BeforeAll
    static void write() throws IOException {
        new Random(6).nextBytes(LARGE);
        Files.write(files.resolve("large.bin"), LARGE);
        Files.writeString(files.resolve("page.html"), PAGE);
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(compressed)) {
            out.write(PAGE.getBytes(StandardCharsets.UTF_8));
        }
        Files.write(files.resolve("page.html.gz"), compressed.toByteArray());
        for (String name : List.of("large.bin", "page.html", "page.html.gz")) {
            Files.setLastModifiedTime(files.resolve(name), FileTime.from(MODIFIED));
        }
    }

    private String serve(String path) {
        server = HttpServer.builder().listen("localhost", 0).transport(transport)
                .handler(Router.builder().filter(this::note)
                        .mount("/", StaticFiles.builder(files).precompressed(true).build()).build())
                .start();
        return server.uri().resolve(path).toString();
    }

    private Response note(Request request, Handler next) throws Exception {
        Response response = next.handle(request);
        asked.add(new Asked(request.method(), request.header("Range").orElse(""), response.status()));
        return nextIsCut.getAndSet(false) ? cut(response) : response;
    }

    /** Makes a response that promises as much as another one, and breaks off. */
    private static Response cut(Response whole) {
        Response cut = Response.stream("application/octet-stream", LENGTH, out -> {
            out.write(LARGE, 0, CUT_AT);
            out.flush();
            throw new IOException("cut");
        });
        for (String name : List.of("ETag", "Last-Modified", "Accept-Ranges")) {
            cut = cut.withHeader(name, whole.headers().first(name).orElseThrow());
        }
        return cut;
    }

    // ---- curl

    @ParameterizedTest
    @CsvSource({"0-0, 0, 1", "1000000-1999999, 1000000, 2000000", "6290000-, 6290000, 6291456",
        "-1000, 6290456, 6291456"})
    void curlGetsARange(String range, int from, int to) throws Exception {
        String url = serve("/large.bin");

        assertEquals("206", run("curl", "-r", range, "-o", "part", "-w", "%{http_code}", url).output());

        assertArrayEquals(Arrays.copyOfRange(LARGE, from, to), Files.readAllBytes(directory.resolve("part")));
    }

    @Test
    void curlGetsSeveralRangesAtOnce() throws Exception {
        String url = serve("/page.html");

        String type = run("curl", "-r", "0-14,-8", "-o", "parts", "-w", "%{content_type}", url).output();

        assertTrue(type.startsWith("multipart/byteranges; boundary="), type);
        String parts = Files.readString(directory.resolve("parts"));
        assertTrue(parts.contains("Content-Range: bytes 0-14/" + PAGE.length() + "\r\n"), parts);
        assertTrue(parts.contains("\r\n\r\n<!doctype html>\r\n--"), parts);
        assertTrue(parts.contains("\r\n\r\na page.\n\r\n--"), parts);
    }

    @Test
    void curlGoesOnWhereADownloadWasCut() throws Exception {
        String url = serve("/large.bin");
        nextIsCut.set(true);
        Program.Ending cut = Program.of("curl").run(directory, "-sS", "-o", "large", url);
        long length = Files.size(directory.resolve("large"));

        run("curl", "-C", "-", "-o", "large", url);

        assertTrue(cut.status() != 0 && length > 0 && length <= CUT_AT, cut + ", " + length + " octets");
        assertArrayEquals(LARGE, Files.readAllBytes(directory.resolve("large")));
        assertEquals(List.of(new Asked("GET", "", 200), new Asked("GET", "bytes=" + length + "-", 206)),
                List.copyOf(asked));
    }

    @Test
    void curlIsToldThatNothingIsLeft() throws Exception {
        String url = serve("/large.bin");
        run("curl", "-o", "large", url);

        assertEquals("416", run("curl", "-C", "-", "-o", "large", "-w", "%{http_code}", url).output());

        assertArrayEquals(LARGE, Files.readAllBytes(directory.resolve("large")));
    }

    @Test
    void curlTakesWhatIsCompressed() throws Exception {
        String url = serve("/page.html");

        String sizes = run("curl", "--compressed", "-D", "head", "-o", "page", "-w", "%{size_download}", url).output();

        assertEquals(PAGE, Files.readString(directory.resolve("page")));
        assertTrue(Files.readString(directory.resolve("head")).contains("\r\nContent-Encoding: gzip\r\n"));
        assertEquals(Files.size(files.resolve("page.html.gz")), Long.parseLong(sizes));
    }

    @ParameterizedTest
    @CsvSource({"'Fri, 02 Jan 2026 03:04:05 GMT', 304", "'Fri, 02 Jan 2026 03:04:06 GMT', 304",
        "'Fri, 02 Jan 2026 03:04:04 GMT', 200"})
    void curlAsksForWhatIsNewerThanATime(String time, String status) throws Exception {
        assertEquals(status, run("curl", "-z", time, "-o", "page", "-w", "%{http_code}", serve("/page.html")).output());
    }

    @Test
    void curlAsksForWhatIsNewerThanItsCopyAndForWhatHasAnotherTag() throws Exception {
        String url = serve("/large.bin");
        run("curl", "-R", "--etag-save", "tag", "-o", "copy", url);

        assertEquals(MODIFIED, Files.getLastModifiedTime(directory.resolve("copy")).toInstant());
        assertEquals("304", run("curl", "-z", "copy", "-o", "new", "-w", "%{http_code}", url).output());
        assertEquals("304", run("curl", "--etag-compare", "tag", "-o", "new", "-w", "%{http_code}", url).output());
    }

    // ---- download managers

    /** It goes on by itself, as it would after a network was gone. */
    @Test
    void wgetGoesOnWhereADownloadWasCut() throws Exception {
        String url = serve("/large.bin");
        nextIsCut.set(true);

        run("wget", "-c", "--waitretry=0", url);

        assertArrayEquals(LARGE, Files.readAllBytes(directory.resolve("large.bin")));
        assertEquals(List.of(200, 206), asked.stream().map(Asked::status).toList());
    }

    @Test
    void wgetContinuesAPartAndThenSeesThatItHasAll() throws Exception {
        String url = serve("/large.bin");
        Files.write(directory.resolve("large.bin"), Arrays.copyOf(LARGE, 12345));

        run("wget", "-c", url);
        run("wget", "-c", url);

        assertArrayEquals(LARGE, Files.readAllBytes(directory.resolve("large.bin")));
        assertEquals(List.of(new Asked("GET", "bytes=12345-", 206), new Asked("GET", "bytes=" + LENGTH + "-", 416)),
                List.copyOf(asked));
    }

    @Test
    void wgetFetchesOnlyWhatIsNew() throws Exception {
        String url = serve("/large.bin");

        run("wget", "-N", url);
        run("wget", "-N", url);

        assertEquals(List.of(200, 304), asked.stream().map(Asked::status).toList());
    }

    @Test
    void ariaUsesSeveralConnectionsAtOnce() throws Exception {
        String url = serve("/large.bin");

        run("aria2c", "-x4", "-s4", "-k1M", "--file-allocation=none", url);

        assertArrayEquals(LARGE, Files.readAllBytes(directory.resolve("large.bin")));
        Set<String> ranges = new HashSet<>();
        asked.forEach(request -> ranges.add(request.range()));
        assertTrue(ranges.size() >= 4, ranges.toString());
        assertTrue(asked.stream().allMatch(request -> request.status() == (request.range().isEmpty() ? 200 : 206)),
                asked.toString());
    }

    @Test
    void ariaResumesWhatWasStoppedWithSeveralConnections() throws Exception {
        String url = serve("/large.bin");
        Process stopped = Program.of("aria2c").start(directory, "-x4", "-s4", "-k1M", "--file-allocation=none",
                "--max-overall-download-limit=2M", "--auto-save-interval=1", url);
        for (int connections = 0; connections < 4; connections++) {
            asked.take();
        }
        stopped.toHandle().destroy();
        assertTrue(stopped.waitFor() != 0);
        assertTrue(Files.exists(directory.resolve("large.bin.aria2")), "it has not noted how far it has come");
        asked.clear();

        run("aria2c", "-c", "-x4", "-s4", "-k1M", "--file-allocation=none", url);

        assertArrayEquals(LARGE, Files.readAllBytes(directory.resolve("large.bin")));
        assertTrue(asked.stream().anyMatch(request -> request.status() == 206), asked.toString());
    }

    // ---- how they are started

    private Program.Ending run(String program, String... arguments) throws Exception {
        Program.Ending ending = Program.of(program).run(directory, arguments);
        assertEquals(0, ending.status(), ending.toString());
        return ending;
    }
}
