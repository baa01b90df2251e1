package dev.selvedge.server.http1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.selvedge.contract.HttpReply;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/**
 * Random pipelines: every request is answered exactly once, in order and byte-exact, and how the octets are cut, how
 * small the arrays are and where turns end makes no difference (rules 61, 67, 82, 93).
 */
class ServerConnectionPipelineTest {

    private static final List<String> PATHS = List.of("/text", "/text", "/echo", "/echo", "/large", "/file", "/copied",
            "/stream", "/exact", "/204", "/205", "/304");

    /**
     * A request and what must come of it.
     *
     * @param wire its octets
     * @param status of its response
     * @param content of its response
     * @param closes whether the response says that the connection ends
     * @param ends whether it does
     * @param dispatched whether anybody was asked to answer
     */
    private record Expected(String method, byte[] wire, int status, String content, boolean closes, boolean ends,
            boolean dispatched) { }

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);
    private int number;

    private Expected request() {
        if (random.nextInt(60) == 0) {
            return refused();
        }
        String method = random.nextInt(6) == 0 ? "HEAD" : random.nextBoolean() ? "GET" : "POST";
        boolean old = random.nextInt(12) == 0;
        boolean blocking = random.nextBoolean();
        String path = PATHS.get(random.nextInt(PATHS.size()));
        String target = path + "?" + number++ + (blocking ? "&blocking" : "");
        StringBuilder wire = new StringBuilder("\r\n".repeat(random.nextInt(10) == 0 ? 2 : 0));
        wire.append(method).append(' ').append(target).append(old ? " HTTP/1.0\r\n" : " HTTP/1.1\r\nHost: h\r\n");
        boolean close = random.nextInt(25) == 0;
        wire.append(close ? "Connection: close\r\n" : old ? "Connection: keep-alive\r\n" : "");
        wire.append("X-Padding: " + "p".repeat(random.nextInt(60)) + "\r\n");
        int kind = random.nextInt(old ? 2 : 3);
        String body = kind == 0 ? "" : body();
        boolean chunked = kind == 2;
        wire.append(switch (kind) {
            case 0 -> "\r\n";
            case 1 -> "Content-Length: " + body.length() + "\r\n\r\n" + body;
            default -> "Transfer-Encoding: chunked\r\n\r\n" + chunks(body);
        });
        return expect(method, path, target, wire.toString(), body, chunked, blocking,
                close || old && path.equals("/stream") && !method.equals("HEAD"));
    }

    private Expected expect(String method, String path, String target, String wire, String body, boolean chunked,
            boolean blocking, boolean close) {
        byte[] octets = wire.getBytes(ISO_8859_1);
        boolean read = !blocking || path.equals("/echo");
        if (body.length() > SampleSite.MAX_BODY_BYTES && (read || !chunked)) {
            // A handler that reads finds out by itself, and this one says 400.
            boolean byItself = blocking && chunked;
            String page = "413 Content Too Large: the body is too large\n";
            return new Expected(method, octets, byItself ? 400 : 413, byItself || method.equals("HEAD") ? "" : page,
                    true, true, true);
        }
        boolean streamed = (path.equals("/stream") || path.equals("/exact")) && !method.equals("HEAD");
        boolean mayBeTooLongToDrain = !read
                && (chunked && streamed || body.length() > DrivenConnection.LIMITS.maxDrainBytes());
        String asked = method + " " + target;
        String content = switch (path) {
            case "/text" -> "you asked " + asked;
            case "/echo" -> body;
            case "/file", "/copied" -> SampleSite.file();
            case "/204", "/205", "/304" -> "";
            default -> new String(SampleSite.large(asked), ISO_8859_1);
        };
        int status = path.matches("/[0-9]+") ? Integer.parseInt(path.substring(1)) : 200;
        return new Expected(method, octets, status, method.equals("HEAD") ? "" : content,
                close || mayBeTooLongToDrain, close || mayBeTooLongToDrain, true);
    }

    private Expected refused() {
        byte[] octets = "GET / HTTP/1.1\r\nHost: h\r\nContent-Length: +1\r\n\r\nGET / HTTP/1.1\r\n".getBytes(ISO_8859_1);
        return new Expected("GET", octets, 400, "400 Bad Request: Content-Length is malformed or repeated\n", true, true,
                false);
    }

    /** Sometimes empty, sometimes too long, often like a request. */
    private String body() {
        int bound = new int[] {1, 30, 900, 1200, 5200}[random.nextInt(5)];
        String text = "GET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n0\r\n\r\n".repeat(150);
        return text.substring(0, random.nextInt(bound));
    }

    private String chunks(String body) {
        StringBuilder coded = new StringBuilder();
        for (int at = 0; at < body.length();) {
            int size = Math.min(body.length() - at, 1 + random.nextInt(random.nextBoolean() ? 5 : 2000));
            coded.append(random.nextInt(5) == 0 ? "00" : "").append(Integer.toHexString(size))
                    .append(random.nextInt(9) == 0 ? ";name=\"value\"" : "").append("\r\n")
                    .append(body, at, at + size).append("\r\n");
            at += size;
        }
        return coded.append("0\r\n").append(random.nextInt(4) == 0 ? "X-Trailer: yes\r\n" : "").append("\r\n").toString();
    }

    private List<Expected> pipeline() {
        List<Expected> pipeline = new ArrayList<>();
        for (int length = random.nextInt(1, 25); length > 0; length--) {
            pipeline.add(request());
        }
        return pipeline;
    }

    private static byte[] wire(List<Expected> pipeline) {
        var wire = new ByteArrayOutputStream();
        pipeline.forEach(request -> wire.writeBytes(request.wire()));
        return wire.toByteArray();
    }

    /** Feeds the octets in pieces of random sizes up to a bound. */
    private static void feed(DrivenConnection connection, byte[] octets, Random random, int bound) {
        for (int at = 0; at < octets.length;) {
            int n = Math.min(octets.length - at, random.nextInt(1, bound + 1));
            byte[] piece = new byte[n];
            System.arraycopy(octets, at, piece, 0, n);
            connection.input(piece);
            at += n;
        }
    }

    private void verify(List<Expected> pipeline, DrivenConnection connection) throws IOException {
        String[] methods = pipeline.stream().map(Expected::method).toArray(String[]::new);
        List<HttpReply> replies = connection.replies(methods);
        int answered = 0;
        int dispatched = 0;
        for (Expected request : pipeline) {
            HttpReply reply = replies.get(answered++);
            String about = "seed " + seed + ", request " + answered + ": " + new String(request.wire(), ISO_8859_1);
            assertEquals(request.status(), reply.status(), about);
            assertEquals(request.content(), reply.text(), about);
            assertEquals(request.closes(), reply.closes(), about);
            dispatched += request.dispatched() ? 1 : 0;
            if (request.ends()) {
                break;
            }
        }
        assertEquals(answered, replies.size(), () -> "seed " + seed);
        assertEquals(dispatched, connection.served.size(), () -> "seed " + seed);
    }

    /** Asserts that the same was sent and served; tells only where the difference begins. */
    private void assertSame(DrivenConnection whole, DrivenConnection cut) {
        assertEquals(whole.served, cut.served, () -> "seed " + seed);
        int at = Arrays.mismatch(whole.sent(), cut.sent());
        if (at >= 0) {
            int from = Math.max(0, at - 200);
            assertEquals(part(whole.sentText(), from), part(cut.sentText(), from), () -> "seed " + seed);
        }
    }

    private static String part(String text, int from) {
        return text.substring(from, Math.min(text.length(), from + 600));
    }

    @RepeatedTest(150)
    void everyRequestIsAnsweredOnceInOrderHoweverItIsCut() throws IOException {
        List<Expected> pipeline = pipeline();
        byte[] octets = wire(pipeline);
        var whole = new DrivenConnection(SampleSite::plan).input(octets).endOfInput();
        assertEquals(Need.CLOSE, whole.run(), () -> "seed " + seed);
        verify(pipeline, whole);

        for (int bound : new int[] {1, 7, 200, 5000}) {
            var cut = new DrivenConnection(SampleSite::plan).moody(random).endOfInput();
            feed(cut, octets, random, bound);

            assertEquals(Need.CLOSE, cut.run(), () -> "seed " + seed + " pieces up to " + bound);
            assertSame(whole, cut);
        }
    }

    @Test
    void rule93_twoPiecesCutAtEveryPosition() throws IOException {
        String text = "\r\nPOST /echo?1 HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "5;a=\"b\"\r\nhello\r\n00\r\nX-T: y\r\n\r\n"
                + "POST /echo?2&blocking HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nbody"
                + "HEAD /large HTTP/1.1\r\nHost: h\r\n\r\nGET /204 HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n"
                + "POST /ignore?blocking HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nGET /"
                + "GET /text HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\nGET /never HTTP/1.1\r\n";
        byte[] octets = text.getBytes(ISO_8859_1);
        var whole = new DrivenConnection(SampleSite::plan).input(octets);
        whole.run();
        assertEquals(6, whole.replies("POST", "POST", "HEAD", "GET", "POST", "GET").size());

        for (int cut = 1; cut < octets.length; cut++) {
            var pieces = new DrivenConnection(SampleSite::plan);
            // The second piece comes in another turn, but for a handler that reads by itself.
            pieces.input(text.substring(0, cut));
            if (!text.substring(0, cut).matches("(?s).*Content-Length: (4\r\n\r\n.{0,3}|5\r\n\r\n.{0,4})")) {
                pieces.run();
            }
            pieces.input(text.substring(cut)).run();

            assertArrayEquals(whole.sent(), pieces.sent(), "cut at " + cut);
            assertEquals(whole.served, pieces.served, "cut at " + cut);
        }
    }

    /** Random octets, and requests with random faults: no exception, and one way to see it, however they are cut. */
    @RepeatedTest(300)
    void rule100_brokenInputDoesNoHarmHoweverItIsCut() throws IOException {
        byte[] octets = wire(pipeline());
        for (int faults = random.nextInt(1, 4); faults > 0; faults--) {
            octets[random.nextInt(octets.length)] = (byte) (random.nextBoolean() ? random.nextInt(256)
                    : "\r\n \t:;0/".charAt(random.nextInt(8)));
        }
        var whole = new DrivenConnection(SampleSite::plan).input(octets).endOfInput();
        Need end = whole.run();

        for (int bound : new int[] {1, 300}) {
            var cut = new DrivenConnection(SampleSite::plan).moody(random).endOfInput();
            feed(cut, octets, random, bound);

            assertEquals(end, cut.run(), () -> "seed " + seed);
            assertSame(whole, cut);
        }
    }
}
