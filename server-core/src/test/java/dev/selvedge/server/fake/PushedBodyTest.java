package dev.selvedge.server.fake;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvedge.server.Response;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Iterator;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A body that is pushed goes out piece by piece. */
@Timeout(60)
class PushedBodyTest {

    @AutoClose
    private final FakeServer server = FakeServer.start();

    private final PushedBody body = new PushedBody();

    private Socket get() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
        socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(ISO_8859_1));
        return socket;
    }

    /** Reads exactly what is expected, which may come in parts. */
    private static void expect(String octets, Socket socket) throws IOException {
        assertEquals(octets, new String(socket.getInputStream().readNBytes(octets.length()), ISO_8859_1));
    }

    private static String head(Socket socket) throws IOException {
        StringBuilder head = new StringBuilder();
        InputStream in = socket.getInputStream();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) in.read());
        }
        return head.toString();
    }

    @Test
    void eachPieceIsAChunkOfItsOwnWhenItIsPushed() throws Exception {
        server.on("/").respond(Response.stream("text/plain", body));
        try (Socket socket = get()) {
            assertTrue(head(socket).startsWith("HTTP/1.1 200 OK\r\n"));
            body.push("hello");
            expect("5\r\nhello\r\n", socket);
            body.push(new byte[] {0, 1});
            expect("2\r\n\0\1\r\n", socket);
            try (Socket later = get()) {
                head(later);
                body.push("x");
                expect("1\r\nx\r\n", socket);
                body.end();
                expect("0\r\n\r\n", socket);
                expect("5\r\nhello\r\n2\r\n\0\1\r\n1\r\nx\r\n0\r\n\r\n", later);
            }
        }
        server.assertNoUnmatched();
    }

    @Test
    void aBodyThatIsBrokenOffHasNoEnd() throws Exception {
        server.on("/").respond(Response.stream("text/plain", body));
        body.push("hello");
        try (Socket socket = get()) {
            head(socket);
            body.breakOff();
            expect("5\r\nhello\r\n", socket);
            int next;
            try {
                next = socket.getInputStream().read();
            } catch (IOException e) {
                next = -1;
            }
            assertEquals(-1, next);
        }
    }

    @Test
    void faultsAreAddedAsToAnyResponse() throws Exception {
        server.enqueue(Reply.of(Response.stream("text/plain", body)).with(Fault.delayBetweenChunks(ofMillis(20))));
        body.push("a").push("b").push("c").end();
        long start = System.nanoTime();
        try (Socket socket = get()) {
            head(socket);
            expect("1\r\na\r\n1\r\nb\r\n1\r\nc\r\n0\r\n\r\n", socket);
        }
        assertTrue(System.nanoTime() - start >= ofMillis(40).toNanos());
    }

    @Test
    void eventsAreWrittenAsBrowsersReadThem() throws Exception {
        server.on("GET", "/events").respond(Response.stream("text/event-stream", body));
        try (HttpClient client = HttpClient.newHttpClient()) {
            var response = client.send(HttpRequest.newBuilder(server.uri("/events")).build(), BodyHandlers.ofLines());
            assertEquals("text/event-stream", response.headers().firstValue("Content-Type").orElseThrow());
            Iterator<String> lines = response.body().iterator();
            body.push(ServerSentEvent.of("two\nlines").withType("tick").withId("7").withRetry(ofSeconds(2)));
            for (String line : "event: tick|id: 7|retry: 2000|data: two|data: lines|".split("\\|", -1)) {
                assertEquals(line, lines.next());
            }
            body.push(ServerSentEvent.comment("still here")).push(ServerSentEvent.of(""));
            assertEquals(": still here", lines.next());
            assertEquals("", lines.next());
            assertEquals("data: ", lines.next());
            body.end();
            assertEquals("", lines.next());
            assertTrue(!lines.hasNext());
        }
    }

    @Test
    void closingTheServerEndsAStream() throws Exception {
        server.on("/").respond(Response.stream("text/plain", body));
        try (Socket socket = get()) {
            head(socket);
            server.close();
            assertThrows(IOException.class, () -> {
                if (socket.getInputStream().read() < 0) {
                    throw new IOException("the end");
                }
            });
        }
    }

    @Test
    void mistakesAreRefusedAtOnce() {
        assertThrows(IllegalArgumentException.class, () -> body.push(""));
        body.end();
        assertThrows(IllegalStateException.class, () -> body.push("a"));
        assertThrows(IllegalStateException.class, body::end);
        assertThrows(IllegalStateException.class, body::breakOff);
        assertThrows(IllegalArgumentException.class, () -> ServerSentEvent.of("a").withId("a\0"));
        assertThrows(IllegalArgumentException.class, () -> ServerSentEvent.of("a").withId("a\n"));
        assertThrows(IllegalArgumentException.class, () -> ServerSentEvent.of("a").withType("a\r"));
        assertThrows(IllegalArgumentException.class, () -> ServerSentEvent.of("a").withRetry(ofMillis(-1)));
        assertThrows(IllegalArgumentException.class, () -> ServerSentEvent.comment("a\nb"));
    }
}
