package dev.selvedge.server.fake;

import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvedge.server.Response;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Closing returns at once and throws nothing, whatever is under way. */
@Timeout(60)
class FakeServerCloseTest {

    /** Far less than any waiting below, far more than any machine needs. */
    private static final Duration AT_ONCE = ofSeconds(5);

    private final FakeServer server = FakeServer.start();

    private void closesAtOnce() {
        assertTimeoutPreemptively(AT_ONCE, server::close);
        assertTimeoutPreemptively(AT_ONCE, server::close);
        assertThrows(IOException.class, () -> connect().close());
    }

    private Socket connect() throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), server.port());
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static void assertEnds(Socket socket) throws IOException {
        try (InputStream in = socket.getInputStream()) {
            in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            assertEquals("Connection reset", e.getMessage());
        }
    }

    @Test
    void withClientsThatSayNothingHalfAndTooMuch() throws Exception {
        server.on("/a").respond(Response.text("a"));
        try (Socket nothing = connect(); Socket head = connect(); Socket body = connect(); Socket idle = connect()) {
            send(head, "GET /a HTT");
            send(body, "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc");
            send(idle, "GET /a HTTP/1.1\r\nHost: a\r\n\r\nGET /a HTTP/1.1\r\nHost: a\r\n\r\n");
            server.verify("GET", "/a").times(2).within(ofSeconds(30));

            closesAtOnce();

            assertEnds(nothing);
            assertEnds(head);
            assertEnds(body);
            assertEnds(idle);
        }
    }

    @Test
    void withAClientThatDoesNotRead() throws Exception {
        CountDownLatch full = new CountDownLatch(1);
        server.enqueue(request -> Response.stream("text/plain", out -> {
            for (int i = 0; i < 1000; i++) {
                out.write(new byte[1 << 16]);
                full.countDown();
            }
        }));
        try (Socket socket = connect()) {
            send(socket, "GET /a HTTP/1.1\r\nHost: a\r\n\r\n");
            full.await();

            closesAtOnce();

            assertEnds(socket);
        }
    }

    @Test
    void withHandlersThatWaitAndOneThatCanNotBeInterrupted() throws Exception {
        CountDownLatch entered = new CountDownLatch(3);
        AtomicBoolean interrupted = new AtomicBoolean();
        AtomicBoolean end = new AtomicBoolean();
        CountDownLatch left = new CountDownLatch(2);
        server.on("/wait").respond(request -> {
            entered.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.set(true);
                throw e;
            } finally {
                left.countDown();
            }
            return Response.empty();
        });
        server.on("/spin").respond(request -> {
            entered.countDown();
            waitFor(end);
            left.countDown();
            return Response.empty();
        });
        server.on("/judge").where("patience", request -> {
            entered.countDown();
            waitFor(end);
            return true;
        }).respond(Response.empty());
        try (Socket wait = connect(); Socket spin = connect(); Socket judge = connect()) {
            send(wait, "GET /wait HTTP/1.1\r\nHost: a\r\n\r\n");
            send(spin, "GET /spin HTTP/1.1\r\nHost: a\r\n\r\n");
            send(judge, "GET /judge HTTP/1.1\r\nHost: a\r\n\r\n");
            entered.await();

            closesAtOnce();

            assertEnds(wait);
            assertEnds(spin);
            assertEnds(judge);
        } finally {
            end.set(true);
        }
        left.await();
        assertTrue(interrupted.get());
        server.assertNoUnmatched();     // that handlers are interrupted at the end is nobody's fault
    }

    /** Waits whatever happens. */
    private static void waitFor(AtomicBoolean end) {
        while (!end.get()) {
            LockSupport.parkNanos(1_000_000);
            Thread.interrupted();
        }
    }

    @Test
    void withTestsThatWaitForRequests() throws Exception {
        CompletableFuture<Throwable> taking = inBackground(() -> server.takeRequest(ofSeconds(50)));
        CompletableFuture<Throwable> verifying = inBackground(() -> server.verify("/a").within(ofSeconds(50)));

        closesAtOnce();

        assertEquals(AssertionError.class, taking.get().getClass());
        assertEquals(AssertionError.class, verifying.get().getClass());
    }

    private static CompletableFuture<Throwable> inBackground(Runnable waiting) {
        CompletableFuture<Throwable> thrown = new CompletableFuture<>();
        Thread.startVirtualThread(() -> {
            try {
                waiting.run();
            } catch (Throwable e) {
                thrown.complete(e);
            }
        });
        return thrown;
    }

    @Test
    void byAHandlerOfItsOwn() throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        server.enqueue(request -> {
            server.close();
            closed.countDown();
            return Response.empty();
        });
        try (Socket socket = connect()) {
            send(socket, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            closed.await();
            assertEnds(socket);
        }
        closesAtOnce();
    }

    @Test
    void whileItIsBeingReset() {
        for (int round = 0; round < 100; round++) {
            FakeServer other = FakeServer.start();
            CompletableFuture<Void> resets = CompletableFuture.runAsync(() -> {
                for (;;) {
                    other.reset();
                }
            });
            other.reset();
            other.close();
            ExecutionException end = assertThrows(ExecutionException.class, () -> resets.get(20, TimeUnit.SECONDS));
            assertEquals(IllegalStateException.class, end.getCause().getClass());
            assertThrows(IllegalStateException.class, () -> other.on("/"));
        }
    }

    @Test
    void byAThreadThatIsInterrupted() {
        Thread.currentThread().interrupt();
        server.close();
        assertTrue(Thread.interrupted());
        closesAtOnce();
    }

    @Test
    void withAVerificationThatWasForgotten() {
        server.verify("/a").times(2);
        server.close();
        closesAtOnce();
    }
}
