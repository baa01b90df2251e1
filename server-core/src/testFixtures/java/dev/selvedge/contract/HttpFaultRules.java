package dev.selvedge.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvedge.server.Handler;
import dev.selvedge.server.Limits;
import dev.selvedge.server.RefusedRequest;
import dev.selvedge.server.Response;
import dev.selvedge.server.Router;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Slow, vanishing and too many clients, and handlers that fail: the server goes on (rules 94, 98, 99). */
public abstract class HttpFaultRules extends HttpSuite {

    private static final Limits PATIENT = Limits.DEFAULT.withHeaderTimeout(Duration.ofMinutes(1))
            .withIdleTimeout(Duration.ofMinutes(1)).withPaceTime(Duration.ofMinutes(1));
    private static final Duration SHORT = Duration.ofMillis(150);

    // ---- slow clients

    @Test
    void aHeadHasItsDeadline() throws IOException {
        serve(HttpSite.in(directory), PATIENT.withHeaderTimeout(SHORT));
        HttpWire first = connect();
        HttpWire second = connect();

        first.send("G");
        second.send(get("/loop")).read("GET");
        second.send("GET / HTTP/1.1\r\nHost: te");

        for (HttpWire wire : List.of(first, second)) {
            HttpReply reply = wire.read("GET");
            assertEquals(408, reply.status());
            assertTrue(reply.closes());
            wire.expectEnd();
        }
    }

    @Test
    void octetsNowAndThenDoNotMoveTheDeadlineOfAHead() throws IOException {
        serve(HttpSite.in(directory), PATIENT.withHeaderTimeout(SHORT));
        HttpWire wire = connect();
        wire.send("GET / HTTP/1.1\r\n" + HOST + "X: ");
        wire.socket.setSoTimeout(20);
        long begin = System.nanoTime();

        int first = -1;
        while (first < 0) {
            assertTrue(System.nanoTime() - begin < PATIENCE_NANOS, "it may go on like this");
            try {
                first = wire.replies.stream().read();
            } catch (SocketTimeoutException stillWaiting) {
                wire.sendIfTaken(latin1("x"));
            }
        }

        assertEquals('H', first);
        assertTrue(new String(wire.replies.stream().readNBytes(11)).endsWith("408"));
    }

    @Test
    void anIdleConnectionIsClosedWithoutAWord() throws IOException {
        serve(HttpSite.in(directory), PATIENT.withIdleTimeout(SHORT));
        HttpWire fresh = connect();
        HttpWire used = connect();
        HttpWire usedByThread = connect();
        HttpWire emptyLines = connect();

        used.send(get("/loop")).read("GET");
        usedByThread.send(get("/thread")).read("GET");
        emptyLines.send(get("/loop") + "\r\n").read("GET");

        for (HttpWire wire : List.of(fresh, used, usedByThread, emptyLines)) {
            wire.expectEnd();
        }
        awaitNoConnection();
    }

    @Test
    void rule94_aConnectionThatWaitsForItsHandlerIsNotIdle() throws Exception {
        CompletableFuture<Void> release = new CompletableFuture<>();
        serve(request -> {
            release.get(20, TimeUnit.SECONDS);
            return Response.text("at last");
        }, PATIENT.withIdleTimeout(Duration.ofMillis(20)).withHeaderTimeout(Duration.ofMillis(20))
                .withPaceTime(Duration.ofMillis(20)));
        HttpWire wire = connect();
        wire.send(get("/"));
        wire.socket.setSoTimeout(200);
        assertThrows(SocketTimeoutException.class, () -> wire.replies.stream().read());
        wire.socket.setSoTimeout(20_000);

        release.complete(null);

        assertEquals("at last", wire.read("GET").text());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/echo", "/thread/echo", "/sum"})
    void aBodyThatStallsIsRefused(String target) throws IOException {
        serve(HttpSite.in(directory), PATIENT.withPaceTime(SHORT));
        try (HttpLog log = new HttpLog()) {
            for (String start : List.of("", "abc")) {
                HttpWire wire = connect();

                wire.send(request("POST", target, "Content-Length: 9") + start);

                HttpReply reply = wire.read("POST");
                assertEquals(408, reply.status());
                assertTrue(reply.closes());
                wire.expectEnd();
            }
            assertEquals(List.of(), log.records());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/ignore", "/nowhere"})
    void rule94_aBodyThatNobodyReadsAndThatStallsIsNoWholeRequest(String target) throws IOException {
        serve(HttpSite.in(directory), PATIENT.withPaceTime(SHORT));
        HttpWire wire = connect();

        wire.send(request("POST", target, "Content-Length: 9") + "abc");

        assertEquals(408, wire.read("POST").status());
        wire.expectEnd();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/large", "/thread/large", "/file", "/stream", "/loop/stream", "/exact"})
    void aClientThatTakesNothingIsCutOff(String target) throws IOException {
        serve(HttpSite.in(directory), PATIENT.withPaceTime(Duration.ofMillis(30)).withMinBytesPerSecond(100_000));
        try (HttpLog log = new HttpLog()) {
            HttpWire wire = closedLater(new HttpWire(server().addresses().getFirst(), 2_000));

            Thread.ofVirtual().start(() -> wire.sendIfTaken(latin1(get(target).repeat(100))));

            await("it is served", () -> server().statistics().requests() > 0);
            awaitNoConnection();
            assertEquals(List.of(), log.records());
        }
    }

    // ---- clients that vanish

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void rule98_clientsThatVanishAtAnyStageHarmNobody(boolean reset) throws Exception {
        serve(HttpSite.in(directory));
        List<String> stages = List.of("", "G", "GET /loop HTTP/1.1\r\nHost:", get("/loop"), get("/thread"),
                get("/large"), get("/thread/large"), get("/file"), get("/thread/file"), get("/stream"),
                get("/loop/stream"), get("/exact"), get("/stream").repeat(50), get("/large").repeat(50),
                request("POST", "/echo", "Content-Length: 100") + "abc",
                request("POST", "/thread/echo", "Content-Length: 100") + "abc",
                request("POST", "/sum", "Transfer-Encoding: chunked") + "3\r\nab",
                request("POST", "/ignore", "Content-Length: 100"),
                request("POST", "/echo", "Expect: 100-continue", "Content-Length: 3"), "nonsense\r\n");
        try (HttpLog log = new HttpLog()) {
            for (int round = 0; round < 5; round++) {
                for (String stage : stages) {
                    HttpWire wire = connect();
                    wire.send(stage);
                    if (round > 2 && stage.startsWith("GET") && stage.endsWith("\r\n\r\n")) {
                        wire.replies.readHead("GET");
                    }
                    if (reset) {
                        wire.reset();
                    } else {
                        wire.close();
                    }
                    assertEquals("thread 1", exchange(get("/thread?1")).text());
                }
            }
            awaitNoConnection();
            assertEquals(List.of(), log.records(), "what clients do is no error of ours");
        }
    }

    /** Nobody waits for the rest of a body whose client is gone, and nobody calls that a body that came too late. */
    @ParameterizedTest
    @ValueSource(strings = {"Connection: keep-alive", "Expect: 100-continue"})
    void rule98_aResetEndsTheCallThatReadsTheBodyAtOnce(String field) throws Exception {
        Semaphore reading = new Semaphore(0);
        List<RefusedRequest> refused = Collections.synchronizedList(new ArrayList<>());
        start(builder(request -> {
            reading.release();
            return Response.text(request.body().text());
        }).limits(PATIENT).onRefusal(refused::add));
        HttpWire wire = connect();
        wire.send(request("POST", "/", "Content-Length: 3", field));
        assertTrue(reading.tryAcquire(20, TimeUnit.SECONDS));

        wire.reset();

        awaitNoConnection();
        assertEquals(List.of(), refused);
    }

    @Test
    void aHandlerThatWritesToNobodyIsToldSo() throws Exception {
        CompletableFuture<Exception> failure = new CompletableFuture<>();
        serve(request -> Response.stream(HttpSite.TEXT, out -> {
            try {
                for (;;) {
                    out.write(new byte[10_000]);
                }
            } catch (IOException e) {
                failure.complete(e);
                assertThrows(IOException.class, () -> out.write(1));
                throw e;
            }
        }));
        try (HttpLog log = new HttpLog()) {
            HttpWire wire = connect();
            wire.send(get("/")).replies.readHead("GET");
            wire.reset();

            assertTrue(failure.get(20, TimeUnit.SECONDS) instanceof IOException);
            awaitNoConnection();
            assertEquals(List.of(), log.records());
        }
    }

    // ---- handlers that fail

    private static Response fail(String how) throws Exception {
        return switch (how) {
            case "exception" -> throw new Exception("secret");
            case "runtime" -> throw new IllegalStateException("secret");
            case "io" -> throw new IOException("secret");
            case "error" -> throw new AssertionError("secret");
            case "overflow" -> fail(how);
            case "memory" -> Response.bytes("secret", new byte[Integer.MAX_VALUE]);
            default -> null;
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"exception", "runtime", "io", "error", "overflow", "memory", "null"})
    void aHandlerThatFailsIsAnswered500AndTheServerGoesOn(String how) throws IOException {
        serve(Router.builder().get("/loop", Handler.nonBlocking(request -> fail(how)))
                .post("/loop", Handler.nonBlocking(request -> fail(how))).get("/thread", request -> fail(how))
                .post("/thread", request -> fail(how)).get("/", request -> Response.text("fine")).build());
        try (HttpLog log = new HttpLog()) {
            HttpWire wire = connect();
            for (String request : List.of(get("/loop"), get("/thread"), post("/loop", "body"), post("/thread", "body"),
                    postChunks("/thread", "body"))) {
                HttpReply reply = wire.send(request + get("/")).read(method(request));
                assertEquals(500, reply.status());
                assertFalse(reply.toString().contains("secret"), reply.toString());
                assertFalse(reply.text().contains("at "), reply.toString());
                assertEquals("fine", wire.read("GET").text());
            }
            List<LogRecord> records = log.records();
            assertEquals(5, records.size());
            for (LogRecord each : records) {
                assertEquals(Level.SEVERE, each.getLevel());
                assertTrue(each.getThrown() != null && each.getMessage().contains("/"), each.getMessage());
            }
        }
    }

    /** Whoever still holds the stream can't put anything between the answers that follow. */
    @Test
    void aStreamOfAWriterThatHasFailedTakesNoMore() throws Exception {
        CompletableFuture<OutputStream> kept = new CompletableFuture<>();
        serve(Router.builder().get("/fails", request -> Response.stream(HttpSite.TEXT, out -> {
            out.write(1);
            kept.complete(out);
            throw new IOException("before anything was sent");
        })).get("/", request -> {
            OutputStream out = kept.get(20, TimeUnit.SECONDS);
            assertThrows(IOException.class, () -> out.write(new byte[1000]));
            assertThrows(IOException.class, () -> out.write(1));
            out.flush();
            return Response.text("fine");
        }).build());
        try (HttpLog log = new HttpLog()) {
            HttpWire wire = connect();

            assertEquals(500, wire.send(get("/fails")).read("GET").status());
            assertEquals("fine", wire.send(get("/")).read("GET").text());
            assertEquals(1, log.records().size());
        }
    }

    /** The handler's own thread is the one that is at work, whoever else reads the body for it. */
    @Test
    void aHandlerWhoseBodyIsReadByAnotherThreadMayCloseItsServer() throws Exception {
        serve(request -> {
            Thread reader = Thread.ofVirtual().start(() -> {
                try {
                    request.body().bytes();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            reader.join();
            server().close();   // would wait for the grace period
            return Response.text("closing");
        });
        HttpWire wire = connect();
        wire.send(request("POST", "/", "Content-Length: 3", "Expect: 100-continue"));
        wire.replies.readHead("POST");

        assertEquals("closing", wire.send("abc").read("POST").text());
    }

    @Test
    void aHandlerThatInterruptsItselfIsAHandlerLikeOthers() throws IOException {
        serve(request -> {
            Thread.currentThread().interrupt();
            return Response.text("interrupted");
        });
        HttpWire wire = connect();

        for (int i = 0; i < 5; i++) {
            assertEquals("interrupted", wire.send(get("/")).read("GET").text());
        }
    }

    // ---- too much

    @Test
    void tooManyBlockingHandlersAreRefusedWithRetryAfter() throws Exception {
        Semaphore arrived = new Semaphore(0);
        CountDownLatch release = new CountDownLatch(1);
        Handler waiting = request -> {
            arrived.release();
            assertTrue(release.await(20, TimeUnit.SECONDS));
            return Response.text("done");
        };
        serve(Router.builder().get("/wait", waiting).get("/loop", Handler.nonBlocking(request -> Response.text("loop")))
                .get("/stream", Handler.nonBlocking(request -> Response.stream(HttpSite.TEXT, out -> out.write(1))))
                .build(), Limits.DEFAULT.withMaxBlockingHandlers(3));
        List<HttpWire> waiters = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            waiters.add(connect().send(get("/wait")));
        }
        assertTrue(arrived.tryAcquire(3, 20, TimeUnit.SECONDS));

        for (String target : List.of("/wait", "/stream")) {
            HttpReply refused = exchange(get(target));
            assertEquals(503, refused.status());
            assertEquals("1", refused.first("Retry-After"));
            assertTrue(refused.closes());
        }
        assertEquals("loop", exchange(get("/loop")).text());
        release.countDown();
        for (HttpWire each : waiters) {
            assertEquals("done", each.read("GET").text());
        }
        assertEquals("done", exchange(get("/wait")).text());
    }

    @Test
    void connectionsBeyondTheLimitWaitForTheirTurn() throws Exception {
        serve(HttpSite.in(directory), Limits.DEFAULT.withMaxConnections(2));
        try (HttpLog log = new HttpLog()) {
            HttpWire one = connect();
            HttpWire two = connect();
            one.send(get("/loop")).read("GET");
            two.send(get("/loop")).read("GET");
            HttpWire three = connect().send(get("/loop?3"));
            HttpWire four = connect().send(get("/thread?4"));
            log.await(Level.WARNING, "maxConnections");
            three.socket.setSoTimeout(150);
            assertThrows(SocketTimeoutException.class, () -> three.replies.stream().read());
            three.socket.setSoTimeout(20_000);
            assertEquals(2, server().statistics().acceptedConnections());
            assertEquals("thread 1", one.send(get("/thread?1")).read("GET").text(), "those that are in go on");
            assertEquals("loop 2", two.send(get("/loop?2")).read("GET").text());

            one.close();
            assertEquals("loop 3", three.read("GET").text());
            assertEquals(3, server().statistics().acceptedConnections());
            three.reset();
            assertEquals("thread 4", four.read("GET").text());

            assertEquals(1, log.records().size(), "it is said once");
        }
    }

    @Test
    void rule99_manyIdleAndHalfSentConnectionsBlockNobody() throws IOException {
        serve(HttpSite.in(directory), PATIENT);
        List<HttpWire> crowd = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            crowd.add(connect().send(switch (i % 4) {
                case 0 -> "";
                case 1 -> "GET / HTTP/1.1\r\nHo";
                case 2 -> request("POST", "/thread/echo", "Content-Length: 10") + "abc";
                default -> get("/large") + get("/large");
            }));
        }
        for (int i = 0; i < 100; i++) {
            assertEquals("thread " + i, exchange(get("/thread?" + i)).text());
        }
        for (int i = 2; i < crowd.size(); i += 4) {
            assertEquals("abc1234567", crowd.get(i).send("1234567").read("POST").text());
        }
    }

    @Test
    void aHandlerThatHoldsUpTheLoopIsReportedWithItsStack() throws Exception {
        AtomicBoolean release = new AtomicBoolean();
        start(builder(Handler.nonBlocking(request -> {
            holdUp(release);
            return Response.text("late");
        })).slowHandlerThreshold(Duration.ofMillis(20)));
        try (HttpLog log = new HttpLog()) {
            HttpWire wire = connect();
            wire.send(get("/"));
            LogRecord warning = log.await(Level.WARNING, "busy");
            assertTrue(warning.getMessage().contains("holdUp"), warning.getMessage());
            release.set(true);

            assertEquals("late", wire.read("GET").text());
            assertEquals(1, log.records().size(), "one call is reported once");
        }
    }

    private static void holdUp(AtomicBoolean release) {
        await("the report", release::get);
    }

    // ---- leaks

    @Test
    void noDescriptorIsLeftAfterAnyOfThis() throws Exception {
        serve(HttpSite.in(directory));
        exchange(get("/file"));
        awaitNoConnection();
        int before = descriptors();
        for (int i = 0; i < 20; i++) {
            for (String target : List.of("/file", "/thread/file", "/large", "/stream", "/nowhere")) {
                exchange(get(target));
                HttpWire cut = connect();
                cut.send(get(target).repeat(20)).replies.readHead("GET");
                cut.reset();
                exchange(request("HEAD", target));
            }
        }
        awaitNoConnection();

        await("descriptors are closed: " + before + " before, " + descriptors() + " now",
                () -> descriptors() <= before);
    }

    /** Returns how many descriptors this process has, or 0 where nobody tells. */
    static int descriptors() {
        String[] all = new File("/proc/self/fd").list();
        return all == null ? 0 : all.length;
    }
}
