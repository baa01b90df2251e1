package dev.selvedge.clients;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.selvedge.clients.Client.Kind;
import dev.selvedge.server.Response;
import dev.selvedge.server.fake.FakeServer;
import dev.selvedge.server.fake.RecordedRequest;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the fake server tells is what every client hears, and what they say is what it records. */
class RealClientsTest {

    /** More than any buffer between the two holds, and less than the server keeps of a request's octets. */
    private static final int LARGE = 6 << 20;

    @AutoClose
    private final FakeServer server = FakeServer.start();

    private Client client;

    private void open(Kind kind) {
        assumeTrue(kind != Kind.CURL || CurlClient.isInstalled(), "there is no curl here");
        client = kind.open(Duration.ofSeconds(30));
    }

    @AfterEach
    void everythingWasUsed() {
        if (client != null) {
            client.close();
            server.assertNothingUnused();
            server.assertNoUnmatched();
        }
    }

    private Answer get(String target) throws IOException {
        return client.send(Call.get(server.uri(target)));
    }

    private static byte[] large() {
        byte[] octets = new byte[LARGE];
        new Random(9110).nextBytes(octets);
        return octets;
    }

    // ---- responses

    @ParameterizedTest
    @EnumSource
    void everyKindOfResponseArrives(Kind kind, @TempDir Path directory) throws Exception {
        open(kind);
        Path file = Files.writeString(directory.resolve("a.txt"), "from a file");
        server.enqueue(Response.text("grüße")).enqueue(Response.json("{\"a\":1}"))
                .enqueue(Response.html("<p>hello").withHeader("X-A", "b").withAddedHeader("X-A", "c"))
                .enqueue(Response.bytes("image/png", new byte[] {0, 13, 10, -1})).enqueue(Response.file(file))
                .enqueue(Response.stream("text/plain", 5, out -> out.write("known".getBytes(UTF_8))))
                .enqueue(Response.stream("text/plain", RealClientsTest::writeInPieces));

        assertEquals("grüße", get("/").text());
        Answer json = get("/");
        assertEquals("{\"a\":1}", json.text());
        assertEquals("application/json", json.header("content-type"));
        Answer html = get("/");
        assertEquals("<p>hello", html.text());
        assertEquals(List.of("b", "c"), html.headers().get("X-A").stream().sorted().toList());
        assertArrayEquals(new byte[] {0, 13, 10, -1}, get("/").body());
        assertEquals("from a file", get("/").text());
        assertEquals("known", get("/").text());
        assertEquals("one two three", get("/").text());
    }

    private static void writeInPieces(java.io.OutputStream out) throws IOException {
        for (String piece : List.of("one ", "two ", "three")) {
            out.write(piece.getBytes(UTF_8));
            out.flush();
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyStatusIsUnderstood(Kind kind) throws Exception {
        open(kind);
        server.on("GET", "/empty").respond(Response.empty());
        server.on("GET", "/unchanged").respond(Response.status(304));
        server.on("GET", "/gone").respond(Response.error(410));
        server.on("GET", "/broken").respond(Response.text("broken").withStatus(500));
        server.on("GET", "/moved").respond(Response.redirect("/here"));
        server.on("GET", "/here").respond(Response.text("here"));
        server.on("HEAD", "/here").respond(Response.text("here"));
        server.on("DELETE", "/here").respond(Response.status(202));

        assertEquals(204, get("/empty").status());
        assertEquals(304, get("/unchanged").status());
        assertEquals(410, get("/gone").status());
        assertEquals("broken", get("/broken").text());
        assertEquals("here", get("/moved").text());
        Answer head = client.send(Call.of("HEAD", server.uri("/here")));
        assertEquals("4", head.header("Content-Length"));
        assertEquals("", head.text());
        assertEquals(202, client.send(Call.of("DELETE", server.uri("/here"))).status());
    }

    @ParameterizedTest
    @EnumSource
    void trailersArriveWhereTheClientTellsThem(Kind kind) throws Exception {
        open(kind);
        server.enqueue(Response.stream("text/plain", out -> out.write("hello".getBytes(UTF_8)))
                .withTrailer("X-Checksum", () -> "5d41402a")).enqueue(Response.text("next"));

        Answer answer = get("/");

        assertEquals("hello", answer.text());
        assertEquals(kind.tellsTrailers() ? Map.of("x-checksum", List.of("5d41402a")) : Map.of(), inLowerCase(answer));
        assertEquals("next", get("/").text());
    }

    private static Map<String, List<String>> inLowerCase(Answer answer) {
        return answer.trailers().entrySet().stream()
                .collect(java.util.stream.Collectors.toMap(line -> line.getKey().toLowerCase(), Map.Entry::getValue));
    }

    // ---- the script

    @ParameterizedTest
    @EnumSource
    void rulesAndQueueAnswerThisClientLikeAnyOther(Kind kind) throws Exception {
        open(kind);
        AtomicInteger served = new AtomicInteger();
        server.on("GET", "/users/{id}").header("X-Token", "t").query("full", "true")
                .respond(request -> Response.text(request.pathParameter("id") + served.incrementAndGet()));
        server.on("POST", "/users").body(body -> body.contains("Ada")).respond(Response.error(503))
                .then(Response.created("/users/7"));
        server.enqueue(Response.text("first")).enqueue(Response.text("second"));

        URI jörg = server.uri("/users/j%C3%B6rg?full=true");
        assertEquals("jörg1", client.send(Call.get(jörg).withHeaders(Map.of("X-Token", "t"))).text());
        assertEquals("first", client.send(Call.get(jörg)).text());
        assertEquals("second", get("/other").text());
        // Apache's client repeats what was answered by 503, and so never sees it
        Answer created = client.send(Call.post(server.uri("/users"), "Ada".getBytes(UTF_8)));
        if (kind != Kind.APACHE) {
            assertEquals(503, created.status());
            created = client.send(Call.post(server.uri("/users"), "Ada".getBytes(UTF_8)));
        }
        assertEquals(201, created.status());
        assertEquals("/users/7", created.header("Location"));
        server.verify("POST", "/users").header("Content-Type", "text/plain").times(2).now();
    }

    // ---- connections

    @ParameterizedTest
    @EnumSource
    void aConnectionIsUsedAgain(Kind kind) throws Exception {
        open(kind);
        server.on("/{any}").respond(Response.text("hello"));

        for (int i = 0; i < 3; i++) {
            assertEquals("hello", get("/" + i).text());
        }
        assertEquals("hello", client.send(Call.post(server.uri("/3"), large())).text());

        List<List<Integer>> numbers = server.requests().stream()
                .map(request -> List.of(request.connectionNumber(), request.requestNumber())).toList();
        assertEquals(IntStream.rangeClosed(1, 4)
                .mapToObj(i -> kind.keepsConnections() ? List.of(1, i) : List.of(i, 1)).toList(), numbers);
    }

    @Test
    void withinOneRunCurlUsesItsConnectionAgain() throws Exception {
        assumeTrue(CurlClient.isInstalled(), "there is no curl here");
        server.enqueue(Response.text("a")).enqueue(Response.text("b"));

        Process curl = new ProcessBuilder(CurlClient.PROGRAM.toString(), "-q", "-s", "--noproxy", "*",
                server.uri("/a").toString(), server.uri("/b").toString()).start();

        assertEquals("ab", new String(curl.getInputStream().readAllBytes(), UTF_8));
        assertEquals(List.of(1, 2), server.requests().stream().map(RecordedRequest::requestNumber).toList());
    }

    @ParameterizedTest
    @EnumSource
    void anIdleConnectionThatWasClosedIsReplaced(Kind kind) throws Exception {
        open(kind);
        server.on("/{any}").respond(Response.text("hello"));
        assertEquals("hello", get("/1").text());

        server.closeIdleConnections();

        assertEquals("hello", get("/2").text());
        assertEquals(List.of(1, 2), server.requests().stream().map(RecordedRequest::connectionNumber).toList());
    }

    // ---- bodies

    @ParameterizedTest
    @EnumSource
    void largeBodiesArriveWholeInBothDirections(Kind kind) throws Exception {
        open(kind);
        byte[] octets = large();
        server.on("GET", "/known").respond(Response.bytes("application/octet-stream", octets));
        server.on("GET", "/chunked").respond(Response.stream("application/octet-stream", out -> out.write(octets)));
        server.on("POST", "/{any}").respond(request -> Response.bytes("application/octet-stream",
                request.body().bytes()));

        assertArrayEquals(octets, get("/known").body());
        assertArrayEquals(octets, get("/chunked").body());
        assertArrayEquals(octets, client.send(Call.post(server.uri("/known"), octets)).body());
        assertArrayEquals(octets, client.send(Call.post(server.uri("/chunked"), octets).inChunks()).body());

        RecordedRequest known = server.verify("POST", "/known").once().now().getFirst();
        assertEquals(String.valueOf(LARGE), known.header("Content-Length").orElseThrow());
        assertTrue(new String(known.bytes(), ISO_8859_1).endsWith("\r\n\r\n" + new String(octets, ISO_8859_1)));
        RecordedRequest chunked = server.verify("POST", "/chunked").once().now().getFirst();
        assertEquals("chunked", chunked.header("Transfer-Encoding").orElseThrow().toLowerCase());
        assertArrayEquals(octets, chunked.body());
        assertTrue(new String(chunked.bytes(), ISO_8859_1).endsWith("\r\n0\r\n\r\n"));
    }

    @ParameterizedTest
    @EnumSource
    void aClientThatWaitsToBeToldIsTold(Kind kind) throws Exception {
        open(kind);
        server.enqueue(request -> Response.text("got " + request.body().text()));

        Answer answer = client.send(Call.post(server.uri("/"), "hello".getBytes(UTF_8)).expectingContinue());

        assertEquals("got hello", answer.text());
        assertEquals("100-continue", server.takeRequest().header("Expect").orElseThrow().toLowerCase());
    }
}
