package dev.selvedge.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvedge.contract.HttpReply.Framing;
import dev.selvedge.server.Handler;
import dev.selvedge.server.Limits;
import dev.selvedge.server.Response;
import dev.selvedge.server.Router;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Responses of every kind: framing, HEAD, files, streams, and those that fail (rules 76 to 86). */
public abstract class HttpResponseRules extends HttpSuite {

    // ---- the head

    @ParameterizedTest
    @ValueSource(strings = {"/loop", "/thread", "/large", "/thread/large", "/file", "/thread/file", "/stream",
        "/loop/stream", "/exact", "/status/200", "/status/204", "/status/205", "/status/304", "/status/404",
        "/status/599", "/nowhere", "/throws", "/echo"})
    void rule76_and_77_headIsGetWithoutContent(String target) throws IOException {
        try (HttpLog log = new HttpLog()) {
            serve(HttpSite.in(directory));
            HttpWire wire = connect();

            HttpReply get = wire.send(get(target)).read("GET");
            HttpReply head = wire.send(request("HEAD", target) + get("/loop?next")).read("HEAD");

            assertEquals(get.status(), head.status());
            for (String name : List.of("Content-Type", "Content-Length", "Transfer-Encoding", "Server", "Connection",
                    "Allow")) {
                assertEquals(get.all(name), head.all(name), name);
            }
            assertEquals("loop next", wire.read("GET").text());
            assertEquals(target.equals("/throws"), !log.records().isEmpty());
        }
    }

    @Test
    void aStreamIsNotWrittenForHead() throws IOException {
        AtomicInteger written = new AtomicInteger();
        serve(request -> Response.stream(HttpSite.TEXT, out -> written.incrementAndGet()));

        assertEquals(200, exchange(request("HEAD", "/")).status());

        assertEquals(0, written.get());
    }

    @Test
    void rule84_theDateIsNow() throws IOException {
        serve(HttpSite.in(directory));
        for (String request : List.of(get("/loop"), get("/thread"), get("/nowhere"), get("/status/304"),
                "nonsense\r\n")) {
            Instant date = HttpReplyReader.date(exchange(request)).toInstant();

            assertTrue(Duration.between(date, Instant.now()).abs().toSeconds() <= 3, date + " " + request);
        }
    }

    @Test
    void rule85_theApplicationsOwnServerAndDateStandAlone() throws IOException {
        serve(request -> Response.text("x").withHeader("Server", "mine")
                .withHeader("date", "Sun, 06 Nov 1994 08:49:37 GMT"));
        HttpReply reply = exchange(get("/"));
        assertEquals(List.of("mine"), reply.all("Server"));
        assertEquals(List.of("Sun, 06 Nov 1994 08:49:37 GMT"), reply.all("Date"));

        start(builder(request -> Response.text("x")).withoutServerName());
        assertNull(exchange(get("/")).first("Server"));
        start(builder(request -> Response.text("x")).serverName("Other/1.0"));
        assertEquals(List.of("Other/1.0"), exchange(get("/")).all("Server"));
    }

    @Test
    void rule42_nothingFromTheRequestCanSplitAResponse() throws IOException {
        serve(request -> Response.redirect(request.queryParameter("to").orElse("none"))
                .withHeader("X-Path", request.rawPath()));
        try (HttpLog log = new HttpLog()) {
            HttpReply reply = exchange(get("/%0d%0aSet-Cookie:x?to=%0d%0aSet-Cookie:x"));

            assertEquals(500, reply.status(), "a Location with CR is refused where it is made");
            assertNull(reply.first("Set-Cookie"));
            assertEquals(1, log.messages(Level.SEVERE).size());
        }
    }

    // ---- files

    @Test
    void filesOfManySizesArriveUnchanged() throws IOException {
        serve(Router.builder().get("/{name}", request ->
                Response.file(directory.resolve(request.pathParameter("name")))).build());
        HttpWire wire = connect();
        for (int size : new int[] {0, 1, 511, 16_384, 16_385, 65_536, 1_000_000, 5_000_000}) {
            byte[] content = new byte[size];
            new Random(size).nextBytes(content);
            Files.write(directory.resolve("f" + size), content);

            HttpReply reply = wire.send(get("/f" + size)).read("GET");

            assertEquals(Framing.LENGTH, reply.framing());
            assertArrayEquals(content, reply.content());
        }
    }

    @Test
    void partsOfAFileBeyond4GibArriveUnchanged() throws IOException {
        Path sparse = directory.resolve("sparse");
        long position = (5L << 30) + 123;
        try (RandomAccessFile file = new RandomAccessFile(sparse.toFile(), "rw")) {
            file.seek(position);
            file.write(latin1("behind five gibibytes"));
        }
        serve(Router.builder()
                .get("/part", Handler.nonBlocking(request -> Response.file(HttpSite.TEXT, sparse, position, 21)))
                .get("/all", request -> Response.file(sparse)).build());

        assertEquals("behind five gibibytes", exchange(get("/part")).text());
        HttpReply all = connect().send(get("/all")).replies.readHead("GET");
        assertEquals(Long.toString(position + 21), all.first("Content-Length"));
        assertEquals(all.first("Content-Length"), exchange(request("HEAD", "/all")).first("Content-Length"));
        Files.delete(sparse);
    }

    @Test
    void aFileThatIsGoneIsAnErrorAndTheConnectionGoesOn() throws IOException {
        Path file = Files.write(directory.resolve("gone"), new byte[10]);
        serve(Router.builder().get("/", request -> {
            Response response = Response.file(file);
            Files.delete(file);
            return response;
        }).get("/next", Handler.nonBlocking(request -> Response.text("next"))).build());
        try (HttpLog log = new HttpLog()) {
            HttpWire wire = connect();

            wire.send(get("/") + get("/next"));

            assertEquals(500, wire.read("GET").status());
            assertEquals("next", wire.read("GET").text());
            assertEquals(1, log.messages(Level.SEVERE).size());
        }
    }

    @Test
    void rule82_aFileThatIsShorterThanPromisedIsNotTakenForWhole() throws Exception {
        Path file = directory.resolve("shrinking");
        Files.write(file, new byte[40 << 20]);
        serve(request -> Response.file(file));
        HttpWire wire = closedLater(new HttpWire(server().addresses().getFirst(), 10_000));
        HttpReply head = wire.send(get("/")).replies.readHead("GET");
        assertEquals(200, head.status());

        try (RandomAccessFile shrinking = new RandomAccessFile(file.toFile(), "rw")) {
            shrinking.setLength(1000);
        }

        assertThrows(IOException.class, () -> wire.replies.readContent(head));
        assertEquals(1000, exchange(get("/")).content().length);
    }

    // ---- streams

    @Test
    void aFlushIsSentAtOnce() throws Exception {
        CompletableFuture<Void> seen = new CompletableFuture<>();
        serve(Router.builder().get("/{kind}", request -> {
            OutputWriting writing = out -> {
                out.write(latin1("first"));
                out.flush();
                seen.get(20, TimeUnit.SECONDS);
                out.write(latin1("second"));
            };
            return request.pathParameter("kind").equals("chunks")
                    ? Response.stream(HttpSite.TEXT, writing::write)
                    : Response.stream(HttpSite.TEXT, 11, writing::write);
        }).build());
        HttpWire chunks = connect();
        HttpWire sized = connect();
        HttpReply chunksHead = chunks.send(get("/chunks")).replies.readHead("GET");
        HttpReply sizedHead = sized.send(get("/sized")).replies.readHead("GET");

        assertEquals("5\r\nfirst\r\n", new String(chunks.replies.stream().readNBytes(10), StandardCharsets.US_ASCII));
        assertEquals("first", new String(sized.replies.stream().readNBytes(5), StandardCharsets.US_ASCII));
        seen.complete(null);

        assertEquals("second", chunks.replies.readContent(chunksHead).text());
        assertEquals("11", sizedHead.first("Content-Length"));
        assertEquals("second", new String(sized.replies.stream().readNBytes(6), StandardCharsets.US_ASCII));
    }

    /** What a body writer does. */
    private interface OutputWriting {
        void write(OutputStream out) throws Exception;
    }

    @Test
    void aWriterMayCloseItsStreamAndWrapIt() throws IOException {
        serve(request -> Response.stream(HttpSite.TEXT, out -> {
            try (OutputStream wrapped = new FilterOutputStream(out)) {
                for (char octet : "one by one".toCharArray()) {
                    wrapped.write(octet);
                }
            }
        }));
        HttpWire wire = connect();

        assertEquals("one by one", wire.send(get("/")).read("GET").text());
        assertEquals("one by one", wire.send(get("/")).read("GET").text());
    }

    @Test
    void aStreamMayReadTheBodyOfItsRequest() throws IOException {
        serve(request -> Response.stream(HttpSite.TEXT, request.body()::transferTo));
        HttpWire wire = connect();

        assertEquals("to and fro", wire.send(post("/", "to and fro")).read("POST").text());
        assertEquals("in chunks", wire.send(postChunks("/", "in ", "chunks")).read("POST").text());
        assertEquals("", wire.send(get("/")).read("GET").text());
    }

    @Test
    void rule82_moreThanWasPromisedIsAnErrorOfTheWriter() throws IOException {
        serve(request -> Response.stream(HttpSite.TEXT, 3, out -> out.write(latin1("four"))));
        try (HttpLog log = new HttpLog()) {
            assertEquals(500, exchange(get("/")).status(), "nothing had been sent");
            assertEquals(1, log.messages(Level.SEVERE).size());
        }
    }

    @ParameterizedTest
    @CsvSource({"true,true", "true,false", "false,true", "false,false"})
    void aStreamThatFailsBeforeItsFirstOctetIsAnswered500(boolean chunked, boolean nonBlocking) throws IOException {
        OutputWriting failing = out -> {
            out.write(latin1("lost"));
            throw new IOException("on purpose");
        };
        Handler handler = request -> chunked ? Response.stream(HttpSite.TEXT, failing::write)
                : Response.stream(HttpSite.TEXT, 100, failing::write);
        serve(nonBlocking ? Handler.nonBlocking(handler) : handler);
        try (HttpLog log = new HttpLog()) {
            HttpWire wire = connect();

            wire.send(get("/") + get("/"));

            for (int i = 0; i < 2; i++) {
                HttpReply reply = wire.read("GET");
                assertEquals(500, reply.status());
                assertFalse(reply.text().contains("purpose"));
            }
            assertEquals(2, log.messages(Level.SEVERE).size());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"chunks", "sized", "old"})
    void rule82_aStreamThatFailsInTheMiddleIsVisiblyCut(String kind) throws Exception {
        OutputWriting failing = out -> {
            out.write(new byte[1000]);
            out.flush();
            throw new IOException("on purpose");
        };
        serve(request -> kind.equals("sized") ? Response.stream(HttpSite.TEXT, 2000, failing::write)
                : Response.stream(HttpSite.TEXT, failing::write));
        try (HttpLog log = new HttpLog()) {
            HttpWire wire = connect();
            wire.send(kind.equals("old") ? "GET / HTTP/1.0\r\n\r\n" : get("/"));

            assertThrows(IOException.class, () -> wire.read("GET"));

            log.await(Level.SEVERE, "cut");
            awaitNoConnection();
        }
    }

    @Test
    void rule97_aLargeResponseSurvivesALargeUploadThatNobodyReads() throws Exception {
        byte[] large = new byte[10 << 20]; // more than the sockets hold: some is on its way when the server has sent it
        new Random(1).nextBytes(large);
        serve(request -> Response.bytes(HttpSite.TEXT, large), Limits.DEFAULT.withMaxLingerBytes(10_000));
        HttpWire wire = connect();
        wire.send(request("GET", "/", "Transfer-Encoding: chunked"));
        byte[] chunk = ("10000\r\n" + "z".repeat(0x10000) + "\r\n").getBytes(StandardCharsets.US_ASCII);
        Thread sender = Thread.ofVirtual().start(() -> {
            for (int i = 0; i < 500; i++) {
                wire.sendIfTaken(chunk);
            }
        });

        assertArrayEquals(large, wire.read("GET").content());
        sender.join();
    }

    // ---- trailers

    private static Response digested(AtomicInteger written) {
        return Response.stream(HttpSite.TEXT, out -> {
            out.write("abc".getBytes(StandardCharsets.US_ASCII));
            written.addAndGet(3);
        }).withTrailer("X-Count", () -> Integer.toString(written.get())).withTrailer("X-None", () -> null);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void trailersAreMadeWhenTheBodyIsCompleteAndComeBehindIt(boolean nonBlocking) throws IOException {
        Handler handler = request -> digested(new AtomicInteger());
        serve(nonBlocking ? Handler.nonBlocking(handler) : handler);
        HttpWire wire = connect();

        HttpReply reply = wire.send(get("/")).read("GET");
        assertEquals("X-Count, X-None", reply.first("Trailer"));
        assertEquals("abc", reply.text());
        assertEquals(List.of(new HttpReply.Field("X-Count", "3")), reply.trailers());

        HttpReply head = wire.send(request("HEAD", "/")).read("HEAD");
        assertEquals("X-Count, X-None", head.first("Trailer"));

        HttpReply old = wire.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").read("GET");
        assertNull(old.first("Trailer"), "rule 66: no chunks and so no trailers towards HTTP/1.0");
        assertEquals("abc", old.text());
        assertTrue(old.closes());
    }

    @Test
    void aTrailerThatCantBeMadeCutsTheBody() throws IOException {
        try (HttpLog log = new HttpLog()) {
            serve(request -> Response.stream(HttpSite.TEXT, out -> {
                out.write('x');
                out.flush();
            }).withTrailer("X-Broken", () -> "a\r\nb"));
            HttpWire wire = connect();

            wire.send(get("/"));

            assertThrows(IOException.class, () -> wire.read("GET"));
            assertEquals(1, log.records().size());
        }
    }

    @Test
    void rule99_aSlowReaderSlowsTheWriterDownAndNobodyElse() throws Exception {
        AtomicLong written = new AtomicLong();
        byte[] block = new byte[10_000];
        int blocks = 3_000;
        serve(Router.builder().get("/", Handler.nonBlocking(request -> Response.text("quick")))
                .get("/slow", request -> Response.stream(HttpSite.TEXT, out -> {
                    for (int i = 0; i < blocks; i++) {
                        out.write(block);
                        written.addAndGet(block.length);
                    }
                })).build());
        HttpWire slow = closedLater(new HttpWire(server().addresses().getFirst(), 10_000));
        HttpReply head = slow.send(get("/slow")).replies.readHead("GET");
        for (int i = 0; i < 100; i++) {
            assertEquals("quick", exchange(get("/")).text());
        }
        long ahead = written.get();
        assertTrue(ahead < 20 << 20, ahead + " octets were written for somebody who reads nothing");

        assertEquals(blocks * block.length, slow.replies.readContent(head).content().length);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/large", "/thread/large", "/file", "/thread/file", "/stream", "/loop/stream", "/exact"})
    void rule69_aClientThatReadsInSipsGetsEverything(String target) throws IOException {
        serve(HttpSite.in(directory));
        HttpWire sipping = closedLater(new HttpWire(server().addresses().getFirst(), 2_000));

        sipping.send(get(target + "?1") + get("/thread?2") + get(target + "?3") + get("/loop?4"));

        assertEquals(200, sipping.read("GET").status());
        assertEquals("thread 2", sipping.read("GET").text());
        HttpReply again = sipping.read("GET");
        if (!target.contains("file")) {
            assertArrayEquals(HttpSite.large("3"), again.content());
        }
        assertEquals("loop 4", sipping.read("GET").text());
    }

    // ---- methods

    @Test
    void rule78_and_79_405And_optionsNameTheMethods() throws IOException {
        serve(HttpSite.in(directory));

        HttpReply wrong = exchange(request("DELETE", "/loop"));
        HttpReply options = exchange(request("OPTIONS", "/echo"));
        HttpReply asterisk = exchange(request("OPTIONS", "*"));

        assertEquals(405, wrong.status());
        assertTrue(wrong.first("Allow").contains("GET") && wrong.first("Allow").contains("HEAD"), wrong.toString());
        assertTrue(options.status() < 300, options.toString());
        assertTrue(options.first("Allow").contains("POST"), options.toString());
        assertTrue(asterisk.status() < 300, asterisk.toString());
        assertEquals(405, exchange(request("get", "/loop")).status(), "rule 5: case matters");
    }

    @Test
    void rule80_traceReflectsNothing() throws IOException {
        serve(HttpSite.in(directory));

        HttpReply reply = exchange(request("TRACE", "/loop", "Cookie: secret"));

        assertTrue(reply.status() >= 400, reply.toString());
        assertFalse(reply.text().contains("secret"));
    }
}
