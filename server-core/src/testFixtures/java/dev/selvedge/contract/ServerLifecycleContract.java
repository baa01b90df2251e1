package dev.selvedge.contract;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
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
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a server starts and stops, whatever its transport. */
@Timeout(60)
public abstract class ServerLifecycleContract {

    private static final Duration LONG = Duration.ofSeconds(50);
    private static final Duration SHORT = Duration.ofMillis(100);
    private static final String GET = "GET / HTTP/1.1\r\nHost: test\r\n\r\n";

    /** Returns the name of the transport under test. */
    protected abstract String transport();

    private HttpServer.Builder server(Handler handler) {
        return HttpServer.builder().listen("127.0.0.1", 0).transport(transport()).handler(handler).gracePeriod(LONG)
                .limits(Limits.DEFAULT.withLingerTimeout(SHORT));
    }

    private static Client connect(int port) throws IOException {
        return new Client(new Socket("127.0.0.1", port));
    }

    /** A raw client whose reads give up after a while. */
    private record Client(Socket socket, HttpReplyReader replies) implements AutoCloseable {

        Client(Socket socket) throws IOException {
            socket.setSoTimeout(20_000);
            this(socket, new HttpReplyReader(socket.getInputStream()));
        }

        void send(String octets) throws IOException {
            socket.getOutputStream().write(octets.getBytes(ISO_8859_1));
        }

        HttpReply get() throws IOException {
            send(GET);
            return replies.read("GET");
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private static int get(int port) throws IOException {
        try (Client client = connect(port)) {
            return client.get().status();
        }
    }

    // ---- start

    @Test
    void theSamePortServesOneServerAfterTheOther() throws IOException {
        int port = 0;
        for (int i = 0; i < 20; i++) {
            try (HttpServer server = HttpServer.builder().listen("127.0.0.1", port).transport(transport())
                    .handler(request -> Response.text("here")).start()) {
                port = server.port();
                assertEquals(transport(), server.transport());
                assertEquals(200, get(port));
            }
        }
    }

    @Test
    void manyServersLiveInOneProgram() throws IOException {
        List<HttpServer> servers = new ArrayList<>();
        try {
            for (int i = 0; i < 20; i++) {
                String name = "server " + i;
                servers.add(server(request -> Response.text(name)).loops(1).start());
            }
            for (int i = 0; i < servers.size(); i++) {
                try (Client client = connect(servers.get(i).port())) {
                    assertEquals("server " + i, client.get().text());
                }
            }
        } finally {
            servers.forEach(HttpServer::close);
        }
    }

    @Test
    void oneBuilderStartsIndependentServers() throws IOException {
        HttpServer.Builder builder = server(request -> Response.text("here"));
        try (HttpServer other = builder.start()) {
            HttpServer one = builder.start();
            assertNotEquals(other.port(), one.port());
            one.close();
            assertEquals(200, get(other.port()));
        }
    }

    @Test
    void aPortInUseIsAnErrorThatNamesIt() {
        try (HttpServer first = server(request -> Response.text("first")).start()) {
            UncheckedIOException thrown = assertThrows(UncheckedIOException.class, () -> HttpServer.builder()
                    .listen("127.0.0.1", first.port()).transport(transport())
                    .handler(request -> Response.text("second")).start());
            assertTrue(thrown.getMessage().contains("127.0.0.1:" + first.port()), thrown.getMessage());
            assertTrue(thrown.getMessage().contains("in use"), thrown.getMessage());
        }
    }

    @Test
    void everyListenerIsServedByEveryLoop() throws IOException {
        try (HttpServer server = HttpServer.builder().listen("127.0.0.1", 0).listen("127.0.0.1", 0)
                .listen("127.0.0.1", 0).loops(2).transport(transport())
                .handler(Handler.nonBlocking(request -> Response.text(Thread.currentThread().getName()))).start()) {
            for (InetSocketAddress address : server.addresses()) {
                List<String> loops = new ArrayList<>();
                for (int i = 0; i < 4; i++) {
                    try (Client client = connect(address.getPort())) {
                        loops.add(client.get().text());
                    }
                }
                assertEquals(2, loops.stream().distinct().count(), loops.toString());
            }
            assertEquals(12, server.statistics().acceptedConnections());
            assertEquals(12, server.statistics().requests());
        }
    }

    // ---- stop

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aHandlerMayCloseItsServerAndIsStillAnswered(boolean nonBlocking) throws Exception {
        CompletableFuture<HttpServer> self = new CompletableFuture<>();
        Handler closing = request -> {
            self.get(20, TimeUnit.SECONDS).close();
            return Response.text("closing");
        };
        HttpServer server = server(nonBlocking ? Handler.nonBlocking(closing) : closing).start();
        self.complete(server);
        try (Client client = connect(server.port())) {
            HttpReply reply = client.get();     // would wait for the grace period

            assertEquals("closing", reply.text());
            assertTrue(reply.closes());
            server.close();
            assertThrows(IOException.class, () -> connect(server.port()));
        }
    }

    /** Waits until nobody listens at the port any more. */
    private static void awaitRefusal(int port) {
        for (long end = System.nanoTime() + SECONDS.toNanos(20); System.nanoTime() < end; Thread.onSpinWait()) {
            try (Socket socket = new Socket("127.0.0.1", port)) {
                assertTrue(socket.isConnected());
            } catch (IOException refused) {
                return;
            }
        }
        throw new AssertionError("the server still accepts connections");
    }

    @Test
    void aRequestThatHasBegunToComeInIsAnswered() throws Exception {
        HttpServer server = server(request -> Response.text("done")).start();
        try (Client client = connect(server.port())) {
            assertEquals(200, client.get().status());
            client.send(GET.substring(0, 20));
            CompletableFuture<Void> closing = CompletableFuture.runAsync(server::close);
            awaitRefusal(server.port());
            client.send(GET.substring(20));
            HttpReply reply = client.replies().read("GET");
            assertEquals("done", reply.text());
            assertTrue(reply.closes());
            closing.get(20, SECONDS);
        }
    }

    private static Response hang(CountDownLatch arrived, CountDownLatch interrupted) throws InterruptedException {
        arrived.countDown();
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            interrupted.countDown();
            throw e;
        }
        return Response.text("never");
    }

    @Test
    void closeNowDoesNotWait() throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        HttpServer server = server(request -> hang(arrived, interrupted)).start();
        try (Client client = connect(server.port())) {
            client.send(GET);
            assertTrue(arrived.await(20, SECONDS));
            server.closeNow();
            assertTrue(interrupted.await(20, SECONDS));
            assertThrows(IOException.class, () -> client.replies().read("GET"));
        }
        server.close();
    }

    @Test
    void anInterruptedThreadDoesNotWaitForRequestsButSeesTheEnd() throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        HttpServer server = server(request -> hang(arrived, interrupted)).start();
        try (Client client = connect(server.port())) {
            client.send(GET);
            assertTrue(arrived.await(20, SECONDS));

            Thread.currentThread().interrupt();
            server.close();     // would wait for the grace period

            assertTrue(Thread.interrupted(), "it is for others to take note, too");
            assertEquals(0, server.statistics().openConnections());
            assertThrows(IOException.class, () -> connect(server.port()));
            assertTrue(interrupted.await(20, SECONDS));
        }
    }

    @Test
    void closingTwiceIsClosingOnce() throws IOException {
        HttpServer server = server(request -> Response.text("here")).start();
        assertEquals(200, get(server.port()));
        server.close();
        server.close();
        server.closeNow();
    }

    @Test
    void aClientThatReadsNothingDoesNotHoldUpTheStop() throws IOException {
        byte[] large = new byte[8 << 20];
        HttpServer server = server(Router.builder()
                .get("/", Handler.nonBlocking(request -> Response.bytes("text/plain", large)))
                .get("/stream", request -> Response.stream("text/plain", out -> out.write(large)))
                .build()).gracePeriod(SHORT).start();
        try (Client one = connect(server.port()); Client other = connect(server.port())) {
            one.send(GET);
            other.send("GET /stream HTTP/1.1\r\nHost: test\r\n\r\n");
            one.replies().readHead("GET");
            other.replies().readHead("GET");
            server.close();
        }
        assertEquals(0, server.statistics().openConnections());
    }

    @Test
    void nothingIsLeftBehind() throws IOException {
        long before = loopThreads();
        for (int i = 0; i < 10; i++) {
            try (HttpServer server = server(request -> Response.text("here")).loops(2).start()) {
                get(server.port());
            }
        }
        for (long end = System.nanoTime() + SECONDS.toNanos(20); System.nanoTime() < end; Thread.onSpinWait()) {
            if (loopThreads() <= before) {
                return;
            }
        }
        throw new AssertionError("threads are left: " + Thread.getAllStackTraces().keySet());
    }

    private static long loopThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("selvedge-")).count();
    }
}
