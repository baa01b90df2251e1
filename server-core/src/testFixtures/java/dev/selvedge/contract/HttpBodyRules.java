package dev.selvedge.contract;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvedge.server.Handler;
import dev.selvedge.server.Limits;
import dev.selvedge.server.Response;
import dev.selvedge.server.Router;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Request bodies: their framing, limits, and who reads them (rules 43 to 60, 64, 67, 92, 97). */
public abstract class HttpBodyRules extends HttpSuite {

    private static final int LIMIT = 2_000_000;
    private static final int DRAIN = 10_000;

    @BeforeEach
    void startSite() {
        serve(HttpSite.in(directory), Limits.DEFAULT.withMaxBodyBytes(LIMIT).withMaxDrainBytes(DRAIN));
    }

    private static byte[] random(int length, long seed) {
        byte[] octets = new byte[length];
        new Random(seed).nextBytes(octets);
        return octets;
    }

    // ---- framing

    @ParameterizedTest
    @CsvSource({"/echo,0", "/echo,1", "/echo,65535", "/echo,65536", "/echo,65537", "/echo,1048576", "/echo,2000000",
        "/thread/echo,0", "/thread/echo,1", "/thread/echo,16384", "/thread/echo,1048576", "/thread/echo,2000000"})
    void rule43_aBodyHasExactlyItsLengthAndAnyOctets(String target, int length) throws Exception {
        byte[] body = random(length, 7);
        HttpWire wire = connect();

        wire.send(request("POST", target, "Content-Length: " + length));
        Thread sender = Thread.ofVirtual().start(() -> wire.sendIfTaken(body).sendIfTaken(latin1(get("/loop?next"))));

        assertArrayEquals(body, wire.read("POST").content());
        assertEquals("loop next", wire.read("GET").text());
        sender.join();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/echo", "/thread/echo", "/sum"})
    void rule54_chunksOfAnySizeAreJoined(String target) throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        byte[] body = random(1 << 20, seed);
        HttpWire wire = connect();

        wire.send(request("POST", target, "Transfer-Encoding: chunked"));
        Thread.ofVirtual().start(() -> {
            for (int at = 0; at < body.length;) {
                int n = Math.min(body.length - at, random.nextInt(1, random.nextBoolean() ? 20 : 100_000));
                String data = new String(body, at, n, ISO_8859_1);
                wire.sendIfTaken(latin1("0" + Integer.toHexString(n) + ";a=b\r\n" + data + "\r\n"));
                at += n;
            }
            wire.sendIfTaken(latin1("0\r\nX-Trailer: value\r\n\r\n" + get("/loop?next")));
        });

        HttpReply reply = wire.read("POST");
        String expected = target.equals("/sum") ? HttpSite.sum(body) : new String(body, ISO_8859_1);
        assertTrue(expected.equals(reply.text()), () -> "seed " + seed);
        assertEquals("loop next", wire.read("GET").text());
    }

    @Test
    void rule60_trailersReachTheHandlerAndNothingElse() throws IOException {
        Handler handler = request -> {
            String before = request.header("X-Check").orElse("none");
            request.body().bytes();
            return Response.text(before + " " + request.body().trailers().first("x-check").orElse("none"));
        };
        for (Handler each : List.of(handler, Handler.nonBlocking(handler))) {
            serve(each);
            assertEquals("none yes", exchange(request("POST", "/", "Transfer-Encoding: chunked")
                    + "1\r\nx\r\n0\r\nX-Check: yes\r\n\r\n").text());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 90", "Transfer-Encoding: gzip", "Host: other", "Connection: close"})
    void rule60_trailersHaveNoEffectOnFramingOrRouting(String trailer) throws IOException {
        HttpWire wire = connect();

        wire.send(request("POST", "/echo", "Transfer-Encoding: chunked") + "1\r\nx\r\n0\r\n" + trailer + "\r\n\r\n"
                + get("/loop?next"));

        assertEquals("x", wire.read("POST").text());
        assertEquals("loop next", wire.read("GET").text());
    }

    @ParameterizedTest
    @ValueSource(strings = {"100000002", "FFFFFFFF", "7fffffffffffffff"})
    void rule56_and_92_aHugeChunkIsRefusedAtOnce(String size) throws IOException {
        HttpWire wire = connect();

        wire.send(request("POST", "/echo", "Transfer-Encoding: chunked") + size + "\r\nhi\r\n0\r\n\r\n" + get("/loop"));

        HttpReply reply = wire.read("POST");
        assertEquals(413, reply.status());
        assertTrue(reply.closes());
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD", "OPTIONS", "DELETE", "BREW"})
    void rule44_bodiesOfAllMethodsAreTakenOutOfTheWay(String method) throws IOException {
        HttpWire wire = connect();

        wire.send(request(method, "/loop", "Content-Length: 30") + get("/never").substring(0, 30)
                + request(method, "/thread", "Transfer-Encoding: chunked") + "3\r\nGET\r\n0\r\n\r\n"
                + get("/loop?next"));

        wire.read(method);
        wire.read(method);
        assertEquals("loop next", wire.read("GET").text());
    }

    @Test
    void bodiesGoToAFileWithoutBeingHeldInMemory() throws IOException {
        Path file = directory.resolve("uploaded");
        byte[] body = random(LIMIT, 9);
        serve(Handler.withMaxBodyBytes(LIMIT, request -> {
            Files.deleteIfExists(file);
            return Response.text(Long.toString(request.body().transferTo(file)));
        }));
        HttpWire wire = connect();

        wire.send(request("POST", "/", "Content-Length: " + body.length));
        Thread.ofVirtual().start(() -> wire.sendIfTaken(body));

        assertEquals(Integer.toString(body.length), wire.read("POST").text());
        assertArrayEquals(body, Files.readAllBytes(file));
    }

    @Test
    void aHandlerThatReadsSlowlySlowsTheClientDown() throws Exception {
        CompletableFuture<Void> arrived = new CompletableFuture<>();
        CompletableFuture<Void> release = new CompletableFuture<>();
        serve(Handler.withMaxBodyBytes(Long.MAX_VALUE, request -> {
            arrived.complete(null);
            release.get(20, TimeUnit.SECONDS);
            return Response.text(HttpSite.sum(request.body().stream()));
        }));
        byte[] upload = random(64 << 20, 3);
        HttpWire wire = connect();
        wire.send(request("POST", "/", "Content-Length: " + upload.length));
        Thread sender = Thread.ofVirtual().start(() -> wire.sendIfTaken(upload));
        arrived.get(20, TimeUnit.SECONDS);
        // Nobody reads: the sender is still at it, because 64 MiB do not fit into the buffers of two sockets.
        assertFalse(sender.join(Duration.ofMillis(50)), "the whole upload was taken");

        release.complete(null);

        assertEquals(HttpSite.sum(upload), wire.read("POST").text());
        sender.join();
    }

    // ---- nobody reads

    @Test
    void rule67_aSmallBodyThatNobodyReadsIsReadAway() throws IOException {
        HttpWire wire = connect();

        wire.send(post("/ignore?1", "x".repeat(DRAIN)) + postChunks("/ignore?2", "GET /", "x".repeat(9000))
                + get("/loop?3"));

        assertEquals("ignored 1", wire.read("POST").text());
        assertEquals("ignored 2", wire.read("POST").text());
        assertEquals("loop 3", wire.read("GET").text());
    }

    @Test
    void rule67_aLargeBodyThatNobodyReadsEndsTheConnection() throws IOException {
        HttpWire wire = connect();

        wire.send(request("POST", "/ignore?1", "Content-Length: 100000"));
        Thread.ofVirtual().start(() -> wire.sendIfTaken(new byte[100_000]).sendIfTaken(latin1(get("/never"))));

        HttpReply reply = wire.read("POST");
        assertEquals("ignored 1", reply.text());
        assertTrue(reply.closes());
        wire.expectEnd();
        assertEquals(1, server().statistics().requests());
    }

    @Test
    void rule67_aHalfReadBodyIsReadAwayToo() throws IOException {
        serve(request -> Response.text("read " + new String(request.body().stream().readNBytes(3), ISO_8859_1)));
        HttpWire wire = connect();

        wire.send(post("/", "abcGET / HTTP/1.1\r\n\r\n") + postChunks("/", "abcd", "efg") + get("/"));

        assertEquals("read abc", wire.read("POST").text());
        assertEquals("read abc", wire.read("POST").text());
        assertEquals("read ", wire.read("GET").text());
    }

    @Test
    void rule67_whatIsReadAfterTheAnswerIsAnError() throws Exception {
        CompletableFuture<InputStream> kept = new CompletableFuture<>();
        serve(request -> {
            kept.complete(request.body().stream());
            return Response.text("done");
        });
        HttpWire wire = connect();
        wire.send(post("/", "abc")).read("POST");

        IOException refused = null;
        try {
            kept.get(20, TimeUnit.SECONDS).read();
        } catch (IOException e) {
            refused = e;
        }

        assertTrue(refused != null && refused.getMessage().contains("answered"), String.valueOf(refused));
        assertEquals("done", wire.send(get("/")).read("GET").text());
    }

    // ---- limits

    @ParameterizedTest
    @ValueSource(strings = {"/echo", "/thread/echo", "/sum"})
    void rule92_aLengthBeyondTheLimitIsRefusedAtOnce(String target) throws IOException {
        for (String expect : List.of("X-Nothing: x", "Expect: 100-continue")) {
            HttpWire wire = connect();

            wire.send(request("POST", target, expect, "Content-Length: " + (LIMIT + 1)));

            HttpReply reply = wire.read("POST");
            assertEquals(413, reply.status());
            assertTrue(reply.closes());
            wire.expectEnd();
            wire.close();
        }
        awaitNoConnection();
        assertEquals(2, server().statistics().refusedRequests());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/echo", "/thread/echo", "/sum"})
    void rule92_and_97_chunksBeyondTheLimitAreRefusedAndTheRefusalCanBeRead(String target) throws Exception {
        try (HttpLog log = new HttpLog()) {
            HttpWire wire = connect();
            wire.send(request("POST", target, "Transfer-Encoding: chunked"));
            String chunk = "10000\r\n" + "x".repeat(65_536) + "\r\n";
            Thread sender = Thread.ofVirtual().start(() -> {
                for (int i = 0; i < 40; i++) {
                    wire.sendIfTaken(latin1(chunk));
                }
            });

            HttpReply reply = wire.read("POST");

            assertEquals(413, reply.status());
            assertTrue(reply.closes());
            wire.expectEnd();
            sender.join();
            assertEquals(List.of(), log.records());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/echo", "/thread/echo"})
    void rule97_aRefusalInTheMiddleOfALargeUploadCanBeRead(String target) throws Exception {
        for (int i = 0; i < 5; i++) {
            try (HttpWire wire = new HttpWire(server().addresses().getFirst())) {
                wire.send(request("POST", target, "Content-Length: 10000000"));
                wire.sendIfTaken(new byte[10_000_000]); // all of it, and only then is the answer read

                assertEquals(413, wire.read("POST").status());
                wire.expectEnd();
            }
        }
    }

    @Test
    void rule92_aHandlerMayHaveALimitOfItsOwn() throws IOException {
        Handler echo = request -> Response.bytes(HttpSite.TEXT, request.body().bytes());
        serve(Router.builder()
                .post("/small", Handler.withMaxBodyBytes(5, echo))
                .post("/large", Handler.nonBlocking(Handler.withMaxBodyBytes(LIMIT * 2L, echo)))
                .build(), Limits.DEFAULT.withMaxBodyBytes(10));

        assertEquals("12345", exchange(post("/small", "12345")).text());
        assertEquals(413, exchange(post("/small", "123456")).status());
        assertEquals(413, exchange(postChunks("/small", "123", "456")).status());
        assertEquals(11, exchange(post("/large", "12345678901")).content().length);
    }

    // ---- broken framing

    @ParameterizedTest
    @ValueSource(strings = {"+3\r\nabc\r\n", "3 \r\nabc\r\n", "0x3\r\nabc\r\n", "3\r\nabcd\r\n", "3\nabc\r\n",
        "\r\n", "g\r\n", "3;\r\nabc\r\n", "3;a=\"\r\nabc\r\n", "FFFFFFFFFFFFFFFFF\r\nabc",
        "3\r\nabc\r\n0\r\nContent-Length : 3\r\n\r\n",
        "3\r\nabc\r\n0\r\nbad name: x\r\n\r\n", "3\r\nabc\n0\r\n\r\n"})
    void rule57_58_59_brokenChunksAreRefusedAndNothingBehindThemIsServed(String chunks) throws IOException {
        for (String target : List.of("/echo", "/thread/echo", "/sum")) {
            HttpWire wire = connect();

            wire.send(request("POST", target, "Transfer-Encoding: chunked") + chunks + get("/never"));

            HttpReply reply = wire.read("POST");
            assertEquals(400, reply.status(), target);
            assertTrue(reply.closes());
            wire.expectEnd();
        }
        assertEquals(3, server().statistics().requests());
    }

    @ParameterizedTest
    @CsvSource({"'3\r\nabcd\r\n', 400", "'5\r\nabcde\r\n0\r\n\r\n', 413"})
    void rule97_aBodyThatIsRefusedBeforeItsStreamBeginsIsAnsweredSo(String chunks, int status) throws IOException {
        try (HttpLog log = new HttpLog()) {
            serve(request -> Response.stream(HttpSite.TEXT, out -> out.write(request.body().bytes())),
                    Limits.DEFAULT.withMaxBodyBytes(4));
            HttpWire wire = connect();
            wire.send(request("POST", "/", "Transfer-Encoding: chunked") + chunks + get("/never"));

            HttpReply reply = wire.read("POST");

            assertEquals(status, reply.status());
            assertTrue(reply.closes());
            wire.expectEnd();
            assertEquals(List.of(), log.records());
        }
    }

    /** Readers and iterators can't throw an IOException as it is. */
    @Test
    void rule97_aWriterThatWrapsWhyABodyFailedIsNotBlamedForIt() throws IOException {
        try (HttpLog log = new HttpLog()) {
            serve(request -> Response.stream(HttpSite.TEXT, out -> {
                try {
                    out.write(request.body().bytes());
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }));
            HttpWire refused = connect();
            HttpWire gone = connect();

            refused.send(request("POST", "/", "Transfer-Encoding: chunked") + "x");
            assertEquals(400, refused.read("POST").status());
            refused.expectEnd();
            refused.close(); // or the server waits for it a while
            gone.send(request("POST", "/", "Content-Length: 3") + "ab").reset();

            awaitNoConnection();
            assertEquals(List.of(), log.records());
        }
    }

    /** Not even by a response that is streamed and whose writer does not care. */
    @ParameterizedTest
    @CsvSource({"'Content-Length: 5', ab", "'Transfer-Encoding: chunked', '5\r\nab'",
        "'Transfer-Encoding: chunked', '2\r\nab\r\n'"})
    void rule96_aBodyThatIsCutShortIsNotAnsweredByAStream(String framing, String part) throws IOException {
        serve(request -> Response.stream(HttpSite.TEXT, out -> out.write('x')));
        HttpWire wire = connect();

        HttpReply reply = wire.send(request("POST", "/", framing) + part).shutDownOutput().read("POST");

        assertEquals(400, reply.status());
        assertTrue(reply.closes());
        wire.expectEnd();
    }

    @ParameterizedTest
    @CsvSource({"'Content-Length: 5', ab", "'Transfer-Encoding: chunked', '5\r\nab'"})
    void rule94_aBodyThatStallsIsNotAnsweredByAStream(String framing, String part) throws IOException {
        serve(request -> Response.stream(HttpSite.TEXT, out -> {
            try {
                out.write('x');
            } catch (IOException e) {
                out.write('y'); // to insist does not help
            }
        }), Limits.DEFAULT.withPaceTime(Duration.ofMillis(100)));
        HttpWire wire = connect();

        HttpReply reply = wire.send(request("POST", "/", framing) + part).read("POST");

        assertEquals(408, reply.status());
        assertTrue(reply.closes());
        wire.expectEnd();
    }

    /** What came while the response waited for the whole request is not lost to its writer. */
    @ParameterizedTest
    @CsvSource({"0", "3", "700", "10000", "10001", "200000"})
    void rule94_aWriterReadsTheBodyAlsoBehindItsFirstOctet(int length) throws Exception {
        serve(request -> Response.stream(HttpSite.TEXT, out -> {
            InputStream in = request.body().stream();
            byte[] first = in.readNBytes(1);
            out.write('x');
            out.write(first);
            in.transferTo(out);
        }), Limits.DEFAULT.withMaxDrainBytes(DRAIN));
        String body = "0123456789".repeat(length / 10 + 1).substring(0, length);
        for (String request : List.of(postChunks("/", body), post("/", body))) {
            HttpWire wire = connect();
            Thread sender = Thread.ofVirtual().start(() -> wire.sendIfTaken(latin1(request)));

            assertEquals("x" + body, wire.read("POST").text());
            sender.join();
            wire.close();
        }
    }

    // ---- bodies that nobody reads

    @ParameterizedTest
    @ValueSource(strings = {"/ignore", "/nowhere"})
    void rule57_aBrokenBodyIsRefusedAlsoWhereNobodyReadsIt(String target) throws IOException {
        HttpWire wire = connect();
        wire.send(request("POST", target, "Transfer-Encoding: chunked") + "3\r\nabcd\r\n0\r\n\r\n" + get("/loop"));

        HttpReply reply = wire.read("POST");

        assertEquals(400, reply.status());
        assertTrue(reply.closes());
        wire.expectEnd();
    }

    @ParameterizedTest
    @CsvSource({"/ignore, 10000, false", "/ignore, 10001, true", "/nowhere, 10000, false", "/nowhere, 10001, true"})
    void rule64_itIsSaidIfABodyIsTooLongToBeReadAway(String target, int length, boolean closes) throws IOException {
        HttpWire wire = connect();
        String body = "x".repeat(length);
        for (String request : List.of(postChunks(target, body), post(target, body))) {
            HttpReply reply = wire.send(request).read("POST");
            assertEquals(closes, reply.closes());
            if (closes) {
                wire.expectEnd();
                wire = connect();
            }
        }
    }

    /** Its writer may read the body, so nothing is thrown away before it. */
    @ParameterizedTest
    @CsvSource({"/nothing, 5, true, false", "/nothing, 0, true, false", "/nothing, 10000, true, false",
        "/nothing, 10001, true, true", "/nothing, 10000, false, false", "/nothing, 10001, false, true",
        "/writer, 10000, true, false", "/writer, 10001, false, true", "/all, 10001, true, false",
        "/all, 10001, false, false", "/writer, 10001, true, true", "/writer, 10000, false, false",
        "/reader, 10001, true, false", "/reader, 10001, false, false"})
    void rule64_aStreamBeforeTheEndOfABodyThatMayBeTooLongSaysSo(String target, int length, boolean chunked,
            boolean closes) throws IOException {
        serve(Router.builder()
                .post("/nothing", request -> Response.stream(HttpSite.TEXT, out -> out.write('x')))
                .post("/all", request -> {
                    byte[] body = request.body().bytes();
                    return Response.stream(HttpSite.TEXT, out -> out.write(body));
                })
                .post("/writer", request -> Response.stream(HttpSite.TEXT, out -> {
                    out.write('x');
                    request.body().transferTo(out);
                }))
                .post("/reader", request -> Response.stream(HttpSite.TEXT, out -> out.write(request.body().bytes())))
                .get("/next", request -> Response.text("next"))
                .build(), Limits.DEFAULT.withMaxDrainBytes(DRAIN));
        String body = "x".repeat(length);
        String post = !chunked ? post(target, body) : length == 0 ? postChunks(target) : postChunks(target, body);
        for (int cut : new int[] {post.length(), post.indexOf("\r\n\r\n") + 4, post.length() - length / 2}) {
            HttpWire wire = connect();

            HttpReply reply = wire.send(post.substring(0, cut)).send(post.substring(cut) + get("/next")).read("POST");

            assertEquals(closes, reply.closes());
            if (closes) {
                wire.expectEnd();
            } else {
                assertEquals("next", wire.read("GET").text());
            }
            wire.close();
        }
    }
}
