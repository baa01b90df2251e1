package dev.selvedge.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvedge.server.Handler;
import dev.selvedge.server.Response;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Requests that are refused, and odd ones that are not, at a whole server. That each is judged right at every cut is
 * tested where the parser is; this is about what the client sees (rules 1 to 42, 45 to 53, 89 to 91, 100).
 */
public abstract class HttpRequestRules extends HttpSuite {

    private static final String BODY = "\r\n" + HOST;

    /**
     * A malformed request.
     *
     * @param rule the number of the rule that it breaks
     * @param status the only status that it may get
     * @param wire its octets
     */
    private record Malformed(int rule, int status, String wire) { }

    private static Malformed line(int rule, int status, String line) {
        return new Malformed(rule, status, line + "\r\n" + HOST + "\r\n");
    }

    private static Malformed fields(int rule, int status, String fields) {
        return new Malformed(rule, status, "POST /p HTTP/1.1\r\n" + HOST + fields + "\r\n\r\n");
    }

    private static Malformed host(int rule, String lines) {
        return new Malformed(rule, 400, "GET / HTTP/1.1\r\n" + lines + "\r\n");
    }

    private static List<Malformed> malformed() {
        return List.of(
                line(3, 400, "GET  / HTTP/1.1"), line(3, 400, " GET / HTTP/1.1"),
                line(3, 400, "GET\t/ HTTP/1.1"), line(3, 400, "GET / HTTP/1.1 "), line(4, 400, "GET /"),
                line(4, 400, "GET"), line(4, 400, "/"), line(4, 400, "GET / x HTTP/1.1"),
                line(5, 400, "G(T / HTTP/1.1"), line(6, 501, "G".repeat(100) + " / HTTP/1.1"),
                line(7, 400, "GET / HTTP/1"), line(7, 400, "GET / http/1.1"), line(7, 400, "GET / HTTP/1.10"),
                line(7, 400, "GET / HTTPS/1.1"), line(9, 505, "GET / HTTP/2.0"), line(9, 505, "GET / HTTP/0.9"),
                new Malformed(9, 400, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
                new Malformed(11, 400, "GET / HTTP/1.1\n" + HOST + "\r\n"),
                new Malformed(11, 400, "GET / HTTP/1.1\r\n" + HOST + "A: b\nC: d\r\n\r\n"),
                new Malformed(11, 400, "GET / HTTP/1.1\r\r\n" + HOST + "\r\n"), fields(13, 400, "A : b"),
                fields(13, 400, "A\t: b"), fields(15, 400, "A: b\r\n c"),
                new Malformed(14, 400, "GET / HTTP/1.1\r\n " + HOST + "\r\n"), fields(16, 400, "no colon"),
                fields(16, 400, ": empty"), fields(16, 400, "N[me: x"), fields(16, 400, "Näme: x"),
                fields(19, 400, "A: b\0c"), fields(19, 400, "A: b\rc"), fields(20, 400, "A: b\u007fc"),
                fields(20, 400, "A: \u0001"), host(23, ""), host(24, HOST + HOST),
                host(24, HOST + "host: other\r\n"), host(25, "Host: a b\r\n"), host(25, "Host: u@h\r\n"),
                host(25, "Host: h/p\r\n"), host(25, "Host: h:x\r\n"), host(25, "Host: [::1\r\n"),
                line(31, 421, "GET https://test/ HTTP/1.1"), line(32, 400, "GET http:///p HTTP/1.1"),
                line(32, 400, "GET http://u@h/ HTTP/1.1"), line(33, 400, "GET * HTTP/1.1"),
                line(34, 501, "CONNECT h:80 HTTP/1.1"), line(34, 400, "GET h:80 HTTP/1.1"),
                line(35, 400, "GET p HTTP/1.1"), line(35, 400, "GET /#f HTTP/1.1"),
                line(36, 400, "GET /<p> HTTP/1.1"), line(36, 400, "GET /\\ HTTP/1.1"),
                line(36, 400, "GET /ä HTTP/1.1"), line(39, 400, "GET /%zz HTTP/1.1"),
                line(39, 400, "GET /?%1 HTTP/1.1"), line(41, 400, "GET /../x HTTP/1.1"),
                line(41, 400, "GET /%2e%2E/x HTTP/1.1"), fields(45, 400, "Content-Length: +1"),
                fields(45, 400, "Content-Length: 0x1"), fields(45, 400, "Content-Length:"),
                fields(45, 400, "Content-Length: 1 1"),
                fields(46, 400, "Content-Length: 1\r\nContent-Length: 2"),
                fields(46, 400, "Content-Length: 1, 2"),
                fields(47, 413, "Content-Length: 18446744073709551617"),
                fields(49, 400, "Transfer-Encoding: chunked, gzip"),
                fields(49, 400, "Transfer-Encoding: xchunked"),
                fields(50, 501, "Transfer-Encoding: gzip, chunked"),
                fields(50, 400, "Transfer-Encoding: chunked, chunked"),
                fields(51, 400, "Content-Length: 1\r\nTransfer-Encoding: chunked"),
                new Malformed(52, 400, "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
                line(89, 414, "GET /" + "p".repeat(9_000) + " HTTP/1.1"),
                line(89, 414, "GET /" + "p".repeat(60_000) + " HTTP/1.1"),
                fields(90, 431, "A: " + "v".repeat(20_000)), fields(90, 431, "A: v\r\n".repeat(200) + "B: w"),
                fields(90, 431, "N".repeat(20_000) + ": v"), new Malformed(2, 400, "\r\n".repeat(2_000)),
                new Malformed(100, 400, "\u0016\u0003\u0001\u0002\0\u0001\0\u0001"),
                new Malformed(100, 400, "ï»¿GET / HTTP/1.1" + BODY));
    }

    @BeforeEach
    void startSite() {
        Handler echo = request -> Response.text(request.method() + " " + request.path() + " " + request.authority()
                + " " + request.query().orElse("-") + " " + request.headers().all("A"));
        serve(Handler.nonBlocking(echo));
    }

    @Test
    void rule12_malformedRequestsAreAnsweredOnceAndNothingBehindThem() throws IOException {
        try (HttpLog log = new HttpLog()) {
            for (Malformed each : malformed()) {
                String start = each.wire().substring(0, Math.min(80, each.wire().length()));
                String about = "rule " + each.rule() + ": " + start;
                try (HttpWire wire = new HttpWire(server().addresses().getFirst())) {
                    wire.send(get("/before") + each.wire() + get("/never"));

                    assertEquals(200, wire.read("GET").status(), about);
                    HttpReply reply = wire.read("GET");
                    assertEquals(each.status(), reply.status(), about);
                    assertTrue(reply.closes(), about);
                    wire.expectEnd();
                }
            }
            awaitNoConnection();
            assertEquals(malformed().size(), server().statistics().requests());
            assertEquals(malformed().size(), server().statistics().refusedRequests());
            assertEquals(List.of(), log.records(), "bad input is no error of ours");
        }
    }

    @Test
    void rule93_alsoByteByByte() throws IOException {
        for (Malformed each : malformed()) {
            if (each.wire().length() > 1_000) {
                continue;
            }
            try (HttpWire wire = new HttpWire(server().addresses().getFirst())) {
                Thread.ofVirtual().start(() -> {
                    for (byte octet : latin1(each.wire())) {
                        wire.sendIfTaken(new byte[] {octet});
                    }
                });

                HttpReply reply = wire.read("GET");

                assertEquals(each.status(), reply.status(), each.wire());
                wire.expectEnd();
            }
        }
    }

    @Test
    void wellFormedButOddRequestsAreServed() throws IOException {
        HttpWire wire = connect();
        for (String[] each : new String[][] {
            {"\r\n" + get("/a"), "GET /a test - []"},  // rule 2
            {"GET http://other:81/a?b HTTP/1.1\r\n" + HOST + "\r\n", "GET /a other:81 b []"},  // rules 29, 30
            {"GET HTTP://other HTTP/1.1\r\n" + HOST + "\r\n", "GET / other - []"},  // rule 29
            {"M-SEARCH /a HTTP/1.1\r\n" + HOST + "\r\n", "M-SEARCH /a test - []"},  // rule 5
            {"GET /a HTTP/1.1\r\nhOsT:\t[::1]:8080 \r\n\r\n", "GET /a [::1]:8080 - []"},  // rules 17, 18, 26
            {"GET /?/?:@!$&'()*+,;=-._~ HTTP/1.1\r\n" + HOST + "\r\n",
                "GET / test /?:@!$&'()*+,;=-._~ []"},  // rule 37
            {"GET /%61/./b/../c HTTP/1.1\r\n" + HOST + "\r\n", "GET /a/c test - []"},  // rules 38, 41
            {"GET //a HTTP/1.1\r\n" + HOST + "\r\n", "GET //a test - []"},  // rule 41
            {get("/a", "A: 1", "a:2 ", "A:", "A: é\t"), "GET /a test - [1, 2, , Ã©]"},  // rules 18, 20, 21
            {get("/a", "Content_Length: 5", "Transfer_Encoding: chunked"), "GET /a test - []"},  // rule 53
            {get("/a", "Content-Length: 0000"), "GET /a test - []"},  // rule 47
            {get("/a", "Transfer-Encoding: , Chunked ,") + "0\r\n\r\n", "GET /a test - []"},  // rule 48
            {get("/" + "p".repeat(8_000)), "GET /" + "p".repeat(8_000) + " test - []"},  // rule 10
            {get("/a", "A: " + "v".repeat(4_000)), "GET /a test - [" + "v".repeat(4_000) + "]"}  // rule 22
        }) {
            assertEquals(each[1], wire.send(each[0]).read("GET").text(), each[0]);
        }
        assertTrue(wire.send("GET / HTTP/1.0\r\n\r\n").read("GET").closes(), "rule 28");
    }

    @Test
    void rule100_randomOctetsDoNoHarm() throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        try (HttpLog log = new HttpLog()) {
            for (int i = 0; i < 300; i++) {
                byte[] octets = new byte[random.nextInt(1, 3_000)];
                random.nextBytes(octets);
                if (random.nextBoolean()) {
                    byte[] start = latin1(get("/" + i));
                    System.arraycopy(start, 0, octets, 0, Math.min(octets.length, random.nextInt(start.length)));
                }
                try (HttpWire wire = new HttpWire(server().addresses().getFirst())) {
                    wire.sendIfTaken(octets);
                    if (random.nextBoolean()) {
                        wire.shutDownOutput();
                        wire.awaitAnyEnd();
                    }
                }
            }
            assertEquals(200, exchange(get("/")).status(), () -> "seed " + seed);
            awaitNoConnection();
            assertEquals(List.of(), log.records(), () -> "seed " + seed);
        }
    }
}
