package dev.selvedge.examples;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The routes are the same over every transport, and on the event loop as on virtual threads. */
@ParameterizedClass(name = "{0}")
@ValueSource(strings = {"--transport epoll --loops 2", "--transport epoll --blocking",
    "--transport nio --loops 2", "--transport nio --blocking"})
class ShowcaseTest {

    private static final byte[] KILOBYTE = new byte[1024];

    @TempDir
    private static Path directory;

    private static ExampleProgram showcase;

    @Parameter
    private String options;

    @AutoClose
    private final HttpClient client = HttpClient.newHttpClient();

    /** Only the server's own folders are on the class path: the program needs nothing else. */
    @BeforeParameterizedClassInvocation
    static void start(String options) throws IOException {
        assumeTrue(OS.LINUX.isCurrentOs() || !options.contains("epoll"));
        new Random(3).nextBytes(KILOBYTE);
        Files.write(directory.resolve("1k"), KILOBYTE);
        Files.createDirectories(directory.resolve("docs"));
        Files.writeString(directory.resolve("docs/index.html"), "<p>docs");
        Files.writeString(directory.resolve("docs/index.html.gz"), "as if it were compressed");
        for (String file : List.of("1k", "docs/index.html", "docs/index.html.gz")) {
            Files.setLastModifiedTime(directory.resolve(file), FileTime.from(Instant.parse("2026-01-02T03:04:05Z")));
        }
        Files.createDirectories(directory.resolve("empty"));
        Files.writeString(directory.resolve(".hidden"), "hidden");
        Files.writeString(directory.resolve("docs/.hidden"), "hidden");
        List<String> arguments = new ArrayList<>(List.of(options.split(" ")));
        arguments.addAll(List.of("--port", "0", "--dir", directory.toString()));
        showcase = ExampleProgram.start(List.of("-cp", ExampleProgram.SERVER_ALONE, ExampleProgram.NATIVE_ACCESS),
                Showcase.class, arguments.toArray(String[]::new));
    }

    @AfterParameterizedClassInvocation
    static void stop() throws Exception {
        try (ExampleProgram program = showcase) {
            if (program != null) {
                showcase = null;
                program.terminate();
                assertEquals(new ExampleProgram.Ending(ExampleProgram.STATUS_OF_SIGTERM, "", ""), program.awaitEnd());
            }
        }
    }

    @Test
    void itIsReadyWhenItSaysSo() {
        String transport = options.split(" ")[1];
        assertEquals(List.of("ready " + showcase.uri().getPort(),
                "Showcase is at " + showcase.uri() + " over " + transport + "; press Ctrl-C to stop it"),
                showcase.announcement());
    }

    // ---- answers from memory

    @Test
    void rootIsText() throws Exception {
        assertTrue(get("/").body().startsWith("This is Showcase."));
    }

    @Test
    void plaintextHasTheUsualFields() throws Exception {
        HttpResponse<String> response = get("/plaintext");
        assertEquals(200, response.statusCode());
        assertEquals("Hello, World!", response.body());
        assertEquals("13", field(response, "Content-Length"));
        assertTrue(field(response, "Content-Type").startsWith("text/plain"));
        assertFalse(field(response, "Server").isEmpty());
        assertTrue(field(response, "Date").endsWith(" GMT"));
    }

    @Test
    void jsonIsAMessage() throws Exception {
        HttpResponse<String> response = get("/json");
        assertEquals("{\"message\":\"Hello, World!\"}", response.body());
        assertEquals("application/json", field(response, "Content-Type"));
        assertEquals("27", field(response, "Content-Length"));
    }

    @ParameterizedTest
    @CsvSource({
        "/params/42?q=hello,            id=42 q=hello",
        "/params/42?x=1&q=a+b%26&q=c,   id=42 q=a b&",
        "/params/%C3%A4%2F?q=%E2%82%AC, id=\u00E4/ q=\u20AC",
        "/params/42,                    'id=42 q='",
    })
    void paramsAreDecoded(String target, String text) throws Exception {
        assertEquals(text, get(target).body());
    }

    @Test
    void headersComeBackAsOctetsWithNamesInLowerCase() throws IOException {
        String response = raw("GET /headers HTTP/1.1\r\nHost: a\r\nX-TwO: \u00E9\r\nx-two:  b, c \r\n"
                + "Connection: close\r\n\r\n");
        assertEquals("host: a\nx-two: \u00E9\nx-two: b, c\nconnection: close\n", body(response));
    }

    @Test
    void largeIsTenMebibytes() throws Exception {
        HttpResponse<String> response = get("/large");
        assertEquals("10485760", field(response, "Content-Length"));
        assertEquals("x".repeat(10 << 20), response.body());
    }

    // ---- echo

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 1024, 100_000, 8 << 20})
    void echoReturnsBodyAndType(int length) throws Exception {
        byte[] body = new byte[length];
        new Random(length).nextBytes(body);
        HttpRequest.Builder request = request("/echo").header("Content-Type", "image/x; a=b");
        HttpResponse<byte[]> response =
                client.send(request.POST(BodyPublishers.ofByteArray(body)).build(), BodyHandlers.ofByteArray());
        assertEquals(200, response.statusCode());
        assertEquals(List.of("image/x; a=b"), response.headers().allValues("Content-Type"));
        assertEquals(List.of("" + length), response.headers().allValues("Content-Length"));
        assertTrue(Arrays.equals(body, response.body()));
    }

    @Test
    void echoTakesChunksAndNamesATypeIfNobodyElseDid() throws IOException {
        String response = raw("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n"
                + "Connection: close\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
        assertTrue(response.contains("\r\nContent-Type: application/octet-stream\r\n"), response);
        assertEquals("abcde", body(response));
    }

    // ---- streams

    @Test
    void streamHas64ChunksOfAKilobyte() throws IOException {
        String block = "abcdefghijklmnopqrstuvwxyz".repeat(40).substring(0, 1024);
        String response = raw("GET /stream HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        assertEquals(Collections.nCopies(64, block), chunks(response));
    }

    @Test
    void everyFlushMakesAChunk() throws IOException {
        String response = raw("GET /chunks HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        assertEquals(List.of("one", "two", "three"), chunks(response));
    }

    // ---- slow and status

    @Test
    void slowTakesItsTime() throws Exception {
        long start = System.nanoTime();
        assertEquals("slept for 50 ms\n", get("/slow?ms=50").body());
        assertTrue(System.nanoTime() - start >= 50_000_000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "?ms=", "?ms=-1", "?ms=x", "?ms=600001", "?ms=99999999999"})
    void slowNeedsASensibleTime(String query) throws Exception {
        assertEquals(400, get("/slow" + query).statusCode());
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 201, 299, 301, 400, 404, 418, 500, 503, 599})
    void aStatusIsSent(int status) throws Exception {
        HttpResponse<String> response = get("/status/" + status);
        assertEquals(status, response.statusCode());
        assertEquals("status " + status + "\n", response.body());
    }

    @ParameterizedTest
    @ValueSource(ints = {204, 205, 304})
    void someStatusHasNoContent(int status) throws IOException {
        String response = raw("GET /status/" + status + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        assertTrue(response.startsWith("HTTP/1.1 " + status + " "), response);
        assertEquals("", body(response));
        assertFalse(response.contains("Content-Type"), response);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "99", "100", "101", "199", "600", "-200", "x", "20000000000"})
    void otherStatusIsRefused(String status) throws Exception {
        assertEquals(400, get("/status/" + status).statusCode());
    }

    // ---- files

    @Test
    void aFileIsSentWhole() throws Exception {
        HttpResponse<byte[]> response = client.send(request("/file/1k").build(), BodyHandlers.ofByteArray());
        assertEquals(200, response.statusCode());
        assertTrue(Arrays.equals(KILOBYTE, response.body()));
        assertEquals(List.of("1024"), response.headers().allValues("Content-Length"));
    }

    @Test
    void aDirectoryIsItsIndex() throws Exception {
        HttpResponse<String> response = get("/file/docs/");
        assertEquals("<p>docs", response.body());
        assertEquals("text/html; charset=utf-8", field(response, "Content-Type"));
    }

    @Test
    void aDirectoryWithoutItsSlashIsToldToHaveOne() throws Exception {
        HttpResponse<String> response = get("/file/docs?a=b");
        assertEquals(301, response.statusCode());
        assertEquals(showcase.uri().resolve("/file/docs/?a=b"), response.uri().resolve(field(response, "Location")));
    }

    @Test
    void aFileIsSentCompressedToThoseWhoTakeIt() throws Exception {
        HttpRequest request = request("/file/docs/").header("Accept-Encoding", "gzip;q=0.5, br;q=0").build();
        HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
        assertEquals("as if it were compressed", response.body());
        assertEquals("gzip", field(response, "Content-Encoding"));
        assertEquals("Accept-Encoding", field(response, "Vary"));
        assertEquals("text/html; charset=utf-8", field(response, "Content-Type"));
    }

    @Test
    void aFileThatHasNotChangedIsNotSentAgain() throws Exception {
        HttpResponse<String> first = get("/file/1k");
        assertEquals("Fri, 02 Jan 2026 03:04:05 GMT", field(first, "Last-Modified"));
        HttpRequest again = request("/file/1k").header("If-None-Match", field(first, "ETag")).build();
        HttpResponse<String> second = client.send(again, BodyHandlers.ofString());
        assertEquals(304, second.statusCode());
        assertEquals("", second.body());
    }

    @Test
    void aPartOfAFileIsSent() throws Exception {
        HttpRequest request = request("/file/1k").header("Range", "bytes=1000-").build();
        HttpResponse<byte[]> response = client.send(request, BodyHandlers.ofByteArray());
        assertEquals(206, response.statusCode());
        assertEquals("bytes 1000-1023/1024", field(response, "Content-Range"));
        assertTrue(Arrays.equals(Arrays.copyOfRange(KILOBYTE, 1000, 1024), response.body()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/file", "/file/", "/file/empty", "/file/empty/", "/file/nothing", "/file/1k/",
        "/file/1k/x",
        "/file/.hidden", "/file/docs/.hidden", "/file//1k", "/file/docs//index.html", "/file/1k%00",
        "/file/docs%2Findex.html", "/file/docs%5C..%5C1k", "/file/docs/%2E%2E%2F1k", "/file/docs/..%2f1k",
        "/file//etc/passwd", "/file/%2Fetc%2Fpasswd", "/file/../../etc/passwd", "/file/%2e%2e/%2e%2e/etc/passwd"})
    void nothingElseIsServed(String target) throws IOException {
        String response = raw("GET " + target + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        assertTrue(response.startsWith("HTTP/1.1 404 ") || response.startsWith("HTTP/1.1 400 "), response);
        assertFalse(response.contains("root:"), response);
    }

    // ---- methods and other paths

    @Test
    void everythingElseIsNotFound() throws Exception {
        assertEquals(404, get("/nothing").statusCode());
        assertEquals(404, get("/plaintext/").statusCode());
        assertEquals(404, get("/params/").statusCode());
    }

    @ParameterizedTest
    @CsvSource({
        "POST, /plaintext, 'GET, HEAD, OPTIONS'", "DELETE, /file/1k, 'GET, HEAD, OPTIONS'",
        "GET, /echo, 'POST, OPTIONS'", "PUT, /stream, 'GET, HEAD, OPTIONS'"})
    void aWrongMethodIsToldTheRightOnes(String method, String path, String allow) throws Exception {
        HttpResponse<String> response =
                client.send(request(path).method(method, BodyPublishers.noBody()).build(), BodyHandlers.ofString());
        assertEquals(405, response.statusCode());
        assertEquals(allow, field(response, "Allow"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/plaintext", "/json", "/large", "/file/1k", "/file/docs", "/file/docs/",
        "/stream", "/status/404"})
    void headHasTheFieldsOfGetAndNoContent(String path) throws IOException {
        String get = raw("GET " + path + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        String head = raw("HEAD " + path + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        assertEquals("", body(head));
        assertEquals(withoutDate(get.substring(0, get.indexOf("\r\n\r\n") + 4)), withoutDate(head));
    }

    // ---- how it is asked

    private static HttpRequest.Builder request(String target) {
        return HttpRequest.newBuilder(showcase.uri().resolve(target));
    }

    private HttpResponse<String> get(String target) throws IOException, InterruptedException {
        return client.send(request(target).build(), BodyHandlers.ofString());
    }

    private static String field(HttpResponse<?> response, String name) {
        List<String> values = response.headers().allValues(name);
        assertEquals(1, values.size(), () -> name + ": " + values);
        return values.getFirst();
    }

    private static Socket connect(String request) throws IOException {
        Socket socket = new Socket("localhost", showcase.uri().getPort());
        socket.setSoTimeout(20_000);
        socket.getOutputStream().write(request.getBytes(ISO_8859_1));
        return socket;
    }

    /** Sends octets as they are, and returns all that comes until the server closes. */
    private static String raw(String request) throws IOException {
        try (Socket socket = connect(request)) {
            return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
        }
    }

    private static String body(String response) {
        return response.substring(response.indexOf("\r\n\r\n") + 4);
    }

    private static List<String> chunks(String response) {
        assertTrue(response.contains("\r\nTransfer-Encoding: chunked\r\n"), response);
        List<String> chunks = new ArrayList<>();
        String rest = body(response);
        for (;;) {
            int data = rest.indexOf("\r\n") + 2;
            int length = Integer.parseInt(rest.substring(0, data - 2), 16);
            if (length == 0) {
                assertEquals("0\r\n\r\n", rest);
                return chunks;
            }
            chunks.add(rest.substring(data, data + length));
            assertEquals("\r\n", rest.substring(data + length, data + length + 2));
            rest = rest.substring(data + length + 2);
        }
    }

    private static String withoutDate(String head) {
        return head.lines().filter(line -> !line.startsWith("Date: ")).toList().toString();
    }
}
