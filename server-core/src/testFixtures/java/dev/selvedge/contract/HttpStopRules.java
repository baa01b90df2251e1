package dev.selvedge.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvedge.server.Handler;
import dev.selvedge.server.HttpServer;
import dev.selvedge.server.Limits;
import dev.selvedge.server.Response;
import dev.selvedge.server.Router;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Level;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a server listens, and how it ends: nothing that was begun is lost, and nothing is left. */
public abstract class HttpStopRules extends HttpSuite {

    private static final Duration SHORT = Duration.ofMillis(200);

    /** Stops the server in the background, and waits until it refuses new connections. */
    private CompletableFuture<Void> closing() {
        HttpServer closing = server();
        CompletableFuture<Void> end = new CompletableFuture<>();
        Thread.ofPlatform().daemon().start(() -> {
            closing.close();
            end.complete(null);
        });
        await("nobody listens any more", () -> {
            try (Socket probe = new Socket(InetAddress.getLoopbackAddress(), closing.port())) {
                return !probe.isConnected();
            } catch (IOException refused) {
                return true;
            }
        });
        return end;
    }

    // ---- in order

    @ParameterizedTest
    @ValueSource(strings = {"/large", "/thread/large", "/file", "/thread/file", "/stream", "/loop/stream", "/exact"})
    void aResponseThatIsOnItsWayArrivesWhole(String target) throws Exception {
        serve(HttpSite.in(directory));
        HttpWire wire = closedLater(new HttpWire(server().addresses().getFirst(), 2_000));
        HttpReply head = wire.send(get(target + "?file")).replies.readHead("GET");

        CompletableFuture<Void> end = closing();
        byte[] content = wire.replies.readContent(head).content();
        wire.expectEnd();

        int skipped = target.equals("/thread/file") ? 1000 : 0;
        assertEquals(HttpSite.LARGE_BYTES - skipped, content.length);
        end.get(20, TimeUnit.SECONDS);
        assertEquals(0, server().statistics().openConnections());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/echo", "/thread/echo", "/sum"})
    void anUploadThatIsOnItsWayIsAnsweredAndThenTheConnectionEnds(String target) throws Exception {
        serve(HttpSite.in(directory));
        HttpWire wire = connect();
        wire.send(get("/loop")).read("GET");
        wire.send(request("POST", target, "Content-Length: 6") + "abc");
        await("it has begun", () -> server().statistics().requests() == 2);

        CompletableFuture<Void> end = closing();
        wire.send("def" + get("/never"));

        HttpReply reply = wire.read("POST");
        assertEquals(target.equals("/sum") ? HttpSite.sum(latin1("abcdef")) : "abcdef", reply.text());
        assertTrue(reply.closes());
        wire.expectEnd();
        wire.close(); // or the server waits for it a while
        end.get(20, TimeUnit.SECONDS);
    }

    @Test
    void connectionsWithNothingToDoEndAtOnce() throws Exception {
        serve(HttpSite.in(directory), Limits.DEFAULT.withLingerTimeout(SHORT));
        HttpWire fresh = connect();
        HttpWire used = connect();
        HttpWire usedByThread = connect();
        HttpWire emptyLine = connect();
        used.send(get("/loop")).read("GET");
        usedByThread.send(get("/thread")).read("GET");
        emptyLine.send(get("/loop") + "\r\n").read("GET");
        HttpWire closing = connect();
        closing.send(get("/loop", "Connection: close")).read("GET");
        long begin = System.nanoTime();

        server().close();

        for (HttpWire wire : List.of(fresh, used, usedByThread, emptyLine, closing)) {
            wire.expectEnd();
        }
        assertTrue(System.nanoTime() - begin < TimeUnit.SECONDS.toNanos(10), "the grace period is 50 s");
    }

    @Test
    void theRestOfAPipelineIsNotServed() throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        serve(Router.builder().get("/wait", request -> {
            arrived.countDown();
            assertTrue(release.await(20, TimeUnit.SECONDS));
            return Response.text("waited");
        }).get("/loop", Handler.nonBlocking(request -> Response.text("loop"))).build());
        HttpWire wire = connect();
        wire.send(get("/loop") + get("/wait") + get("/loop") + get("/wait"));
        assertTrue(arrived.await(20, TimeUnit.SECONDS));

        CompletableFuture<Void> end = closing();
        release.countDown();

        assertFalse(wire.read("GET").closes());
        HttpReply last = wire.read("GET");
        assertEquals("waited", last.text());
        assertTrue(last.closes());
        wire.expectEnd();
        wire.close();
        end.get(20, TimeUnit.SECONDS);
        assertEquals(2, server().statistics().requests());
    }

    /** Under load from many clients: each request is answered whole, or the connection ends before its answer. */
    @Test
    void noResponseIsCutWhenTheServerStopsUnderLoad() throws Exception {
        long seed = System.nanoTime();
        for (int round = 0; round < 4; round++) {
            serve(HttpSite.in(directory));
            int clients = 6;
            CountDownLatch busy = new CountDownLatch(clients);
            List<Future<Integer>> answered = new ArrayList<>();
            try (ExecutorService threads = Executors.newFixedThreadPool(clients)) {
                for (int i = 0; i < clients; i++) {
                    Random random = new Random(seed + 10 * round + i);
                    answered.add(threads.submit(() -> requestUntilTheEnd(random, busy)));
                }
                assertTrue(busy.await(20, TimeUnit.SECONDS));
                server().close();
                int sum = 0;
                for (Future<Integer> each : answered) {
                    sum += each.get(20, TimeUnit.SECONDS);
                }
                assertTrue(sum >= server().statistics().requests(), "seed " + seed + ": " + sum + " answers came, "
                        + server().statistics());
            }
        }
    }

    /** Returns how many responses came; fails if one was cut, or if the last did not say that it is the last. */
    private int requestUntilTheEnd(Random random, CountDownLatch busy) throws IOException {
        String[] targets = {"/loop", "/thread", "/large", "/thread/large", "/file", "/thread/file", "/stream",
            "/loop/stream", "/exact"};
        try (HttpWire wire = new HttpWire(server().addresses().getFirst())) {
            for (int answered = 0;; answered++) {
                if (answered == 5) {
                    busy.countDown();
                }
                wire.sendIfTaken(latin1(get(targets[random.nextInt(targets.length)])));
                HttpReply reply;
                try {
                    reply = wire.replies.readAny("GET");
                } catch (SocketException reset) {
                    return answered; // the request came when the connection, idle, had just been closed
                }
                if (reply == null) {
                    return answered;
                }
                assertEquals(200, reply.status());
                if (reply.closes()) {
                    wire.expectEnd();
                    return answered + 1;
                }
            }
        }
    }

    // ---- in no order

    @Test
    void theGracePeriodEndsWhatDoesNotEnd() throws Exception {
        CountDownLatch arrived = new CountDownLatch(2);
        CountDownLatch interrupted = new CountDownLatch(2);
        Handler hanging = request -> {
            arrived.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.countDown();
                throw e;
            }
            return Response.empty();
        };
        start(builder(Router.builder().get("/hang", hanging).get("/stream", request ->
                Response.stream(HttpSite.TEXT, out -> hanging.handle(request))).build()).gracePeriod(SHORT));
        try (HttpLog log = new HttpLog()) {
            HttpWire one = connect().send(get("/hang"));
            HttpWire two = connect().send(get("/stream"));
            HttpWire reading = connect().send(request("POST", "/hang", "Content-Length: 3"));
            HttpWire half = connect().send("GET /");
            assertTrue(arrived.await(20, TimeUnit.SECONDS));
            long begin = System.nanoTime();

            server().close();

            assertTrue(System.nanoTime() - begin >= SHORT.toNanos(), "it waited");
            assertTrue(interrupted.await(20, TimeUnit.SECONDS));
            for (HttpWire wire : List.of(one, two, reading, half)) {
                wire.awaitAnyEnd();
            }
            assertEquals(0, server().statistics().openConnections());
            assertEquals(List.of(), log.records(), "to be interrupted by the server is no error of the handler");
        }
    }

    @Test
    void closeNowDoesNotWaitForAHandlerThatIgnoresInterruptions() throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        AtomicBoolean release = new AtomicBoolean();
        serve(request -> {
            arrived.countDown();
            await("release", release::get);
            return Response.text("too late");
        });
        HttpWire wire = connect();
        wire.send(get("/"));
        assertTrue(arrived.await(20, TimeUnit.SECONDS));

        server().closeNow();
        wire.awaitAnyEnd();

        assertEquals(0, server().statistics().openConnections());
        release.set(true);
    }

    @Test
    void closeNowMayBeCalledWhileCloseWaits() throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        serve(request -> {
            arrived.countDown();
            new CountDownLatch(1).await();
            return Response.empty();
        });
        connect().send(get("/"));
        assertTrue(arrived.await(20, TimeUnit.SECONDS));
        CompletableFuture<Void> end = closing();
        assertFalse(end.isDone());

        server().closeNow();

        end.get(20, TimeUnit.SECONDS);
    }

    /** What a handler on the loop does that has promised not to wait, and does: nobody can end it. */
    private static void hang(CompletableFuture<Void> release) {
        for (;;) {
            try {
                release.get();
                return;
            } catch (InterruptedException | ExecutionException e) {
                // It does not care.
            }
        }
    }

    @Test
    void aHandlerThatHangsOnTheLoopHoldsUpItsLoopOnlyAndNotTheEnd() throws Exception {
        CompletableFuture<Void> release = new CompletableFuture<>();
        CountDownLatch arrived = new CountDownLatch(1);
        serve(Router.builder().get("/loop", Handler.nonBlocking(request ->
                Response.text(Thread.currentThread().getName()))).get("/hang", Handler.nonBlocking(request -> {
                    arrived.countDown();
                    hang(release);
                    return Response.empty();
                })).build());
        try (HttpLog log = new HttpLog()) {
            HttpWire one = connect();
            HttpWire two = connect();
            String loop = one.send(get("/loop")).read("GET").text();
            assertNotEquals(loop, two.send(get("/loop")).read("GET").text(), "there are two loops");

            two.send(get("/hang"));
            assertTrue(arrived.await(20, TimeUnit.SECONDS));
            for (int i = 0; i < 20; i++) {
                assertEquals(loop, one.send(get("/loop")).read("GET").text());
            }
            long begin = System.nanoTime();
            server().closeNow();

            assertTrue(System.nanoTime() - begin < TimeUnit.SECONDS.toNanos(15), "it does not wait without end");
            one.awaitAnyEnd();
            log.await(Level.WARNING, "holds up an event loop");
            release.complete(null);
            two.awaitAnyEnd();
            awaitNoConnection();
        } finally {
            release.complete(null);
        }
    }

    /**
     * Connections that are accepted, dealt and adopted in this moment must not be forgotten: their clients would hang.
     * One whose handshake ends just when the listener is closed may be told nothing by Linux (the reset gets lost)
     * before it sends something. So each sends an octet, when the server has ended.
     */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void everyConnectionEndsWhenTheServerDoes(boolean now) throws Exception {
        for (int round = 0; round < 12; round++) {
            start(builder(HttpSite.in(directory)).loops(4));
            InetSocketAddress address = server().addresses().getFirst();
            CountDownLatch busy = new CountDownLatch(20);
            try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
                List<Future<List<HttpWire>>> clients = new ArrayList<>();
                for (int i = 0; i < 3; i++) {
                    clients.add(threads.submit(() -> connectUntilRefused(address, busy)));
                }
                assertTrue(busy.await(20, TimeUnit.SECONDS));
                if (now) {
                    server().closeNow();
                } else {
                    server().close();
                }
                for (Future<List<HttpWire>> client : clients) {
                    for (HttpWire wire : client.get(20, TimeUnit.SECONDS)) {
                        try (wire) {
                            wire.sendIfTaken(new byte[] {'x'}).awaitAnyEnd();
                        }
                    }
                }
            }
            assertEquals(0, server().statistics().openConnections());
        }
    }

    private static List<HttpWire> connectUntilRefused(InetSocketAddress address, CountDownLatch busy) {
        List<HttpWire> connected = new ArrayList<>();
        try {
            for (;; busy.countDown()) {
                connected.add(new HttpWire(address));
            }
        } catch (IOException refused) {
            return connected;
        }
    }

    // ---- by a handler

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aHandlerMayCloseItsServerNow(boolean nonBlocking) throws Exception {
        CompletableFuture<HttpServer> self = new CompletableFuture<>();
        Handler handler = request -> {
            self.get(20, TimeUnit.SECONDS).closeNow();
            return Response.text("closed");
        };
        self.complete(serve(nonBlocking ? Handler.nonBlocking(handler) : handler));
        HttpWire wire = connect();

        wire.send(get("/")).awaitAnyEnd();

        server().close();
        assertThrows(IOException.class, this::connect);
    }

    // ---- nothing is left

    @Test
    void neitherThreadsNorDescriptorsAreLeft() throws Exception {
        for (int i = 0; i < 2; i++) {
            startUseAndStop();
        }
        int descriptors = HttpFaultRules.descriptors();
        for (int i = 0; i < 15; i++) {
            startUseAndStop();
        }
        await("threads end", () -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith("selvedge-")));
        await("descriptors are closed", () -> HttpFaultRules.descriptors() <= descriptors);
    }

    private void startUseAndStop() throws IOException {
        start(builder(HttpSite.in(directory)).loops(3).gracePeriod(Duration.ofMillis(50)));
        HttpWire unread = new HttpWire(server().addresses().getFirst(), 2_000);
        unread.send(get("/file").repeat(20));
        HttpWire idle = new HttpWire(server().addresses().getFirst());
        exchange(get("/thread/file"));
        server().close();
        unread.close();
        idle.close();
    }

    // ---- where

    @Test
    void aPortInUseIsAnError() throws IOException {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            UncheckedIOException e = assertThrows(UncheckedIOException.class, () -> HttpServer.builder()
                    .listen("127.0.0.1", 0).listen("127.0.0.1", other.getLocalPort()).transport(transport())
                    .handler(request -> Response.empty()).start());
            assertTrue(e.getMessage().contains(Integer.toString(other.getLocalPort())), e.getMessage());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"no-such-host.invalid", "192.0.2.1"})
    void anAddressThatIsNotOursIsAnError(String host) {
        UncheckedIOException e = assertThrows(UncheckedIOException.class, () -> HttpServer.builder().listen(host, 0)
                .transport(transport()).handler(request -> Response.empty()).start());
        assertTrue(e.getMessage().contains(host), e.getMessage());
    }

    @Test
    void severalListenersAndLoopsServeTheSame() throws IOException {
        start(builder(request -> Response.text(Integer.toString(request.localAddress().getPort()))).loops(3)
                .listen("127.0.0.1", 0).listen("127.0.0.1", 0));
        List<InetSocketAddress> addresses = server().addresses();
        assertEquals(3, addresses.stream().distinct().count());
        for (InetSocketAddress address : addresses) {
            for (int i = 0; i < 7; i++) {
                assertEquals(Integer.toString(address.getPort()), connect(address).send(get("/")).read("GET").text());
            }
        }
    }

    @Test
    void ipv6IsServedToo() throws IOException {
        Assumptions.assumeTrue(TransportBench.hasIpv6());
        Handler addresses = request -> Response.text(request.remoteAddress().getAddress().getHostAddress() + " "
                + request.localAddress().getAddress().getHostAddress() + " " + request.localAddress().getPort());
        start(HttpServer.builder().listen("::1", 0).transport(transport()).handler(addresses));
        String six = "0:0:0:0:0:0:0:1";
        assertEquals(six + " " + six + " " + server().port(), exchange(get("/")).text());
        assertEquals("http://[" + six + "]:" + server().port() + "/", server().uri().toString());

        start(HttpServer.builder().listen(0).transport(transport()).handler(addresses));
        for (String loopback : List.of("127.0.0.1", "::1")) {
            InetAddress address = InetAddress.ofLiteral(loopback);
            HttpWire wire = connect(new InetSocketAddress(address, server().port()));
            String expected = address.getHostAddress() + " " + address.getHostAddress() + " " + server().port();
            assertEquals(expected, wire.send(get("/")).read("GET").text());
        }
    }

    @Test
    void aHandlerSeesTheAddressesOfBothEnds() throws IOException {
        start(HttpServer.builder().listen(0).transport(transport())
                .handler(request -> Response.text(request.remoteAddress() + " " + request.localAddress())));
        HttpWire wire = connect(new InetSocketAddress("127.0.0.1", server().port()));

        assertEquals("/127.0.0.1:" + wire.socket.getLocalPort() + " /127.0.0.1:" + server().port(),
                wire.send(get("/")).read("GET").text());
    }

    @Test
    void addressesAreKnownAlsoWhenTheConnectionHasEnded() throws Exception {
        CompletableFuture<InetSocketAddress> remote = new CompletableFuture<>();
        CountDownLatch arrived = new CountDownLatch(1);
        serve(request -> {
            arrived.countDown();
            // no latch here, since closeNow interrupts
            await("the connection ends", () -> server().statistics().openConnections() == 0);
            remote.complete(request.remoteAddress());
            return Response.empty();
        });
        HttpWire wire = connect();
        wire.send(get("/"));
        assertTrue(arrived.await(20, TimeUnit.SECONDS));
        InetSocketAddress local = (InetSocketAddress) wire.socket.getLocalSocketAddress();
        server().closeNow();

        assertArrayEquals(local.getAddress().getAddress(), remote.get(20, TimeUnit.SECONDS).getAddress().getAddress());
        assertEquals(local.getPort(), remote.get().getPort());
    }
}
