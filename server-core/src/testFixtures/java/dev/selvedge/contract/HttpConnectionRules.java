package dev.selvedge.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvedge.contract.HttpReply.Framing;
import dev.selvedge.server.Limits;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How long connections last and how they end (rules 62 to 68, 72, 87, 88, 93 to 96). */
public abstract class HttpConnectionRules extends HttpSuite {

    @BeforeEach
    void startSite() {
        serve(HttpSite.in(directory));
    }

    // ---- persistence

    @ParameterizedTest
    @CsvSource({"Connection: close", "connection: CLOSE", "'Connection: x-unknown , Close,y'",
        "'Connection: keep-alive, close'", "'Connection: keep-alive\r\nConnection: close'"})
    void rule63_closeEndsTheConnectionBehindTheResponse(String field) throws IOException {
        for (String target : List.of("/loop", "/thread", "/large", "/stream", "/file")) {
            try (HttpWire wire = new HttpWire(server().addresses().getFirst())) {
                HttpReply reply = wire.send(get(target, field) + get("/never")).read("GET");

                assertEquals(200, reply.status());
                assertTrue(reply.closes(), "rule 64");
                wire.expectEnd();
            }
        }
    }

    @Test
    void rule62_unknownOptionsDoNotEndIt() throws IOException {
        HttpWire wire = connect();

        wire.send(get("/loop", "Connection: x-unknown, te, closed", "Keep-Alive: timeout=1")).read("GET");

        assertEquals("loop 2", wire.send(get("/loop?2")).read("GET").text());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/loop", "/thread", "/large", "/file", "/stream", "/loop/stream", "/exact"})
    void rule65_and_66_http10ClosesBehindTheResponse(String target) throws IOException {
        HttpWire wire = connect();

        HttpReply reply = wire.send("GET " + target + " HTTP/1.0\r\n\r\nGET /never HTTP/1.0\r\n\r\n").read("GET");

        assertEquals(200, reply.status());
        assertNull(reply.first("Transfer-Encoding"));
        assertEquals(target.contains("stream") ? Framing.END_OF_CONNECTION : Framing.LENGTH, reply.framing());
        if (target.contains("/stream")) {
            assertEquals(HttpSite.LARGE_BYTES, reply.content().length);
        }
        assertTrue(reply.closes());
        wire.expectEnd();
    }

    @Test
    void rule65_http10MayAskToKeepTheConnection() throws IOException {
        HttpWire wire = connect();

        for (String target : List.of("/loop", "/thread", "/large", "/exact", "/file", "/status/204")) {
            HttpReply reply = wire.send("GET " + target + " HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n").read("GET");
            assertEquals(List.of("keep-alive"), reply.all("Connection"));
        }
        assertTrue(wire.send("GET /loop HTTP/1.0\r\nConnection: keep-alive, close\r\n\r\n").read("GET").closes());
        wire.expectEnd();
    }

    @Test
    void rule72_http10GetsNoInterimResponse() throws IOException {
        for (String target : List.of("/echo", "/thread/echo")) {
            HttpWire wire = connect();
            wire.send("POST " + target + " HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n").send("abc");

            assertEquals("abc", wire.read("POST").text());
        }
    }

    @Test
    void rule8_aHigherMinorVersionIsServedAs11() throws IOException {
        HttpWire wire = connect();

        HttpReply reply = wire.send("GET /stream HTTP/1.9\r\n" + HOST + "\r\n").read("GET");

        assertEquals(Framing.CHUNKED, reply.framing());
        assertEquals("loop ", wire.send(get("/loop")).read("GET").text());
    }

    // ---- the end in two steps

    /** With one step a client that still sends gets a reset, and what it has not read by then is lost. */
    @ParameterizedTest
    @ValueSource(strings = {"/loop", "/thread", "/large", "/thread/large", "/file", "/stream"})
    void rule68_whatTheClientStillSendsDoesNotDestroyTheResponse(String target) throws Exception {
        for (int i = 0; i < 10; i++) {
            try (HttpWire wire = new HttpWire(server().addresses().getFirst())) {
                wire.send(get(target + "?" + i, "Connection: close"));
                Thread sender = Thread.ofVirtual().start(() -> {
                    for (int n = 0; n < 20; n++) {
                        wire.sendIfTaken(latin1(get("/never?" + "n".repeat(1000))));
                    }
                });
                HttpReply reply = wire.read("GET");
                sender.join();

                assertEquals(200, reply.status());
                wire.expectEnd();
            }
        }
        await("the statistics are right", () -> server().statistics().requests() == 10);
    }

    @Test
    void rule68_aClientThatKeepsItsSideOpenIsNotWaitedForWithoutEnd() throws IOException {
        serve(HttpSite.in(directory), Limits.DEFAULT.withLingerTimeout(Duration.ofMillis(50)));
        HttpWire wire = connect();

        wire.send(get("/loop", "Connection: close")).read("GET");
        wire.expectEnd();

        awaitNoConnection();
    }

    @Test
    void rule68_norForOneThatSendsWithoutEnd() throws IOException {
        serve(HttpSite.in(directory), Limits.DEFAULT.withMaxLingerBytes(100_000)
                .withLingerTimeout(Duration.ofMillis(200)));
        HttpWire wire = connect();

        wire.send(get("/loop", "Connection: close")).read("GET");
        Thread.ofVirtual().start(() -> {
            while (!wire.socket.isClosed() && server().statistics().openConnections() > 0) {
                wire.sendIfTaken(new byte[10_000]);
            }
        });

        awaitNoConnection();
    }

    // ---- half-closed clients

    @ParameterizedTest
    @ValueSource(strings = {"/loop", "/thread", "/large", "/thread/large", "/file", "/thread/file", "/stream",
        "/loop/stream", "/exact"})
    void rule95_aHalfClosedClientIsAnsweredInFullAndThenTheConnectionEnds(String target) throws IOException {
        HttpWire wire = closedLater(new HttpWire(server().addresses().getFirst(), 2_000));

        wire.send(get("/loop?1") + get(target + "?2") + get("/thread?3")).shutDownOutput();

        assertEquals("loop 1", wire.read("GET").text());
        HttpReply reply = wire.read("GET");
        assertEquals(200, reply.status());
        if (target.matches("/large|/thread/large|/stream|/loop/stream|/exact")) {
            assertArrayEquals(HttpSite.large("2"), reply.content());
        }
        assertEquals("thread 3", wire.read("GET").text());
        wire.expectEnd();
        awaitNoConnection();
    }

    @Test
    void rule95_alsoWhenTheEndComesLater() throws IOException {
        HttpWire wire = connect();

        wire.send(get("/loop")).read("GET");
        wire.shutDownOutput();

        wire.expectEnd();
        awaitNoConnection();
    }

    @ParameterizedTest
    @ValueSource(strings = {"G", "GET /loop HTTP/1.1", "GET /loop HTTP/1.1\r\nHost: test\r\n", "\r\n"})
    void rule96_aHeadThatIsCutShortIsNotServed(String start) throws IOException {
        HttpWire wire = connect();

        wire.send(get("/loop?1") + start).shutDownOutput();

        assertEquals("loop 1", wire.read("GET").text());
        wire.expectEnd();
        assertEquals(1, server().statistics().requests());
    }

    @ParameterizedTest
    @CsvSource({"/echo,Content-Length: 9,abc", "/thread/echo,Content-Length: 9,abc", "/sum,Content-Length: 9,abc",
        "/echo,Transfer-Encoding: chunked,'3\r\nabc\r\n'",
        "/thread/echo,Transfer-Encoding: chunked,'3\r\nabc\r\n0\r\n'",
        "/sum,Transfer-Encoding: chunked,'3\r\nab'"})
    void rule96_aBodyThatIsCutShortIsNotServed(String target, String framing, String body) throws IOException {
        try (HttpLog log = new HttpLog()) {
            HttpWire wire = connect();

            wire.send(request("POST", target, framing) + body).shutDownOutput();

            assertEquals(400, wire.read("POST").status());
            wire.expectEnd();
            awaitNoConnection();
            assertEquals(List.of(), log.records(), "what clients do is no error of ours");
        }
    }

    // ---- upgrades

    @ParameterizedTest
    @ValueSource(strings = {"h2c", "websocket", "TLS/1.0, HTTP/2.0", "unknown/1"})
    void rule87_anUpgradeIsIgnored(String protocol) throws IOException {
        HttpWire wire = connect();
        String[] fields = {"Connection: Upgrade, HTTP2-Settings", "Upgrade: " + protocol, "HTTP2-Settings: AAMAAABk"};

        assertEquals("loop 1", wire.send(get("/loop?1", fields)).read("GET").text());
        assertEquals("thread 2", wire.send(get("/thread?2", fields)).read("GET").text());
        String upload = request("POST", "/echo", fields[0], fields[1], "Content-Length: 4") + "body";
        assertEquals("body", wire.send(upload).read("POST").text());
    }

    @Test
    void rule88_anUpgradeInHttp10IsIgnored() throws IOException {
        HttpWire wire = connect();

        HttpReply reply = wire.send("GET /loop HTTP/1.0\r\nConnection: upgrade\r\nUpgrade: h2c\r\n\r\n").read("GET");

        assertEquals(200, reply.status());
        wire.expectEnd();
    }
}
