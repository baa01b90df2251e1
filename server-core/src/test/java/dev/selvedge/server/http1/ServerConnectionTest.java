package dev.selvedge.server.http1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvedge.contract.HttpReply;
import dev.selvedge.contract.HttpReply.Framing;
import dev.selvedge.server.http1.DrivenConnection.Plan;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests, answers and what lies between them. The end of connections is another test's subject. */
class ServerConnectionTest {

    private final DrivenConnection connection = new DrivenConnection(SampleSite::plan);
    private final ServerConnection http = connection.http;

    private static String get(String target) {
        return "GET " + target + " HTTP/1.1\r\nHost: h\r\n\r\n";
    }

    private static String request(String line, String... fields) {
        StringBuilder text = new StringBuilder(line).append(" HTTP/1.1\r\nHost: h\r\n");
        for (String field : fields) {
            text.append(field).append("\r\n");
        }
        return text.append("\r\n").toString();
    }

    // ---- needs, one by one

    @Test
    void aNewConnectionNeedsInputAndIsIdle() {
        assertEquals(Need.READ, http.advance(0));
        assertTrue(http.idle());
    }

    @Test
    void theNeedsOfAnExchangeComeInThisOrder() {
        byte[] octets = get("/").getBytes(ISO_8859_1);
        http.input().prepare(octets, 0);
        http.received(octets.length, 0);

        assertEquals(Need.DISPATCH, http.advance(0));
        assertEquals("/", http.head().target());
        assertEquals(Need.DISPATCH, http.advance(0), "until somebody decides");
        http.collect(0, 0);
        assertEquals(Need.HANDLE, http.advance(0));
        assertEquals(0, http.begin().length);
        assertEquals(Need.AWAIT, http.advance(0));
        assertFalse(http.idle());
        http.answer(SampleSite.octets(200, new byte[] {'x'}), 0);
        assertEquals(Need.WRITE, http.advance(0));
        http.sent(http.output().contiguous() - 1, 0);
        assertEquals(Need.WRITE, http.advance(0));
        assertFalse(http.idle());
        http.sent(1, 0);
        assertEquals(Need.READ, http.advance(0));
        assertTrue(http.idle());
    }

    @Test
    void rule94_nothingHappensBeforeAHeadIsComplete() {
        connection.input(get("/").substring(0, get("/").length() - 1));

        assertEquals(Need.READ, connection.run());

        assertEquals("", connection.sentText());
        assertEquals(List.of(), connection.served);
        assertFalse(http.idle());
    }

    @Test
    void rule94_nothingHappensBeforeACollectedBodyIsComplete() throws IOException {
        connection.input(request("POST /echo", "Content-Length: 3") + "ab");
        assertEquals(Need.READ, connection.run());
        assertEquals("", connection.sentText());

        connection.input("c").run();

        assertEquals("abc", connection.reply("POST").text());
    }

    @Test
    void decisionsOutOfOrderAreProgrammingErrors() {
        Answer answer = SampleSite.octets(200, new byte[0]);

        assertThrows(IllegalStateException.class, () -> http.collect(0, 0));
        assertThrows(IllegalStateException.class, () -> http.stream(0, 0));
        assertThrows(IllegalStateException.class, http::begin);
        assertThrows(IllegalStateException.class, () -> http.answer(answer, 0));
        assertThrows(IllegalStateException.class, () -> http.endStream(FieldSection.EMPTY));
    }

    // ---- every kind of answer

    @ParameterizedTest
    @CsvSource({"/text,LENGTH", "/large,LENGTH", "/file,LENGTH", "/copied,LENGTH", "/stream,CHUNKED", "/exact,LENGTH"})
    void rule82_everyKindOfContentArrivesWhole(String target, Framing framing) throws IOException {
        connection.input(get(target)).writingAtMost(777).run();

        HttpReply reply = connection.reply("GET");

        String expected = switch (target) {
            case "/text" -> "you asked GET /text";
            case "/file", "/copied" -> SampleSite.file();
            default -> new String(SampleSite.large("GET " + target), ISO_8859_1);
        };
        assertEquals(200, reply.status());
        assertEquals(framing, reply.framing());
        assertEquals(expected, reply.text());
        assertFalse(reply.closes());
        assertTrue(http.idle());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/text", "/large", "/file", "/copied", "/stream", "/exact", "/304", "/205", "/nothing"})
    void rule76_and_77_headIsGetWithoutContent(String target) throws IOException {
        connection.input(request("GET " + target) + request("HEAD " + target) + get("/next")).run();

        List<HttpReply> replies = connection.replies("GET", "HEAD", "GET");

        assertEquals(3, replies.size());
        HttpReply get = replies.get(0);
        HttpReply head = replies.get(1);
        assertEquals(get.status(), head.status());
        assertEquals(0, head.content().length);
        for (String name : List.of("Content-Type", "Transfer-Encoding", "Date", "Server", "Connection")) {
            assertEquals(get.first(name), head.first(name), name);
        }
        assertEquals(target.equals("/text") || target.equals("/nothing"),
                get.first("Content-Length") != null && !get.first("Content-Length").equals(head.first("Content-Length")),
                "only the content that names the method differs in length");
        assertEquals("you asked GET /next", replies.get(2).text());
    }

    @ParameterizedTest
    @ValueSource(ints = {204, 205, 304})
    void rule83_statusesWithoutContentHaveNone(int status) throws IOException {
        connection.input(get("/" + status) + get("/next")).run();

        List<HttpReply> replies = connection.replies("GET");

        assertEquals(status, replies.get(0).status());
        assertEquals(0, replies.get(0).content().length);
        assertEquals("you asked GET /next", replies.get(1).text());
    }

    @Test
    void largeContentIsSentFromWhereItLies() {
        byte[] large = new byte[100_000];
        var copying = new DrivenConnection(head -> new Plan(false, 0, (h, body) -> SampleSite.octets(200, large)));
        byte[] octets = get("/").getBytes(ISO_8859_1);
        copying.http.input().prepare(octets, 0);
        copying.http.received(octets.length, 0);
        copying.http.advance(0);
        copying.http.collect(0, 0);
        copying.http.advance(0);
        copying.http.begin();

        copying.http.answer(SampleSite.octets(200, large), 0);
        assertEquals(Need.WRITE, copying.http.advance(0));
        copying.http.sent(copying.http.output().contiguous(), 0);

        assertEquals(Need.WRITE, copying.http.advance(0));
        assertEquals(true, copying.http.output().array() == large, "no copy was made");
        copying.http.sent(100_000, 0);
        assertEquals(Need.READ, copying.http.advance(0));
    }

    @Test
    void aFileIsSentBehindItsHeadAndOnlyThen() {
        byte[] octets = get("/file").getBytes(ISO_8859_1);
        http.input().prepare(octets, 0);
        http.received(octets.length, 0);
        http.advance(0);
        http.collect(0, 0);
        http.advance(0);
        http.begin();
        http.answer(new Answer(200, FieldSection.EMPTY, new Content.FileRange(java.nio.file.Path.of("f"), 5, 100)), 0);

        assertEquals(Need.WRITE, http.advance(0));
        http.sent(http.output().contiguous(), 0);
        assertEquals(Need.SEND_FILE, http.advance(0));
        assertEquals(100, http.fileRemaining());
        http.fileSent(60, 0);
        assertEquals(Need.SEND_FILE, http.advance(0));
        http.copyFile(new byte[40], 40);
        assertEquals(0, http.fileRemaining());
        assertEquals(Need.WRITE, http.advance(0));
        http.sent(40, 0);
        assertEquals(Need.READ, http.advance(0));
    }

    @Test
    void aStreamThatFailsBeforeItsFirstOctetIsSentCanBeTakenBack() throws IOException {
        Content failing = new Content.Streamed(Content.UNKNOWN_LENGTH, out -> {
            out.write(new byte[100]);
            throw new IOException("no more");
        });
        var failingSite = new DrivenConnection(
                head -> head.target().equals("/fail")
                        ? new Plan(true, 0, (h, body) -> new Answer(200, FieldSection.EMPTY, failing))
                        : SampleSite.plan(head));
        failingSite.input(get("/text") + get("/fail") + get("/next")).run();

        List<HttpReply> replies = failingSite.replies("GET");

        assertEquals(List.of(200, 500, 200), replies.stream().map(HttpReply::status).toList());
        assertEquals("you asked GET /next", replies.get(2).text());
    }

    @Test
    void aStreamThatFailsLaterEndsTheConnectionVisibly() {
        Content failing = new Content.Streamed(Content.UNKNOWN_LENGTH, out -> {
            out.write(new byte[100]);
            out.flush();
            throw new IOException("no more");
        });
        var failingSite = new DrivenConnection(
                head -> new Plan(true, 0, (h, body) -> new Answer(200, FieldSection.EMPTY, failing)));
        failingSite.input(get("/fail") + get("/next"));

        assertEquals(Need.ABORT, failingSite.run());

        assertEquals(List.of("GET /fail"), failingSite.served);
        assertFalse(failingSite.sentText().contains("0\r\n\r\n"), "no end that the client could believe");
        assertEquals(Need.ABORT, failingSite.run(), "and so it stays");
    }

    @Test
    void rule82_aStreamThatIsTooShortEndsTheConnectionVisibly() {
        Content tooShort = new Content.Streamed(100, out -> {
            out.write(new byte[99]);
            out.flush();
        });
        var shortSite = new DrivenConnection(
                head -> new Plan(true, 0, (h, body) -> new Answer(200, FieldSection.EMPTY, tooShort)));

        assertEquals(Need.ABORT, shortSite.input(get("/")).run());
    }

    @Test
    void aStreamIsNotWrittenForHead() throws IOException {
        Content never = new Content.Streamed(Content.UNKNOWN_LENGTH, out -> {
            throw new AssertionError("written for HEAD");
        });
        var streaming = new DrivenConnection(
                head -> new Plan(true, 0, (h, body) -> new Answer(200, FieldSection.EMPTY, never)));
        streaming.input(request("HEAD /")).run();

        assertEquals(200, streaming.reply("HEAD").status());
        assertNull(streaming.http.streamed());
    }

    // ---- pipelines

    @Test
    void rule61_responsesComeInTheOrderOfTheRequests() throws IOException {
        StringBuilder input = new StringBuilder();
        for (int i = 0; i < 500; i++) {
            input.append(get("/text?" + i));
        }
        connection.input(input.toString()).run();

        List<HttpReply> replies = connection.replies("GET");

        assertEquals(500, replies.size());
        for (int i = 0; i < 500; i++) {
            assertEquals("you asked GET /text?" + i, replies.get(i).text());
        }
    }

    @Test
    void rule69_noFurtherRequestIsBegunWhileMuchIsToBeSent() {
        StringBuilder input = new StringBuilder();
        for (int i = 0; i < 60; i++) {
            input.append(get("/text"));
        }
        Plan middling = new Plan(false, 0, (h, body) -> SampleSite.octets(200, new byte[10_000]));
        var slow = new DrivenConnection(head -> middling);
        byte[] octets = input.toString().getBytes(ISO_8859_1);
        slow.http.input().prepare(octets, 0);
        slow.http.received(octets.length, 0);

        int begun = 0;
        for (Need need = slow.http.advance(0); need != Need.WRITE; need = slow.http.advance(0)) {
            if (need == Need.DISPATCH) {
                slow.http.collect(0, 0);
                begun++;
            } else {
                slow.http.begin();
                slow.http.answer(middling.answering().answer(null, null), 0);
            }
        }

        assertTrue(begun < 10, begun + " requests were begun");
        assertTrue(slow.http.output().length() < 60_000);
    }

    @Test
    void rule70_aCompleteRequestIsAnsweredAlthoughTheNextHasBegun() throws IOException {
        connection.input(get("/text") + "GET /ne").run();

        assertEquals("you asked GET /text", connection.reply("GET").text());
        assertFalse(http.idle());
    }

    @Test
    void rule2_emptyLinesBeforeARequestAreSkipped() throws IOException {
        connection.input("\r\n\r\n" + get("/a") + "\r\n" + get("/b")).run();

        assertEquals(2, connection.replies("GET").size());
    }

    @Test
    void anEmptyLineBehindTheLastRequestLeavesTheConnectionIdle() {
        connection.input(get("/a") + "\r\n").run();

        assertTrue(http.idle(), "no request has begun");
    }

    // ---- bodies

    @ParameterizedTest
    @ValueSource(strings = {"/echo", "/echo?blocking"})
    void rule43_aBodyHasExactlyItsLength(String target) throws IOException {
        byte[] all = new byte[256];
        for (int i = 0; i < 256; i++) {
            all[i] = (byte) i;
        }
        connection.input(request("POST " + target, "Content-Length: 256")).input(all).input(get("/next")).run();

        List<HttpReply> replies = connection.replies("POST", "GET");

        assertArrayEquals(all, replies.get(0).content());
        assertEquals("you asked GET /next", replies.get(1).text());
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD", "OPTIONS", "DELETE", "BREW", "POST"})
    void rule44_framingDoesNotDependOnTheMethod(String method) throws IOException {
        connection.input(request(method + " /text", "Content-Length: 5") + "GET /" + get("/next")).run();

        List<HttpReply> replies = connection.replies(method, "GET");

        assertEquals(List.of(method + " /text", "GET /next"), connection.served);
        assertEquals("you asked GET /next", replies.get(1).text());
    }

    @ParameterizedTest
    @CsvSource({"/ignore,0", "/ignore?blocking,0", "/ignore,1000", "/ignore?blocking,1000"})
    void rule67_aSmallBodyThatNobodyReadsIsReadAway(String target, int length) throws IOException {
        connection.input(request("POST " + target, "Content-Length: " + length) + "x".repeat(length) + get("/next"));
        connection.run();

        List<HttpReply> replies = connection.replies("POST", "GET");

        assertFalse(replies.get(0).closes());
        assertEquals("you asked GET /next", replies.get(1).text());
    }

    @Test
    void rule67_aChunkedBodyThatNobodyReadsIsReadAway() throws IOException {
        connection.input(request("POST /ignore?blocking", "Transfer-Encoding: chunked")
                + "5\r\nGET /\r\n3\r\nabc\r\n0\r\nX: y\r\n\r\n" + get("/next")).run();

        assertEquals("you asked GET /next", connection.replies("POST", "GET").get(1).text());
    }

    @Test
    void rule67_aLargeBodyThatNobodyReadsEndsTheConnection() throws IOException {
        connection.input(request("POST /ignore?blocking", "Content-Length: 1001") + get("/smuggled"));
        connection.run();

        assertTrue(connection.reply("POST").closes());
        assertEquals(List.of("POST /ignore?blocking"), connection.served);
        assertTrue(connection.outputShutDown);
    }

    @Test
    void rule67_anEndlessChunkedBodyThatNobodyReadsEndsTheConnection() throws IOException {
        connection.input(request("POST /ignore?blocking", "Transfer-Encoding: chunked"));
        for (int i = 0; i < 100; i++) {
            connection.input("64\r\n" + "x".repeat(100) + "\r\n");
        }
        connection.run();

        assertEquals(200, connection.reply("POST").status());
        assertTrue(connection.outputShutDown);
    }

    @Test
    void rule60_trailersAreKeptApartFromTheHeaderFields() {
        var trailing = new DrivenConnection(head -> new Plan(false, 100, (h, body) -> {
            assertNull(h.fields().first("x-check"));
            return SampleSite.octets(200, body.all());
        }));
        trailing.input(request("POST /", "Transfer-Encoding: chunked") + "3\r\nabc\r\n0\r\nX-Check: 1\r\n\r\n");

        assertEquals(Need.READ, trailing.run());

        assertTrue(trailing.sentText().endsWith("abc"));
    }

    // ---- Expect

    @ParameterizedTest
    @CsvSource({"/echo,Content-Length: 3,abc", "/echo,Transfer-Encoding: chunked,'3\r\nabc\r\n0\r\n\r\n'"})
    void rule71_and_74_theClientIsToldToContinueWhenTheBodyIsExpected(String target, String framing, String body)
            throws IOException {
        connection.input(request("POST " + target, "EXPECT: 100-Continue", framing));
        assertEquals(Need.READ, connection.run());
        assertEquals("HTTP/1.1 100 Continue\r\n\r\n", connection.sentText());

        connection.input(body).run();

        List<HttpReply> replies = connection.replies("POST");
        assertEquals(List.of(100, 200), replies.stream().map(HttpReply::status).toList());
        assertEquals("abc", replies.get(1).text());
        assertFalse(replies.get(1).closes());
    }

    @Test
    void rule71_theClientIsToldToContinueWhenAHandlerReads() throws IOException {
        connection.input(request("POST /echo?blocking", "Expect: 100-continue", "Content-Length: 3"));
        connection.input("abc").run();

        List<HttpReply> replies = connection.replies("POST");

        assertEquals(List.of(100, 200), replies.stream().map(HttpReply::status).toList());
        assertEquals("abc", replies.get(1).text());
    }

    @Test
    void rule73_aFinalStatusInsteadOf100EndsTheConnection() throws IOException {
        connection.input(request("POST /ignore?blocking", "Expect: 100-continue", "Content-Length: 3"));
        connection.run();

        assertTrue(connection.reply("POST").closes());
        assertTrue(connection.outputShutDown);
    }

    @Test
    void rule75_noContinueIsSentWhenTheBodyIsThereAlready() throws IOException {
        connection.input(request("POST /echo", "Expect: 100-continue", "Content-Length: 3") + "a").input("bc").run();

        assertEquals("abc", connection.reply("POST").text());
    }

    @Test
    void rule75_noContinueWithoutABody() throws IOException {
        connection.input(request("GET /text", "Expect: 100-continue")
                + request("POST /echo", "Expect: 100-continue", "Content-Length: 0")).run();

        assertEquals(List.of(200, 200), connection.replies("GET", "POST").stream().map(HttpReply::status).toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/echo", "/echo?blocking"})
    void rule75_and_92_aRefusedBodyIsNotAskedFor(String target) throws IOException {
        connection.input(request("POST " + target, "Expect: 100-continue", "Content-Length: 5001")).run();

        HttpReply reply = connection.reply("POST");

        assertEquals(413, reply.status());
        assertTrue(reply.closes());
        assertEquals(Refusal.BODY_TOO_LARGE, http.takeRefused().refusal());
    }

    @Test
    void rule72_http10IsNeverToldToContinue() throws IOException {
        connection.input("POST /echo HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n").run();
        assertEquals("", connection.sentText());

        connection.input("abc").run();

        assertEquals("abc", connection.reply("POST").text());
    }

    @Test
    void rule71_and_61_theContinueComesBehindTheResponsesBefore() throws IOException {
        connection.input(get("/text") + request("POST /echo", "Expect: 100-continue", "Content-Length: 3")).run();

        assertEquals(List.of(200, 100), connection.replies("GET").stream().map(HttpReply::status).toList());
    }
}
