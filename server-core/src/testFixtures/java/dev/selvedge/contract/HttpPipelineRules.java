package dev.selvedge.contract;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvedge.server.Handler;
import dev.selvedge.server.Response;
import dev.selvedge.server.Router;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests in a row: answered in order, each exactly once, however they are cut (rules 61, 69, 70, 93). */
public abstract class HttpPipelineRules extends HttpSuite {

    /**
     * A request, and what must come of it.
     *
     * @param wire its octets
     * @param status of its response
     * @param content of its response
     * @param ends whether the response says that the connection ends
     */
    private record Expected(String wire, int status, String content, boolean ends) {

        String method() {
            return HttpSuite.method(wire);
        }

        void verify(HttpReply reply, String about) {
            assertEquals(status, reply.status(), about);
            assertEquals(content.length(), reply.content().length, about);
            assertTrue(content.equals(reply.text()), () -> about + ": other content for " + wire);
            assertEquals(ends, reply.closes(), about);
        }
    }

    @BeforeEach
    void startSite() {
        serve(HttpSite.in(directory));
    }

    private static String large(String query) {
        return new String(HttpSite.large(query), ISO_8859_1);
    }

    private static Expected ok(String wire, String content) {
        return new Expected(wire, 200, method(wire).equals("HEAD") ? "" : content, false);
    }

    private static Expected random(Random random, int number) {
        String q = Integer.toString(number);
        String body = "GET /body HTTP/1.1\r\n\r\n".repeat(200).substring(0, random.nextInt(random.nextInt(1, 4000)));
        String method = random.nextInt(8) == 0 ? "HEAD" : "GET";
        return switch (random.nextInt(18)) {
            case 0, 1 -> ok(request(method, "/loop?" + q), "loop " + q);
            case 2, 3 -> ok(request(method, "/thread?" + q), "thread " + q);
            case 4 -> ok(request(method, "/large?" + q), large(q));
            case 5 -> ok(request(method, "/thread/large?" + q), large(q));
            case 6 -> ok(request(method, "/file"), large("file"));
            case 7 -> ok(request(method, "/thread/file"), large("file").substring(1000));
            case 8 -> ok(request(method, "/stream?" + q), large(q));
            case 9 -> ok(request(method, "/loop/stream?" + q), large(q));
            case 10 -> ok(request(method, "/exact?" + q), large(q));
            case 11 -> ok(post("/echo", body), body);
            case 12 -> ok(post("/thread/echo", body), body);
            case 13 -> ok(postChunks("/sum", body.isEmpty() ? new String[0] : new String[] {body, "x"}),
                    HttpSite.sum(latin1(body.isEmpty() ? "" : body + "x")));
            case 14 -> ok(post("/ignore?" + q, body), "ignored " + q);
            case 15 -> ok(postChunks("/ignore?" + q, "a", "bc"), "ignored " + q);
            case 16 -> new Expected(get("/nowhere"), 404, "404 Not Found\n", false);
            default -> new Expected(get("/status/" + new int[] {204, 205, 304}[number % 3]),
                    new int[] {204, 205, 304}[number % 3], "", false);
        };
    }

    private static List<Expected> randomPipeline(Random random, int length) {
        List<Expected> pipeline = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            pipeline.add(random(random, random.nextInt(1_000_000)));
        }
        boolean refused = random.nextBoolean();
        pipeline.add(refused
                ? new Expected("GET /loop HTTP/1.1\r\n" + HOST + "Bad Name: x\r\n\r\n" + get("/never"), 400,
                        "400 Bad Request: a header field name is malformed\n", true)
                : new Expected(get("/loop?last", "Connection: close") + get("/never"), 200, "loop last", true));
        return pipeline;
    }

    /** Sends the requests on one connection, in pieces of up to so many octets, while it reads the responses. */
    private void verify(List<Expected> pipeline, Random random, int pieceMax, String about) throws Exception {
        var all = new ByteArrayOutputStream();
        pipeline.forEach(request -> all.writeBytes(latin1(request.wire())));
        byte[] octets = all.toByteArray();
        try (HttpWire wire = new HttpWire(server().addresses().getFirst())) {
            Thread sender = Thread.ofVirtual().start(() -> {
                for (int at = 0; at < octets.length;) {
                    int n = Math.min(octets.length - at, random.nextInt(1, pieceMax + 1));
                    byte[] piece = new byte[n];
                    System.arraycopy(octets, at, piece, 0, n);
                    wire.sendIfTaken(piece);
                    at += n;
                }
            });
            for (Expected request : pipeline) {
                request.verify(wire.read(request.method()), about);
            }
            wire.expectEnd();
            sender.join();
        }
    }

    /** As a load of many kinds at once, from several clients: nothing is lost, doubled, swapped or cut. */
    @Test
    void rule61_everyRequestIsAnsweredOnceAndInOrder() throws Exception {
        long seed = System.nanoTime();
        int clients = 8;
        try (ExecutorService threads = Executors.newFixedThreadPool(clients)) {
            List<Future<Void>> ends = new ArrayList<>();
            for (int client = 0; client < clients; client++) {
                Random random = new Random(seed + client);
                String about = "seed " + seed + ", client " + client;
                Callable<Void> work = () -> {
                    for (int run = 0; run < 6; run++) {
                        int pieceMax = new int[] {5, 100, 5_000, 1_000_000}[random.nextInt(4)];
                        verify(randomPipeline(random, random.nextInt(1, 20)), random, pieceMax, about);
                    }
                    return null;
                };
                ends.add(threads.submit(work));
            }
            for (Future<Void> end : ends) {
                end.get(50, TimeUnit.SECONDS);
            }
        }
        awaitNoConnection();
    }

    private static final List<Expected> SHORT_ONES = List.of(ok(get("/loop?1"), "loop 1"),
            ok(request("HEAD", "/thread?2"), ""), ok("\r\n" + postChunks("/echo", "ab", "c"), "abc"),
            ok(post("/thread/echo", "de\r\n"), "de\r\n"), ok(post("/ignore?3", "GET /"), "ignored 3"),
            new Expected(get("/status/204"), 204, "", false),
            new Expected(get("/thread?4", "Connection: Close"), 200, "thread 4", true));

    @Test
    void rule93_twoPiecesCutAtEveryPosition() throws IOException {
        StringBuilder all = new StringBuilder();
        SHORT_ONES.forEach(request -> all.append(request.wire()));
        for (int cut = 0; cut <= all.length(); cut++) {
            try (HttpWire wire = new HttpWire(server().addresses().getFirst())) {
                wire.send(all.substring(0, cut)).send(all.substring(cut));
                for (Expected request : SHORT_ONES) {
                    request.verify(wire.read(request.method()), "cut at " + cut);
                }
                wire.expectEnd();
            }
        }
    }

    @Test
    void rule93_and_94_aRequestIsAnsweredWhenItsLastOctetComesAndNotBefore() throws IOException {
        HttpWire wire = connect();
        for (Expected request : SHORT_ONES) {
            if (request.wire().contains("/ignore")) {
                continue; // a handler that does not read its body need not wait for it
            }
            wire.sendByteByByte(request.wire().substring(0, request.wire().length() - 1));
            wire.socket.setSoTimeout(1);
            boolean silent = false;
            try {
                wire.replies.stream().read();
            } catch (SocketTimeoutException nothing) {
                silent = true;
            }
            wire.socket.setSoTimeout(20_000);
            assertTrue(silent, request.wire());
            wire.send(request.wire().substring(request.wire().length() - 1));
            request.verify(wire.read(request.method()), request.wire());
        }
    }

    @Test
    void rule70_aCompleteRequestIsAnsweredAlthoughTheNextHasBegun() throws IOException {
        HttpWire wire = connect();

        wire.send(get("/loop?1") + "GET /thr");
        assertEquals("loop 1", wire.read("GET").text());
        wire.send("ead?2 HTTP/1.1\r\n" + HOST + "\r\nPOST /echo HTTP/1.1\r\n" + HOST + "Content-Length: 3\r\n\r\na");
        assertEquals("thread 2", wire.read("GET").text());
        wire.send("bc" + get("/thread?3") + "G");
        assertEquals("abc", wire.read("POST").text());
        assertEquals("thread 3", wire.read("GET").text());
    }

    @Test
    void rule70_anAnswerDoesNotWaitForTheHandlerOfTheNextRequest() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        serve(Router.builder().get("/loop", Handler.nonBlocking(request -> Response.text("at once")))
                .get("/wait", request -> {
                    assertTrue(release.await(20, TimeUnit.SECONDS));
                    return Response.text("waited");
                }).build());
        HttpWire wire = connect();

        wire.send(get("/loop") + get("/loop") + get("/wait") + get("/loop"));

        assertEquals("at once", wire.read("GET").text());
        assertEquals("at once", wire.read("GET").text());
        release.countDown();
        assertEquals("waited", wire.read("GET").text());
        assertEquals("at once", wire.read("GET").text());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/loop", "/thread", "/status/304"})
    void rule69_thousandsOfRequestsOfAClientThatReadsLate(String target) throws Exception {
        int count = 3_000;
        HttpWire wire = connect();
        Thread sender = Thread.ofVirtual().start(() -> wire.sendIfTaken(latin1(get(target).repeat(count))));
        await("the server is at work", () -> server().statistics().requests() > 0);

        for (int i = 0; i < count; i++) {
            assertFalse(wire.read("GET").closes());
        }
        sender.join();
    }

    @Test
    void rule62_aConnectionIsUsedAgainAndAgain() throws IOException {
        HttpWire wire = connect();

        for (int i = 0; i < 200; i++) {
            assertEquals("loop " + i, wire.send(get("/loop?" + i)).read("GET").text());
            assertEquals("thread " + i, wire.send(get("/thread?" + i)).read("GET").text());
            assertEquals(404, wire.send(get("/nowhere")).read("GET").status());
            assertEquals(405, wire.send(post("/loop", "body")).read("POST").status());
        }
        assertEquals(1, server().statistics().acceptedConnections());
        assertEquals(800, server().statistics().requests());
    }
}
