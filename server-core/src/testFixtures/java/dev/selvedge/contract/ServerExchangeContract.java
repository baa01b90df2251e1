package dev.selvedge.contract;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvedge.contract.HttpReply.Framing;
import dev.selvedge.server.Handler;
import dev.selvedge.server.HttpServer;
import dev.selvedge.server.Limits;
import dev.selvedge.server.Response;
import dev.selvedge.server.Router;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What goes over the wire between a client and a whole server, whatever its transport. */
@Timeout(60)
public abstract class ServerExchangeContract {

    private static final String HOST = "Host: test\r\n";
    private static final byte[] LARGE = octets(3 << 20, 1);
    private static final Limits STRICT = Limits.DEFAULT.withHeaderTimeout(Duration.ofMillis(300))
            .withIdleTimeout(Duration.ofMillis(600)).withPaceTime(Duration.ofMillis(400)).withMinBytesPerSecond(1000)
            .withMaxBlockingHandlers(4);

    @TempDir
    static Path directory;

    private final AtomicLong streamed = new AtomicLong();
    private final Semaphore arrived = new Semaphore(0);
    private final CountDownLatch release = new CountDownLatch(1);
    private HttpServer server;

    /** Returns the name of the transport under test. */
    protected abstract String transport();

    private static byte[] octets(int length, long seed) {
        byte[] octets = new byte[length];
        new Random(seed).nextBytes(octets);
        return octets;
    }

    @BeforeEach
    void start() throws IOException {
        start(Limits.DEFAULT);
    }

    private void startStrictly() throws IOException {
        server.closeNow();
        start(STRICT);
    }

    private void start(Limits limits) throws IOException {
        Path file = Files.write(directory.resolve("large"), LARGE);
        Handler echo = request -> Response.bytes("application/octet-stream", request.body().bytes());
        server = HttpServer.builder().listen("127.0.0.1", 0).transport(transport()).loops(2).limits(limits)
                .handler(Router.builder()
                        .get("/", Handler.nonBlocking(request -> Response.text("loop")))
                        .get("/thread", request -> Response.text("thread"))
                        .get("/chunks", request -> Response.stream("text/plain", out -> {
                            for (String chunk : List.of("one", "two", "three")) {
                                out.write(chunk.getBytes(ISO_8859_1));
                                out.flush();
                            }
                        }))
                        .get("/large", Handler.nonBlocking(request -> Response.bytes("text/plain", LARGE)))
                        .get("/file", request -> Response.file(file))
                        .get("/endless", request -> Response.stream("text/plain", out -> {
                            byte[] kilobyte = new byte[1024];
                            for (;;) {
                                out.write(kilobyte);
                                streamed.addAndGet(kilobyte.length);
                            }
                        }))
                        .get("/wait", request -> {
                            arrived.release();
                            assertTrue(release.await(20, SECONDS));
                            return Response.text("released");
                        })
                        .get("/nothing", Handler.nonBlocking(request -> Response.empty()))
                        .get("/not-modified", Handler.nonBlocking(request -> Response.status(304)))
                        .get("/throws", request -> {
                            throw new IllegalStateException("on purpose");
                        })
                        .get("/error", Handler.nonBlocking(request -> {
                            throw new StackOverflowError();
                        }))
                        .get("/null", Handler.nonBlocking(request -> null))
                        .get("/late", request -> Response.stream("text/plain", out -> {
                            throw new IOException("before the first octet");
                        }))
                        .get("/cut", request -> Response.stream("text/plain", out -> {
                            out.write(new byte[600]);
                            out.flush();
                            throw new IOException("in the middle");
                        }))
                        .post("/echo", Handler.nonBlocking(echo))
                        .post("/thread/echo", echo)
                        .post("/ignore", request -> Response.text("ignored"))
                        .build())
                .start();
    }

    @AfterEach
    void stop() {
        release.countDown();
        server.closeNow();
    }

    /** A raw client whose reads give up after a while. */
    private record Client(Socket socket, HttpReplyReader replies) implements AutoCloseable {

        Client(Socket socket) throws IOException {
            socket.setSoTimeout(20_000);
            this(socket, new HttpReplyReader(socket.getInputStream()));
        }

        Client send(String octets) throws IOException {
            socket.getOutputStream().write(octets.getBytes(ISO_8859_1));
            return this;
        }

        HttpReply read(String method) throws IOException {
            return replies.read(method);
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private Client connect() throws IOException {
        return new Client(new Socket("127.0.0.1", server.port()));
    }

    private HttpReply exchange(String request) throws IOException {
        try (Client client = connect()) {
            return client.send(request).read(request.substring(0, request.indexOf(' ')));
        }
    }

    private static String get(String path) {
        return "GET " + path + " HTTP/1.1\r\n" + HOST + "\r\n";
    }

    // ---- order and cuts

    /** Requests of every kind, and what is answered. */
    private static final List<String> PIPELINE = List.of(get("/"), get("/thread"), get("/chunks"), get("/nope"),
            "POST /echo HTTP/1.1\r\n" + HOST + "Content-Length: 5\r\n\r\nabcde",
            "POST /thread/echo HTTP/1.1\r\n" + HOST + "Transfer-Encoding: chunked\r\n\r\n3;x=\"y\"\r\nabc\r\n0\r\nT: v\r\n\r\n",
            "POST /ignore HTTP/1.1\r\n" + HOST + "Content-Length: 3\r\n\r\nGET",
            "HEAD / HTTP/1.1\r\n" + HOST + "\r\n", get("/nothing"), get("/throws"), get("/late"),
            "\r\nGET /null HTTP/1.1\r\n" + HOST + "\r\n",
            "GET / HTTP/1.1\r\n" + HOST + "Connection: close\r\n\r\n");
    private static final List<String> ANSWERS = List.of("200 loop", "200 thread", "200 onetwothree",
            "404 404 Not Found\n", "200 abcde", "200 abc", "200 ignored", "200 ", "204 ",
            "500 500 Internal Server Error\n", "500 500 Internal Server Error\n", "500 500 Internal Server Error\n",
            "200 loop");

    private List<String> readPipeline(Client client) throws IOException {
        List<String> answers = new ArrayList<>();
        for (String request : PIPELINE) {
            HttpReply reply = client.read(request.strip().split(" ")[0]);
            answers.add(reply.status() + " " + reply.text());
        }
        assertTrue(client.replies().ended());
        return answers;
    }

    @Test
    void pipelinedRequestsOfAllKindsAreAnsweredInOrder() throws IOException {
        try (Client client = connect()) {
            client.send(String.join("", PIPELINE));
            assertEquals(ANSWERS, readPipeline(client));
        }
    }

    @Test
    void theAnswersDoNotDependOnHowTheOctetsAreCut() throws IOException {
        String all = String.join("", PIPELINE);
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int run = 0; run < 30; run++) {
            try (Client client = connect()) {
                client.socket().setTcpNoDelay(true);
                for (int at = 0; at < all.length();) {
                    int next = run == 0 ? at + 1 : Math.min(all.length(), at + 1 + random.nextInt(1 + run * 10));
                    client.send(all.substring(at, next));
                    at = next;
                }
                assertEquals(ANSWERS, readPipeline(client), "seed " + seed + ", run " + run);
            }
        }
    }

    @Test
    void thousandsOfPipelinedRequestsAreServedWithBoundedMemory() throws Exception {
        int count = 5000;
        for (String path : List.of("/", "/thread")) {
            try (Client client = connect()) {
                Thread writer = Thread.startVirtualThread(() -> {
                    try {
                        client.send(get(path).repeat(count));
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                });
                for (int i = 0; i < count; i++) {
                    assertEquals(200, client.read("GET").status());
                }
                writer.join();
            }
        }
    }

    // ---- persistence

    @Test
    void http10ClosesUnlessAskedToKeepAlive() throws IOException {
        try (Client client = connect()) {
            HttpReply kept = client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").read("GET");
            assertEquals("keep-alive", kept.first("Connection"));
            HttpReply last = client.send("GET /chunks HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").read("GET");
            assertEquals(Framing.END_OF_CONNECTION, last.framing());
            assertEquals("onetwothree", last.text());
        }
        assertTrue(exchange("GET / HTTP/1.0\r\n\r\n").closes());
    }

    @Test
    void aClientThatHasShutDownItsSideIsAnsweredInFull() throws IOException {
        for (String path : List.of("/large", "/file")) {
            try (Client client = connect()) {
                client.send(get(path)).socket().shutdownOutput();
                assertArrayEquals(LARGE, client.read("GET").content());
                assertTrue(client.replies().ended());
            }
        }
    }

    // ---- bodies

    @Test
    void aBodyArrivesUnchanged() throws IOException, InterruptedException {
        HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        for (String path : List.of("/echo", "/thread/echo")) {
            URI uri = server.uri().resolve(path);
            HttpResponse<byte[]> sized = client.send(
                    HttpRequest.newBuilder(uri).POST(BodyPublishers.ofByteArray(LARGE)).build(),
                    BodyHandlers.ofByteArray());
            assertArrayEquals(LARGE, sized.body());
            HttpResponse<byte[]> chunked = client.send(HttpRequest.newBuilder(uri)
                    .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(LARGE))).build(),
                    BodyHandlers.ofByteArray());
            assertArrayEquals(LARGE, chunked.body());
        }
    }

    @Test
    void aHundredIsSentWhenTheBodyIsWantedAndOnlyThen() throws IOException {
        String expect = HOST + "Expect: 100-continue\r\nContent-Length: 3\r\n\r\n";
        for (String path : List.of("/echo", "/thread/echo")) {
            try (Client client = connect()) {
                client.send("POST " + path + " HTTP/1.1\r\n" + expect);
                HttpReply interim = client.replies().readAny("POST");
                assertEquals(100, interim.status());
                assertEquals("abc", client.send("abc").read("POST").text());
                assertEquals("loop", client.send(get("/")).read("GET").text());
            }
        }
        for (String path : List.of("/ignore", "/nope", "/large")) {
            try (Client client = connect()) {
                HttpReply reply = client.send("POST " + path + " HTTP/1.1\r\n" + expect).replies().readAny("POST");
                assertTrue(reply.status() >= 200, reply.toString());
                assertTrue(reply.closes(), "what comes next could be the body or not");
            }
        }
    }

    @Test
    void aBodyOverTheLimitIsRefusedAndTheRefusalCanBeRead() throws IOException {
        byte[] piece = new byte[64 << 10];
        for (String path : List.of("/echo", "/thread/echo")) {
            try (Client client = connect()) {
                client.send("POST " + path + " HTTP/1.1\r\n" + HOST + "Content-Length: 12000000\r\n\r\n");
                for (int i = 0; i < 180; i++) {
                    client.socket().getOutputStream().write(piece);
                }
                HttpReply reply = client.read("POST");
                assertEquals(413, reply.status());
                assertTrue(reply.closes());
            }
            try (Client client = connect()) {
                client.send("POST " + path + " HTTP/1.1\r\n" + HOST + "Transfer-Encoding: chunked\r\n\r\n");
                for (int i = 0; i < 140; i++) {
                    client.send("10000\r\n");
                    client.socket().getOutputStream().write(piece);
                    client.send("\r\n");
                }
                assertEquals(413, client.read("POST").status());
            }
        }
    }

    @Test
    void aBodyCutShortIsNeverProcessed() throws IOException {
        for (String path : List.of("/echo", "/thread/echo")) {
            try (Client client = connect()) {
                client.send("POST " + path + " HTTP/1.1\r\n" + HOST + "Content-Length: 10\r\n\r\nabc");
                client.socket().shutdownOutput();
                HttpReply reply = client.read("POST");
                assertEquals(400, reply.status());
                assertTrue(client.replies().ended());
            }
        }
    }

    // ---- responses

    @Test
    void headHasTheFieldsOfGetAndNoContent() throws IOException {
        for (String path : List.of("/", "/large", "/file", "/nope")) {
            HttpReply get = exchange(get(path));
            HttpReply head = exchange(get(path).replace("GET", "HEAD"));
            assertEquals(get.status(), head.status());
            assertEquals(get.first("Content-Length"), head.first("Content-Length"));
            assertEquals(get.first("Content-Type"), head.first("Content-Type"));
        }
    }

    @Test
    void noContentMeansNoFraming() throws IOException {
        for (String path : List.of("/nothing", "/not-modified")) {
            HttpReply reply = exchange(get(path));
            assertNull(reply.first("Content-Length"));
            assertNull(reply.first("Transfer-Encoding"));
        }
    }

    @Test
    void filesAndLargeContentArriveUnchanged() throws IOException {
        for (String path : List.of("/large", "/file")) {
            assertArrayEquals(LARGE, exchange(get(path)).content());
        }
    }

    @Test
    void aSlowReaderSlowsDownTheWriter() throws Exception {
        try (Client client = connect()) {
            client.send(get("/endless"));
            InputStream in = client.socket().getInputStream();
            byte[] dst = new byte[8 << 10];
            long read = 0;
            while (read < 4 << 20) {
                read += in.read(dst);
                // What is written and not read lies in the buffers of the two sockets, and nowhere else.
                assertTrue(streamed.get() - read < 16 << 20, streamed.get() + " written, " + read + " read");
            }
        }
    }

    @Test
    void aResponseThatFailsInTheMiddleIsVisiblyCut() throws IOException {
        try (Client client = connect()) {
            client.send(get("/cut"));
            assertThrows(IOException.class, () -> client.read("GET"));
        }
    }

    // ---- refusals and protection

    @Test
    void nothingIsServedBehindARefusal() throws IOException {
        for (String malformed : List.of("GET / HTTP/1.1\n" + HOST + "\r\n", "GET / HTTP/1.1\r\n\r\n",
                "GET  / HTTP/1.1\r\n" + HOST + "\r\n", "GET / HTTP/1.1\r\n" + HOST + "A : b\r\n\r\n",
                "POST /echo HTTP/1.1\r\n" + HOST + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n",
                "POST /echo HTTP/1.1\r\n" + HOST + "Content-Length: +3\r\n\r\nabc",
                "POST /echo HTTP/1.1\r\n" + HOST + "Transfer-Encoding: chunked\r\n\r\n0x3\r\nabc\r\n0\r\n\r\n")) {
            try (Client client = connect()) {
                HttpReply reply = client.send(malformed + get("/")).read("GET");
                assertEquals(400, reply.status(), malformed);
                assertTrue(reply.closes());
                assertTrue(client.replies().ended(), malformed);
            }
        }
    }

    @Test
    void eachLimitOfAHeadHasItsStatus() throws IOException {
        assertEquals(414, exchange("GET /" + "a".repeat(9000) + " HTTP/1.1\r\n" + HOST + "\r\n").status());
        assertEquals(431, exchange("GET / HTTP/1.1\r\n" + HOST + "A: " + "a".repeat(17000) + "\r\n\r\n").status());
        assertEquals(431, exchange("GET / HTTP/1.1\r\n" + HOST + "A: b\r\n".repeat(101) + "\r\n").status());
        assertEquals(505, exchange("GET / HTTP/2.0\r\n" + HOST + "\r\n").status());
        assertEquals(501, exchange("A".repeat(40) + " / HTTP/1.1\r\n" + HOST + "\r\n").status());
    }

    @Test
    void slowClientsAreNotWaitedForWithoutEnd() throws IOException {
        startStrictly();
        try (Client idle = connect(); Client head = connect(); Client body = connect(); Client thread = connect()) {
            head.send("GET / HT");
            body.send("POST /echo HTTP/1.1\r\n" + HOST + "Content-Length: 9\r\n\r\nabc");
            thread.send("POST /thread/echo HTTP/1.1\r\n" + HOST + "Content-Length: 9\r\n\r\nabc");
            assertEquals(408, head.read("GET").status());
            assertEquals(408, body.read("POST").status());
            assertEquals(408, thread.read("POST").status());
            assertTrue(idle.replies().ended());
        }
    }

    @Test
    void aClientThatTakesNothingIsCutOff() throws IOException {
        startStrictly();
        for (String path : List.of("/endless", "/large")) {
            try (Client client = connect()) {
                client.socket().setReceiveBufferSize(4 << 10);
                client.send(get(path).repeat(path.equals("/large") ? 8 : 1));
                awaitNoConnection();
            }
        }
    }

    private void awaitNoConnection() {
        for (long end = System.nanoTime() + SECONDS.toNanos(20); System.nanoTime() < end; Thread.onSpinWait()) {
            if (server.statistics().openConnections() == 0) {
                return;
            }
        }
        throw new AssertionError(server.statistics().toString());
    }

    @Test
    void tooManyBlockingHandlersAreToldToComeBack() throws Exception {
        startStrictly();
        List<Client> waiting = new ArrayList<>();
        try {
            for (int i = 0; i < 4; i++) {
                waiting.add(connect().send(get("/wait")));
            }
            assertTrue(arrived.tryAcquire(4, 20, SECONDS));
            HttpReply reply = exchange(get("/thread"));
            assertEquals(503, reply.status());
            assertEquals("1", reply.first("Retry-After"));
            assertEquals(200, exchange(get("/")).status());
            release.countDown();
            for (Client client : waiting) {
                assertEquals("released", client.read("GET").text());
            }
        } finally {
            for (Client client : waiting) {
                client.close();
            }
        }
    }

    @Test
    void failuresOfHandlersAreAnsweredAndTheServerGoesOn() throws IOException {
        for (String path : List.of("/throws", "/error", "/null", "/late")) {
            try (Client client = connect()) {
                HttpReply reply = client.send(get(path)).read("GET");
                assertEquals(500, reply.status(), path);
                assertFalse(reply.text().contains("Exception"), reply.text());
                assertEquals("loop", client.send(get("/")).read("GET").text());
            }
        }
    }

    @Test
    void clientsThatVanishHarmNobody() throws IOException {
        String upload = "POST /thread/echo HTTP/1.1\r\n" + HOST + "Content-Length: 100000\r\n\r\n" + "x".repeat(500);
        for (String request : List.of("", "GET / HT", get("/"), get("/large"), get("/file"), get("/endless"), upload,
                upload.replace("/thread", ""), get("/wait"))) {
            for (boolean reset : new boolean[] {true, false}) {
                try (Client client = connect()) {
                    client.send(request);
                    client.socket().setSoLinger(reset, 0);
                }
                assertEquals("loop", exchange(get("/")).text());
            }
        }
    }

    @Test
    void theHandlerSeesTheAddressesOfBothEnds() throws IOException {
        ByteArrayOutputStream seen = new ByteArrayOutputStream();
        try (HttpServer other = HttpServer.builder().listen(0).transport(transport()).handler(request -> {
            seen.writeBytes((request.remoteAddress() + " " + request.localAddress()).getBytes(ISO_8859_1));
            return Response.empty();
        }).start(); Socket socket = new Socket("127.0.0.1", other.port())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(get("/").getBytes(ISO_8859_1));
            assertEquals(204, new HttpReplyReader(socket.getInputStream()).read("GET").status());
            assertEquals("/127.0.0.1:" + socket.getLocalPort() + " /127.0.0.1:" + other.port(),
                    seen.toString(ISO_8859_1));
        }
    }
}
