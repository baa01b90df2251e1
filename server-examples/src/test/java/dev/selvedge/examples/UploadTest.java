package dev.selvedge.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvedge.server.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.security.MessageDigest;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UploadTest {

    private static final int BLOCKS = 48;
    private static final byte[] BLOCK = new byte[1 << 20];
    private static final long LARGE = (long) BLOCKS * BLOCK.length;

    static {
        new Random(2).nextBytes(BLOCK);
    }

    @AutoClose
    private final HttpClient client = HttpClient.newHttpClient();

    @TempDir
    private Path directory;

    @AutoClose
    private HttpServer server;

    @BeforeEach
    void start() {
        server = Upload.start(0, directory);
    }

    /** The heap has a third of the file's size, so the file was never in it. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aFileMayBeLargerThanTheMemory(boolean lengthIsKnown) throws Exception {
        List<String> smallHeap =
                List.of("-Xmx16m", "-cp", ExampleProgram.WHOLE_CLASS_PATH, ExampleProgram.NATIVE_ACCESS);
        BodyPublisher chunked = BodyPublishers.ofInputStream(UploadTest::large);
        try (ExampleProgram program = ExampleProgram.start(smallHeap, Upload.class, directory.toString())) {
            HttpResponse<String> stored = put(program.uri().resolve("/files/large.bin"),
                    lengthIsKnown ? BodyPublishers.fromPublisher(chunked, LARGE) : chunked);
            assertEquals(201, stored.statusCode());
            String about = "{\"name\": \"large.bin\", \"bytes\": %d, \"sha256\": \"%s\"}\n";
            assertEquals(about.formatted(LARGE, sha256(large())), stored.body());

            HttpRequest download = HttpRequest.newBuilder(program.uri().resolve("/files/large.bin")).build();
            HttpResponse<InputStream> back = client.send(download, BodyHandlers.ofInputStream());
            assertEquals(LARGE, back.headers().firstValueAsLong("Content-Length").orElseThrow());
            assertEquals(sha256(large()), sha256(back.body()));

            program.terminate();
            assertEquals(new ExampleProgram.Ending(ExampleProgram.STATUS_OF_SIGTERM,
                    "The files go to " + directory, ""), program.awaitEnd());
        }
        assertEquals(List.of("large.bin"), stored());
    }

    @Test
    void anotherUploadReplacesTheFile() throws Exception {
        assertEquals(201, put("/files/a.txt", "one").statusCode());
        HttpResponse<String> second = put("/files/a.txt", "two");
        assertEquals(200, second.statusCode());
        assertEquals("/files/a.txt", second.headers().firstValue("Location").orElseThrow());
        assertEquals("two", Files.readString(directory.resolve("a.txt")));
    }

    @Test
    void theListHasAllThatIsComplete() throws Exception {
        put("/files/b.txt", "b");
        put("/files/a.txt", "a");
        Files.createFile(directory.resolve(".half.part"));
        assertEquals("a.txt\nb.txt\n", get("/files").body());
    }

    @Test
    void aDownloadIsNeverRunByABrowser() throws Exception {
        put("/files/page.html", "<script>alert(1)</script>");
        HttpResponse<String> page = get("/files/page.html");
        assertEquals("<script>alert(1)</script>", page.body());
        assertEquals("attachment", page.headers().firstValue("Content-Disposition").orElseThrow());
        assertEquals("nosniff", page.headers().firstValue("X-Content-Type-Options").orElseThrow());
    }

    @Test
    void whatIsNotThereIsNotFound() throws Exception {
        assertEquals(404, get("/files/nothing").statusCode());
    }

    @Test
    void aBrowserIsShownAForm() throws Exception {
        assertTrue(get("/").body().contains("<input type=\"file\""));
    }

    @Test
    void aPartDoesNotTakeThePlaceOfTheWhole() throws Exception {
        put("/files/a.txt", "whole");
        HttpRequest part = HttpRequest.newBuilder(server.uri().resolve("/files/a.txt"))
                .header("Content-Range", "bytes 2-2/5").PUT(BodyPublishers.ofString("X")).build();
        assertEquals(400, client.send(part, BodyHandlers.ofString()).statusCode());
        assertEquals("whole", Files.readString(directory.resolve("a.txt")));
    }

    // ---- names

    @ParameterizedTest
    @CsvSource({
        "Holiday-2026_1.tar.gz, Holiday-2026_1.tar.gz",
        "../../etc/passwd,      _._.._etc_passwd",
        "..,                    _.",
        ".profile,              _profile",
        "C:\\boot.ini,          C__boot.ini",
        "a b\u00E4\u0000\",     a_b___",
    })
    void aNameBecomesHarmless(String wish, String name) {
        assertEquals(name, Upload.fileName(wish));
    }

    @Test
    void aNameBecomesShort() {
        assertEquals("x".repeat(100), Upload.fileName("x".repeat(5000)));
    }

    @Test
    void nothingIsWrittenOrReadOutsideTheDirectory() throws Exception {
        Path outside = Files.writeString(directory.resolveSibling(directory.getFileName() + "-outside"), "secret");
        try {
            String path = "/files/..%2F" + outside.getFileName();
            assertEquals(404, get(path).statusCode());
            assertEquals(201, put(path, "mine").statusCode());
            assertEquals("secret", Files.readString(outside));
            assertEquals(List.of("_._" + outside.getFileName()), stored());
        } finally {
            Files.delete(outside);
        }
    }

    // ---- a client that goes away

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 1000000", "Transfer-Encoding: chunked"})
    void ofAClientThatGoesAwayNothingIsLeft(String framing) throws Exception {
        put("/files/a.txt", "old");
        try (WatchService watch = directory.getFileSystem().newWatchService()) {
            directory.register(watch, StandardWatchEventKinds.ENTRY_DELETE);
            try (Socket socket = new Socket("localhost", server.port())) {
                socket.setSoTimeout(20_000);
                OutputStream out = socket.getOutputStream();
                out.write(("PUT /files/a.txt HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n" + framing + "\r\n\r\n")
                        .getBytes(StandardCharsets.ISO_8859_1));
                byte[] goOn = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1);
                assertEquals(new String(goOn, StandardCharsets.ISO_8859_1),
                        new String(socket.getInputStream().readNBytes(goOn.length), StandardCharsets.ISO_8859_1));
                assertEquals(2, stored().size(), "the old file, and the new one that has begun");
                out.write("5\r\nthree\r\n".getBytes(StandardCharsets.ISO_8859_1));
            }
            while (stored().size() > 1) {
                WatchKey change = watch.poll(20, TimeUnit.SECONDS);
                assertNotNull(change, () -> "what was begun is still there");
                change.pollEvents();
                change.reset();
            }
        }
        assertEquals("old", get("/files/a.txt").body());
    }

    // ---- how it is asked

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(server.uri().resolve(path)).build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> put(String path, String body) throws IOException, InterruptedException {
        return put(server.uri().resolve(path), BodyPublishers.ofString(body));
    }

    private HttpResponse<String> put(URI uri, BodyPublisher body) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(uri).PUT(body).build(), BodyHandlers.ofString());
    }

    private List<String> stored() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static InputStream large() {
        return new SequenceInputStream(Collections.enumeration(
                Stream.generate(() -> new ByteArrayInputStream(BLOCK)).limit(BLOCKS).toList()));
    }

    private static String sha256(InputStream bytes) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        byte[] buffer = new byte[64 << 10];
        for (int n = bytes.read(buffer); n >= 0; n = bytes.read(buffer)) {
            digest.update(buffer, 0, n);
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
