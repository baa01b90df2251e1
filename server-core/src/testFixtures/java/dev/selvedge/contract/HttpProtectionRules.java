package dev.selvedge.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvedge.server.Handler;
import dev.selvedge.server.HttpServer;
import dev.selvedge.server.Limits;
import dev.selvedge.server.RefusedRequest;
import dev.selvedge.server.Response;
import dev.selvedge.server.Router;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Level;
import org.junit.jupiter.api.Test;

/** What protects a server beyond sizes: the deadline of handlers, and the hook that sees what was refused. */
public abstract class HttpProtectionRules extends HttpSuite {

    private static final Limits HURRIED = Limits.DEFAULT.withHandlerTimeout(Duration.ofMillis(50));

    private final BlockingQueue<RefusedRequest> refused = new LinkedBlockingQueue<>();

    private HttpServer.Builder watched() {
        return builder(HttpSite.in(directory)).onRefusal(refused::add);
    }

    private RefusedRequest nextRefused() throws InterruptedException {
        RefusedRequest next = refused.poll(20, TimeUnit.SECONDS);
        assertTrue(next != null, "nothing was refused");
        return next;
    }

    private static String text(byte[] octets) {
        return new String(octets, StandardCharsets.ISO_8859_1);
    }

    // ---- the deadline of handlers

    @Test
    void aHandlerThatTakesTooLongIsAnsweredForAndInterrupted() throws Exception {
        CountDownLatch interrupted = new CountDownLatch(1);
        AtomicBoolean release = new AtomicBoolean();
        CompletableFuture<Void> ended = new CompletableFuture<>();
        Handler quick = Handler.nonBlocking(request -> Response.text("quick"));
        serve(Router.builder().get("/quick", quick).get("/slow", request -> {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.countDown();
            }
            await("release", release::get);     // a handler that ignores that it was interrupted
            ended.complete(null);
            return Response.text("too late");
        }).build(), HURRIED);

        HttpWire wire = connect();
        HttpReply reply = wire.send(get("/slow") + get("/quick")).read("GET");

        assertEquals(503, reply.status());
        assertEquals("1", reply.first("Retry-After"));
        assertTrue(reply.closes());
        wire.expectEnd();
        wire.close(); // or the server waits for it a while
        assertTrue(interrupted.await(20, TimeUnit.SECONDS));
        assertEquals("quick", exchange(get("/quick")).text());
        release.set(true);
        ended.get(20, TimeUnit.SECONDS);
        awaitNoConnection();
        assertEquals("quick", exchange(get("/quick")).text(), "what the handler returned went nowhere");
    }

    @Test
    void thatIsSaidOnceAndIsNoError() throws Exception {
        Handler slow = request -> {
            new CountDownLatch(1).await();
            return Response.text("never");
        };
        start(builder(slow).limits(HURRIED).onException((request, exception) -> {
            throw new AssertionError("nobody gets this answer");
        }));
        try (HttpLog log = new HttpLog()) {
            for (int i = 0; i < 3; i++) {
                assertEquals(503, exchange(get("/slow")).status());
            }
            server().close();

            assertEquals(1, log.messages(Level.WARNING).size());
            assertTrue(log.messages(Level.WARNING).getFirst().contains("GET /slow"));
            assertEquals(List.of(), log.messages(Level.SEVERE));
        }
    }

    @Test
    void aHandlerThatLeavesItsThreadInterruptedIsAnsweredAsOthers() throws Exception {
        CountDownLatch returning = new CountDownLatch(1);
        serve(request -> {
            Thread.currentThread().interrupt();
            returning.countDown();
            return Response.text("fine");
        });
        HttpWire wire = connect();
        wire.send(request("POST", "/", "Content-Length: 3"));
        assertTrue(returning.await(20, TimeUnit.SECONDS));

        assertEquals("fine", wire.send("abc").read("POST").text());
    }

    @Test
    void theTimeOfReadingTheBodyCounts() throws Exception {
        try (HttpLog log = new HttpLog()) {
            serve(request -> Response.text(request.body().text()), HURRIED);
            HttpWire wire = connect();
            wire.send(request("POST", "/", "Content-Length: 5") + "abc");

            assertEquals(503, wire.read("POST").status());

            wire.expectEnd();
            assertEquals(List.of(), log.messages(Level.SEVERE), "a client that is slow is no error");
        }
    }

    @Test
    void aHandlerThatGoesOnWithoutItsBodyIsAnsweredForAsWell() throws Exception {
        AtomicBoolean release = new AtomicBoolean();
        CompletableFuture<Throwable> second = new CompletableFuture<>();
        serve(request -> {
            try {
                request.body().bytes();
            } catch (IOException e) {
                await("release", release::get);
            }
            try {
                request.body().stream().read();
            } catch (IOException | RuntimeException e) {
                second.complete(e);
            }
            return Response.text("too late");
        }, HURRIED);
        HttpWire wire = connect();
        wire.send(request("POST", "/", "Content-Length: 5") + "abc");

        assertEquals(503, wire.read("POST").status());
        wire.expectEnd();
        wire.close(); // or the server waits for it a while
        release.set(true);

        assertTrue(second.get(20, TimeUnit.SECONDS) != null);
        awaitNoConnection();
    }

    @Test
    void writingTheResponseDoesNotCount() throws Exception {
        serve(request -> Response.stream(HttpSite.TEXT, out -> {
            long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(2_100);
            await("twice the deadline", () -> System.nanoTime() > end);
            out.write('x');
        }), HURRIED.withHandlerTimeout(Duration.ofSeconds(1)));

        HttpReply reply = exchange(get("/"));

        assertEquals("x", reply.text());
        assertFalse(reply.closes());
    }

    @Test
    void aConnectionGoesOnBehindHandlersThatWereInTime() throws Exception {
        serve(request -> Response.text(request.path()), HURRIED.withHandlerTimeout(Duration.ofSeconds(20)));
        HttpWire wire = connect();
        for (int i = 0; i < 50; i++) {
            assertEquals("/" + i, wire.send(post("/" + i, "body")).read("POST").text());
        }
    }

    // ---- the hook

    @Test
    void theHookSeesTheBeginningOfAMalformedRequest() throws Exception {
        start(watched());
        HttpWire wire = connect();
        wire.send(get("/loop")).read("GET");
        wire.send("GET / HTTP/1.1\r\nHost : \u00ff\"\r\n\r\n");

        assertEquals(400, wire.read("GET").status());

        RefusedRequest request = nextRefused();
        assertEquals(400, request.status());
        assertEquals("a header field name is malformed", request.reason());
        assertEquals("GET / HTTP/1.1\r\nHost : \u00ff\"\r\n\r\n", text(request.firstBytes()));
        assertEquals(wire.socket.getLocalPort(), request.remoteAddress().getPort());
        assertEquals("400 a header field name is malformed, from 127.0.0.1:" + wire.socket.getLocalPort()
                + ": \"GET / HTTP/1.1\\r\\nHost : \\xff\\\"\\r\\n\\r\\n\"", request.toString());
        assertEquals(1, server().statistics().refusedRequests());
    }

    @Test
    void theHookSeesARefusedBodyWhoeverReadsIt() throws Exception {
        start(watched());
        for (String target : List.of("/echo", "/thread/echo")) {
            String head = request("POST", target, "Transfer-Encoding: chunked");

            assertEquals(400, exchange(head + "nonsense\r\n").status(), target);

            RefusedRequest request = nextRefused();
            assertEquals("a chunk is malformed", request.reason(), target);
            assertEquals(head.substring(0, Math.min(256, head.length())), text(request.firstBytes()), target);
        }
        assertEquals(2, server().statistics().refusedRequests());
    }

    @Test
    void theHookKeepsNoMoreThanItNeeds() throws Exception {
        start(watched());

        assertEquals(414, exchange("GET /" + "x".repeat(9_000)).status());

        assertEquals(256, nextRefused().firstBytes().length);
    }

    @Test
    void aHookThatFailsHarmsNobody() throws Exception {
        start(watched().onRefusal(request -> {
            refused.add(request);
            throw new IllegalStateException("on purpose");
        }));
        try (HttpLog log = new HttpLog()) {
            assertEquals(400, exchange("nonsense\r\n\r\n").status());
            nextRefused();
            assertEquals(200, exchange(get("/loop")).status());
            await("it is logged", () -> log.messages(Level.SEVERE).size() == 1);
        }
    }
}
