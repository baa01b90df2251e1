package dev.selvedge.server.fake;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvedge.server.Handler;
import dev.selvedge.server.Response;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a test says goes wrong, and nothing else does. */
@Timeout(60)
class FakeServerFaultsTest {

    private static final String GET = "GET /a HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String POST = "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n";

    @AutoClose
    private final FakeServer server = FakeServer.start();

    @AutoClose
    private final Client client = new Client();

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
        socket.setSoTimeout(20_000);
        return socket;
    }

    private Socket send(String octets) throws IOException {
        Socket socket = connect();
        socket.getOutputStream().write(octets.getBytes(ISO_8859_1));
        return socket;
    }

    /** Returns everything up to the end of input, or up to a reset. */
    private static String read(Socket socket) throws IOException {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        try (socket) {
            InputStream in = socket.getInputStream();
            for (int octet = in.read(); octet >= 0; octet = in.read()) {
                octets.write(octet);
            }
        } catch (SocketTimeoutException e) {
            throw e;
        } catch (IOException e) {
            return octets.toString(ISO_8859_1) + "(reset)";
        }
        return octets.toString(ISO_8859_1);
    }

    @Test
    void rawOctetsGoOutAsTheyAre() throws Exception {
        server.enqueue(Reply.raw("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na"))
                .enqueue(Reply.raw(new byte[] {0, (byte) 0xFF}, Ending.FIN));

        assertEquals("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na\0\u00FF", read(send(GET + GET)));
        server.assertNothingUnused();
        server.assertNoUnmatched();
    }

    @Test
    void whatIsMalformedGoesOutAsItsCatalogueSays() throws Exception {
        server.on("/a").respond(Reply.malformed(Malformed.CONTENT_LENGTH_TOO_LARGE));

        assertEquals(new String(Malformed.CONTENT_LENGTH_TOO_LARGE.octets(), ISO_8859_1), read(send(GET)));
        assertThrows(IOException.class, () -> client.get(server.uri("/a")));
    }

    @Test
    void aFaultIsComposedWithAnyResponseAndEndsAtItsOctet() throws Exception {
        Response response = Response.text("hello").withHeader("Date", "today");
        server.on("/a").respond(Reply.of(response).with(Fault.stopAfter(20, Ending.RESET)))
                .then(Reply.of(request -> response).with(Fault.delayBeforeStatus(ofMillis(20)))
                        .with(Fault.stopAfter(29, Ending.FIN)))
                .then(Reply.of(response).with(Fault.closeIdleAfter(ofMillis(1))));

        assertEquals("HTTP/1.1 200 OK\r\nCon(reset)", read(send(GET)));
        long start = System.nanoTime();
        assertEquals("HTTP/1.1 200 OK\r\nContent-Type", read(send(GET)));
        assertTrue(System.nanoTime() - start >= ofMillis(20).toNanos());
        assertTrue(read(send(GET)).endsWith("\r\n\r\nhello"));
        server.assertNoUnmatched();
    }

    @Test
    void anUploadIsBrokenOffAtItsOctet() throws Exception {
        server.on("POST", "/a").header("Host", "a")
                .respond(Reply.of(Response.text("never")).with(Fault.stopRequestAfter(POST.length() + 3, Ending.RESET)));

        assertEquals("(reset)", read(send(POST + "0123456789")));

        RecordedRequest request = server.takeRequest(ofSeconds(20));
        assertFalse(request.isComplete());
        assertEquals(POST + "012", new String(request.bytes(), ISO_8859_1));
        assertEquals("", request.bodyText());
        server.assertNothingUnused();
        server.assertNoUnmatched();
    }

    @ParameterizedTest
    @EnumSource(Ending.class)
    void aRequestWithoutABodyIsBrokenOffBeforeItsHandlerIsAsked(Ending ending) throws Exception {
        server.on("GET", "/a").respond(Reply.of((Handler) request -> {
            throw new AssertionError("it is asked");
        }).with(Fault.stopRequestAfter(10, ending)));
        Socket socket = send(GET);
        RecordedRequest request = server.takeRequest(ofSeconds(20));
        assertFalse(request.isComplete());
        assertEquals(GET.substring(0, 10), new String(request.bytes(), ISO_8859_1));
        socket.close();
        server.assertNothingUnused();
        server.assertNoUnmatched();
    }

    @ParameterizedTest
    @EnumSource(Ending.class)
    void whatAFaultHasCutIsNoRefusalOfTheServer(Ending ending) throws Exception {
        for (int octets : new int[] {0, 5, POST.length() - 1, POST.length(), POST.length() + 3}) {
            server.onNextConnection(ConnectionFault.stopReceivingAfter(octets, ending));
            try (Socket socket = send(POST + "012")) {
                socket.shutdownOutput();
                if (ending != Ending.SILENCE) {
                    read(socket);
                }
            } catch (IOException e) {
                // it has ended already
            }
        }
        server.close();
        assertEquals(List.of(), server.refusedRequests());
    }

    @ParameterizedTest
    @EnumSource(Ending.class)
    void whatIsNoHttpIsToldThoughAFaultHasCutItsRefusal(Ending ending) throws Exception {
        server.onConnection(ConnectionFault.stopSendingAfter(10, ending));
        try (Socket socket = send("HELLO\r\n\r\n")) {
            assertEquals("HTTP/1.1 4", new String(socket.getInputStream().readNBytes(10), ISO_8859_1));
        }
        assertEquals(400, server.refusedRequests().getFirst().status());
        assertThrows(AssertionError.class, server::assertNoUnmatched);
    }

    @Test
    void aClientThatExpectsToBeToldIsNot() throws Exception {
        server.enqueue(Reply.of(Response.text("done")).with(Fault.withoutContinue()));
        String head = "POST /a HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nConnection: close\r\nContent-Length: 2\r\n\r\n";
        try (Socket socket = send(head)) {
            socket.setSoTimeout(50);
            assertThrows(SocketTimeoutException.class, () -> socket.getInputStream().read());
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write("ab".getBytes(ISO_8859_1));
            assertTrue(read(socket).startsWith("HTTP/1.1 200 OK\r\n"));
        }
        assertEquals(head + "ab", new String(server.takeRequest().bytes(), ISO_8859_1));
    }

    @Test
    void aFaultOfTheRequestNeedsItsHeadOnly() throws Exception {
        Reply slow = Reply.of(Response.text("slow")).with(Fault.throttleRequest(1_000_000));
        server.enqueue(slow);
        server.on("POST", "/a").body(body -> body.startsWith("0")).respond(Response.text("body")).once();

        assertEquals("body", client.post(server.uri("/a"), "0123456789").body());
        assertEquals("slow", client.post(server.uri("/a"), "9").body());
        assertEquals("the fault \"request read at 1000000 octets per second\" begins before the request has come whole, so"
                + " the rule for any method /b with luck can't ask for more than its head: leave out body(...) and"
                + " where(...)", assertThrows(IllegalArgumentException.class,
                        () -> server.on("/b").where("luck", request -> true).respond(slow)).getMessage());
    }

    @Test
    void aFaultThatCanNotApplyIsRefusedAtOnce() {
        Reply text = Reply.of(Response.text("hello"));
        Reply raw = Reply.raw("hello");
        refused("the fault \"delay of 5 ms between chunks\" can't apply to Response[200, Content-Type: text/plain;"
                + " charset=utf-8, 5 bytes]: only a response whose length is not known before is sent in chunks:"
                + " Response.stream(type, writer)", () -> text.with(Fault.delayBetweenChunks(ofMillis(5))));
        refused("the fault \"delay of 5 ms between head and body\" can't apply to Response[204, , 0 bytes]: the response"
                + " has no body", () -> Reply.of(Response.empty()).with(Fault.delayBeforeBody(ofMillis(5))));
        refused("the fault \"delay of 5 ms between head and body\" can't apply to 5 raw octets: raw octets have no head"
                + " and no body; stop behind some of them, or send them slowly",
                () -> raw.with(Fault.delayBeforeBody(ofMillis(5))));
        refused("the fault \"after 6 octets of the response, FIN\" can't apply to 5 raw octets: there are only 5 octets",
                () -> raw.with(Fault.stopAfter(6, Ending.FIN)));
        Reply stopped = raw.with(Fault.stopAfter(5, Ending.FIN));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> stopped.with(Fault.stopAfter(4, Ending.RESET)))
                .getMessage().startsWith("there is a fault of this kind already"));
        assertEquals("5 raw octets with after 5 octets of the response, FIN", stopped.toString());
        refused("a character is no octet: \"\u20AC\"; give the bytes of another charset by text.getBytes(charset)",
                () -> Reply.raw("\u20AC"));
    }

    private static void refused(String message, Runnable mistake) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, mistake::run).getMessage());
    }

    @Test
    void connectionsMayGoWrongAllOrTheNextOnly() throws Exception {
        server.on("/a").respond(Response.text("hello"));
        server.onConnection(ConnectionFault.stopSendingAfter(4, Ending.FIN));
        server.onNextConnection(ConnectionFault.stopReceivingAfter(0, Ending.RESET)).onNextConnection();

        assertEquals("(reset)", read(connect()));
        assertTrue(read(send("GET /a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")).endsWith("hello"));
        assertEquals("HTTP", read(send(GET)));
        assertEquals("HTTP", read(send(GET)));
        server.onConnection();
        assertEquals("hello", client.text(server.uri("/a")));
        assertThrows(IllegalArgumentException.class, () -> server.onConnection(
                ConnectionFault.throttleSending(1), ConnectionFault.throttleSending(2)));
    }

    @Test
    void connectionsAreRefusedUntilTheyAreAcceptedAgain() throws Exception {
        server.on("/a").respond(Response.text("hello"));
        assertEquals("hello", client.text(server.uri("/a")));

        server.refuseConnections();
        assertThrows(IOException.class, this::connect);
        assertEquals("hello", client.text(server.uri("/a")));       // the connection that is open goes on
        server.acceptConnections();
        assertEquals("HTTP", read(send(GET.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"))).substring(0, 4));

        server.refuseConnections().reset();
        connect().close();
    }

    @Test
    void idleConnectionsAreClosedUnderTheClient() throws Exception {
        server.on("/a").respond(Response.text("hello"));
        try (Socket socket = send(GET)) {
            InputStream in = socket.getInputStream();
            for (String seen = ""; !seen.endsWith("hello"); seen += (char) in.read()) {
                assertFalse(seen.endsWith("\uFFFF"));
            }
            server.closeIdleConnections();
            assertEquals(-1, in.read());
        }
    }

    @Test
    void aConnectionWhoseHandlerIsAtWorkIsNotIdle() throws Exception {
        server.on("/a").respond((Handler) request -> {
            server.closeIdleConnections();
            return Response.text("still there");
        });
        try (Socket socket = send(GET.replace("Host", "Connection: close\r\nHost"))) {
            assertTrue(read(socket).endsWith("still there"));
        }
    }

    @Test
    void aClosedServerCanNotGoWrong() {
        server.close();
        assertThrows(IllegalStateException.class, () -> server.onConnection());
        assertThrows(IllegalStateException.class, () -> server.onNextConnection());
        assertThrows(IllegalStateException.class, server::refuseConnections);
        assertThrows(IllegalStateException.class, server::acceptConnections);
        assertThrows(IllegalStateException.class, server::closeIdleConnections);
    }

    @Test
    void closingDoesNotWaitForFaults() throws Exception {
        server.onNextConnection(ConnectionFault.delayAccept(ofSeconds(1000)));
        server.on("/delay").respond(Reply.of(Response.text("a")).with(Fault.delayBeforeStatus(ofSeconds(1000))));
        server.on("/slow").respond(Reply.of(Response.text("a")).with(Fault.throttleResponse(1)));
        server.on("/silence").respond(Reply.of(Response.text("a")).with(Fault.stopAfter(1, Ending.SILENCE)));
        server.on("/endless").respond(Reply.malformed(Malformed.ENDLESS_BODY));
        server.on("/stalled").respond(Reply.of(Response.text("a")).with(Fault.throttleRequest(1)));
        try (Socket waiting = connect(); Socket delay = send(GET.replace("/a", "/delay"));
                Socket slow = send(GET.replace("/a", "/slow")); Socket silence = send(GET.replace("/a", "/silence"));
                Socket endless = send(GET.replace("/a", "/endless"));
                Socket stalled = send(POST.replace("/a", "/stalled") + "0123456789")) {
            server.verify("GET", "/{any}").times(4).within(ofSeconds(20));

            long start = System.nanoTime();
            server.close();
            assertTrue(System.nanoTime() - start < ofSeconds(5).toNanos());

            for (Socket socket : new Socket[] {waiting, delay, slow, silence, endless, stalled}) {
                read(socket);
            }
        }
    }

    @Test
    void closingEndsAnEndlessAnswerThatIsReadAllTheTime() throws Exception {
        server.on("/a").respond(Reply.malformed(Malformed.ENDLESS_BODY));
        try (Socket socket = send(GET)) {
            InputStream in = socket.getInputStream();
            assertEquals(1 << 20, in.readNBytes(1 << 20).length);
            CompletableFuture<Void> end = CompletableFuture.runAsync(() -> readAway(in));

            server.close();

            end.get(20, TimeUnit.SECONDS);
        }
    }

    private static void readAway(InputStream in) {
        byte[] scratch = new byte[1 << 16];
        try {
            while (in.read(scratch) >= 0) {
                // goes on
            }
        } catch (SocketTimeoutException e) {
            throw new UncheckedIOException(e);
        } catch (IOException e) {
            // an end as well
        }
    }
}
