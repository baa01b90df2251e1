package dev.selvedge.server.fake;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvedge.server.Handler;
import dev.selvedge.server.HttpServer;
import dev.selvedge.server.Limits;
import dev.selvedge.server.Response;
import dev.selvedge.server.fake.FakeConnection.State;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A whole server without sockets, in virtual time. */
@Timeout(20)
class MemoryNetworkTest {

    private static final String GET = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";

    private final MemoryNetwork network = new MemoryNetwork(MemoryNetwork.BEGIN);
    private final FakeClock clock = network.clock();
    private HttpServer server;

    private FakeConnection serve(Limits limits, Handler handler) {
        server = HttpServer.builder().transport(network).listen("localhost", 0).loops(1).limits(limits)
                .withoutServerName().gracePeriod(Duration.ofSeconds(10)).handler(handler).start();
        return connect();
    }

    private FakeConnection serve(Handler handler) {
        return serve(Limits.DEFAULT, handler);
    }

    private FakeConnection connect() {
        return network.connect(server.addresses().getFirst());
    }

    @AfterEach
    void closeServer() {
        if (server != null) {
            network.drive(server::closeNow);
        }
    }

    private static String statusLine(FakeConnection connection) {
        return connection.receivedText().lines().findFirst().orElse("nothing");
    }

    // ---- exchanges

    @Test
    void everyByteOfAResponseIsSeen() {
        FakeConnection client = serve(Handler.nonBlocking(request -> Response.text("Hello")));

        client.write(GET);

        assertEquals("HTTP/1.1 200 OK\r\nDate: Thu, 01 Jan 2026 00:00:00 GMT\r\n"
                + "Content-Type: text/plain; charset=utf-8\r\nContent-Length: 5\r\n\r\nHello", client.receivedText());
        assertEquals("memory", server.transport());
    }

    @Test
    void aRequestMayComeInPieces() {
        FakeConnection client = serve(request -> Response.text(request.body().text()));
        byte[] octets = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc".getBytes(ISO_8859_1);
        for (byte octet : octets) {
            assertEquals("", client.receivedText());
            client.write(octet);
        }
        assertTrue(client.receivedText().endsWith("\r\n\r\nabc"));
    }

    @Test
    void pipelinedRequestsAreAnsweredInOrder() {
        FakeConnection client = serve(request -> Response.text(request.path() + ";"));
        client.write("GET /1 HTTP/1.1\r\nHost: h\r\n\r\nGET /2 HTTP/1.1\r\nHost: h\r\n\r\n");
        String answers = client.receivedText();
        assertTrue(answers.indexOf("/1;") > 0 && answers.indexOf("/2;") > answers.indexOf("/1;"), answers);
    }

    @Test
    void clientsHaveAddressesOfTheirOwn() {
        FakeConnection one = serve(request -> Response.text(String.valueOf(request.remoteAddress().getPort())));
        FakeConnection two = connect();
        one.write(GET);
        two.write(GET);
        assertTrue(one.receivedText().endsWith(String.valueOf(one.localAddress().getPort())));
        assertTrue(two.receivedText().endsWith(String.valueOf(two.localAddress().getPort())));
    }

    @Test
    void aFileIsSent(@TempDir Path folder) throws Exception {
        byte[] content = new byte[3_000_000];
        Arrays.fill(content, (byte) 'x');
        Path file = Files.write(folder.resolve("large"), content);
        FakeConnection client = serve(request -> Response.file(file));

        client.write(GET);

        String received = client.receivedText();
        assertEquals(3_000_000, received.length() - received.indexOf("\r\n\r\n") - 4);
    }

    // ---- time

    @Test
    void anIdleConnectionIsClosedAfterItsTime() {
        FakeConnection client = serve(request -> Response.text("Hello"));
        client.write(GET).received();

        clock.advance(Duration.ofSeconds(60).minusNanos(1));
        assertEquals(State.OPEN, client.state());

        clock.advance(Duration.ofNanos(1));
        assertEquals(State.ENDED, client.state());
        assertEquals("", client.receivedText());
    }

    @Test
    void aSlowHeadIsRefusedAtItsDeadline() {
        FakeConnection client = serve(request -> Response.text("never"));
        clock.advance(Duration.ofSeconds(30));
        client.write("GET / HT");

        clock.advance(Duration.ofSeconds(9));
        client.write("TP/1.1\r\n");
        assertEquals("", client.receivedText());
        clock.advance(Duration.ofSeconds(1));

        assertEquals("HTTP/1.1 408 Request Timeout", statusLine(client));
        assertEquals(State.ENDED, client.state());
    }

    @Test
    void aHandlerThatTakesTooLongIsInterrupted() {
        List<String> seen = new ArrayList<>();
        FakeConnection client = serve(Limits.DEFAULT.withHandlerTimeout(Duration.ofMinutes(10)), request -> {
            try {
                clock.sleep(Duration.ofHours(1));
            } catch (InterruptedException e) {
                seen.add("interrupted at " + clock.instant());
            }
            return Response.text("too late");
        });
        client.write(GET);

        clock.advance(Duration.ofMinutes(10).minusNanos(1));
        assertEquals("", client.receivedText());
        clock.advance(Duration.ofNanos(1));

        assertEquals("HTTP/1.1 503 Service Unavailable", statusLine(client));
        assertEquals(List.of("interrupted at 2026-01-01T00:10:00Z"), seen);
    }

    @Test
    void aBlockingHandlerSleepsByTheClock() {
        FakeConnection client = serve(request -> {
            clock.sleep(Duration.ofMinutes(9));
            return Response.text("at " + clock.instant());
        });
        client.write(GET);

        clock.advance(Duration.ofMinutes(8));
        assertEquals("", client.receivedText());
        clock.advance(Duration.ofMinutes(8));

        assertTrue(client.receivedText().endsWith("\r\n\r\nat 2026-01-01T00:09:00Z"));
    }

    @Test
    void aStreamedResponseComesWhenItIsWritten() {
        FakeConnection client = serve(request -> Response.stream("text/plain", out -> {
            for (int i = 1; i <= 3; i++) {
                out.write(("part " + i).getBytes(ISO_8859_1));
                out.flush();
                sleep(Duration.ofSeconds(100));
            }
        }));
        client.write(GET);

        assertTrue(client.receivedText().endsWith("\r\n\r\n6\r\npart 1\r\n"));
        clock.advance(Duration.ofSeconds(99));
        assertEquals("", client.receivedText());
        clock.advance(Duration.ofSeconds(1));
        assertEquals("6\r\npart 2\r\n", client.receivedText());
        clock.advance(Duration.ofSeconds(200));
        assertEquals("6\r\npart 3\r\n0\r\n\r\n", client.receivedText());
        assertEquals(State.OPEN, client.state());
    }

    private void sleep(Duration time) {
        try {
            clock.sleep(time);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aHandlerWaitsForABodyThatComesLater() {
        List<String> bodies = new ArrayList<>();
        FakeConnection client = serve(request -> {
            bodies.add(request.body().text());
            return Response.text("thanks");
        });
        client.write("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 6\r\n\r\nabc");
        clock.advance(Duration.ofSeconds(4));
        assertEquals(List.of(), bodies);
        client.write("def");

        assertTrue(client.receivedText().endsWith("thanks"));
        assertEquals(List.of("abcdef"), bodies);
    }

    @Test
    void aBodyThatDoesNotComeIsRefused() {
        FakeConnection client = serve(request -> Response.text(request.body().text()));
        client.write("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 6\r\n\r\nabc");
        clock.advance(Duration.ofMinutes(1));
        assertEquals("HTTP/1.1 408 Request Timeout", statusLine(client));
    }

    /** The server's buffers are bounded; a response that nobody takes is not sent for ever. */
    @Test
    void aClientThatDoesNotReadIsCutOff() {
        List<Integer> written = new ArrayList<>();
        FakeConnection client = serve(request -> Response.stream("text/plain", out -> {
            byte[] piece = new byte[10_000];
            for (int i = 0; i < 1_000; i++) {
                out.write(piece);
                written.add(piece.length);
            }
        }));
        client.write(GET);
        int held = written.size();
        assertTrue(held > 1 && held < 100, held + " pieces");

        clock.advance(Duration.ofMinutes(10));

        assertEquals(State.RESET, client.state());
        assertEquals(held, written.size());
        int ownBuffer = 64 * 1024;      // what a handler's thread has put together and could not send
        assertTrue(client.received().length > held * 10_000 - ownBuffer, "what was sent before is not lost");
    }

    @Test
    void aClientThatReadsGetsAll() {
        FakeConnection client = serve(request -> Response.stream("text/plain", out -> {
            for (int i = 0; i < 300; i++) {
                out.write(new byte[10_000]);
            }
        }));
        client.write(GET);
        assertTrue(client.received().length > 3_000_000);
    }

    @Test
    void theDateGoesWithTheClock() {
        FakeConnection client = serve(Handler.nonBlocking(request -> Response.text("")));
        clock.advance(Duration.ofDays(1));
        FakeConnection later = connect();
        later.write(GET);
        assertTrue(later.receivedText().contains("Date: Fri, 02 Jan 2026 00:00:00 GMT\r\n"));
        assertEquals(State.ENDED, client.state());
    }

    @Test
    void aYearPassesInAMoment() {
        serve(request -> Response.text("Hello"));
        long begun = System.nanoTime();
        clock.advance(Duration.ofDays(365));
        assertEquals(Instant.parse("2027-01-01T00:00:00Z"), clock.instant());
        assertTrue(System.nanoTime() - begun < TimeUnit.SECONDS.toNanos(10));
    }

    // ---- how connections end

    @Test
    void aClientMayEndItsSideAndStillReceive() {
        FakeConnection client = serve(request -> Response.text("Hello"));
        client.write(GET).endOutput();
        assertEquals("HTTP/1.1 200 OK", statusLine(client));
        assertEquals(State.ENDED, client.state());
        assertThrows(IllegalStateException.class, () -> client.write(GET));
    }

    @Test
    void aHandlerSeesThatTheClientHasGone() {
        List<String> seen = new ArrayList<>();
        FakeConnection client = serve(request -> {
            try {
                request.body().bytes();
            } catch (IOException e) {
                seen.add("gone");
            }
            return Response.text("");
        });
        client.write("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 6\r\n\r\nabc");
        client.reset();
        assertEquals(List.of("gone"), seen);
        assertEquals(State.RESET, client.state());
        assertEquals(0, server.statistics().openConnections());
    }

    @Test
    void nobodyListensAtAnotherPort() {
        serve(request -> Response.text(""));
        var e = assertThrows(UncheckedIOException.class,
                () -> network.connect(new InetSocketAddress("localhost", 1)));
        assertInstanceOf(ConnectException.class, e.getCause());
    }

    @Test
    void whatTheServerDoesNotTakeIsSaid() {
        FakeConnection client = serve(request -> {
            clock.sleep(Duration.ofHours(1));
            return Response.text("");
        });
        client.write("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000\r\n\r\n");

        int taken = client.offer(new byte[1_000_000]);

        assertTrue(taken > 1_000 && taken < 1_000_000, taken + " taken");
        var e = assertThrows(IllegalStateException.class, () -> client.write("x"));
        assertEquals("only 0 of 1 bytes were sent: the server does not read, and its buffers are full", e.getMessage());
    }

    @Test
    void tooFewBytesAreShown() {
        FakeConnection client = serve(request -> Response.text("Hello"));
        client.write(GET);
        var e = assertThrows(AssertionError.class, () -> client.receive(100_000));
        assertTrue(e.getMessage().startsWith("expected 100000 bytes, but there are "), e.getMessage());
        assertTrue(e.getMessage().contains("the server's end is OPEN"), e.getMessage());
        assertTrue(e.getMessage().endsWith("\r\n\r\nHello"), e.getMessage());
        assertArrayEquals("HTTP".getBytes(ISO_8859_1), client.receive(4));
        assertTrue(client.receivedText().startsWith("/1.1 200 OK"));
        assertThrows(IllegalArgumentException.class, () -> client.receive(-1));
    }

    @Test
    void timePassesUntilEnoughHasCome() {
        FakeConnection client = serve(request -> Response.stream("text/plain", 6, out -> {
            out.write("abc".getBytes(ISO_8859_1));
            out.flush();
            sleep(Duration.ofMinutes(5));
            out.write("def".getBytes(ISO_8859_1));
        }));
        client.write(GET);
        int head = client.receivedText().length() - "abc".length();
        assertTrue(head > 0);

        assertEquals("def", new String(client.receive(3, Duration.ofHours(1)), ISO_8859_1));

        assertEquals(MemoryNetwork.BEGIN.plusSeconds(300), clock.instant());
        assertThrows(AssertionError.class, () -> client.receive(1, Duration.ofSeconds(5)));
        assertEquals(MemoryNetwork.BEGIN.plusSeconds(305), clock.instant());
        assertThrows(IllegalArgumentException.class, () -> client.receive(1, Duration.ofSeconds(-5)));
    }

    @Test
    void charactersThatAreNoBytesAreRefused() {
        FakeConnection client = serve(request -> Response.text(""));
        assertThrows(IllegalArgumentException.class, () -> client.write("GET /\u20ac"));
    }
}
