package dev.selvedge.server.http1;

import static dev.selvedge.server.http1.DrivenConnection.LIMITS;
import static dev.selvedge.server.http1.DrivenConnection.SECOND;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvedge.contract.HttpReply;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How connections end: as agreed, by refusals, at the end of input, by deadlines, and when the server stops. */
class ServerConnectionEndTest {

    private final DrivenConnection connection = new DrivenConnection(SampleSite::plan);
    private final ServerConnection http = connection.http;

    private static String get(String target, String... fields) {
        return request("GET " + target + " HTTP/1.1", fields);
    }

    private static String request(String line, String... fields) {
        StringBuilder text = new StringBuilder(line).append("\r\nHost: h\r\n");
        for (String field : fields) {
            text.append(field).append("\r\n");
        }
        return text.append("\r\n").toString();
    }

    private void receive(String text) {
        byte[] octets = text.getBytes(ISO_8859_1);
        http.input().prepare(octets, 0);
        http.received(octets.length, 0);
    }

    private void receiveAndBegin(String text) {
        receive(text);
        assertEquals(Need.DISPATCH, http.advance(0));
        http.collect(0, 0);
        assertEquals(Need.HANDLE, http.advance(0));
        http.begin();
    }

    // ---- persistence

    @ParameterizedTest
    @CsvSource({"HTTP/1.1,,false", "HTTP/1.1,close,true", "HTTP/1.1,CLOSE,true", "HTTP/1.1,'x, Close ,y',true",
        "HTTP/1.1,'keep-alive, close',true", "HTTP/1.1,unknown,false", "HTTP/1.0,,true", "HTTP/1.0,keep-alive,false",
        "HTTP/1.0,'Keep-Alive, close',true", "HTTP/1.0,close,true", "HTTP/1.2,,false"})
    void rule62_63_65_theConnectionLastsAsTheClientWants(String version, String option, boolean closes)
            throws IOException {
        String first = option == null ? request("GET /a " + version)
                : request("GET /a " + version, "Connection: " + option);
        connection.input(first + get("/b")).run();

        List<HttpReply> replies = connection.replies("GET");

        assertEquals(closes, replies.getFirst().closes());
        assertEquals(closes ? 1 : 2, connection.served.size());
        assertEquals(closes ? 1 : 2, replies.size());
        assertEquals(closes, connection.outputShutDown);
    }

    @Test
    void rule65_http10IsToldThatTheConnectionIsKept() throws IOException {
        connection.input(request("GET /a HTTP/1.0", "Connection: keep-alive")).run();

        assertEquals(List.of("keep-alive"), connection.reply("GET").all("Connection"));
    }

    @Test
    void rule66_aStreamToHttp10EndsWithTheConnection() throws IOException {
        connection.input(request("GET /stream HTTP/1.0", "Connection: keep-alive") + get("/b")).run();

        HttpReply reply = connection.reply("GET");

        assertEquals(HttpReply.Framing.END_OF_CONNECTION, reply.framing());
        assertEquals(SampleSite.LARGE_BYTES, reply.content().length);
        assertTrue(connection.outputShutDown);
    }

    @Test
    void rule68_theConnectionIsClosedInTwoSteps() {
        connection.input(get("/a", "Connection: close"));
        assertEquals(Need.READ, connection.run());
        assertTrue(connection.outputShutDown, "the first step");

        connection.input("more that is thrown away").endOfInput();

        assertEquals(Need.CLOSE, connection.run());
        assertEquals(1, connection.served.size());
    }

    @Test
    void rule68_andNotReadOnWithoutEndNorCutOff() {
        connection.input(get("/a", "Connection: close")).input("x".repeat((int) LIMITS.maxLingerBytes()));
        assertEquals(Need.READ, connection.run());
        long deadline = http.deadline(connection.now);

        connection.input("y").run();

        assertEquals(deadline, connection.now, "the client had all the time to read");
        assertEquals(Need.CLOSE, http.advance(connection.now));
    }

    @Test
    void rule68_norForLong() {
        connection.input(get("/a", "Connection: close")).run();
        assertEquals(connection.now + LIMITS.lingerNanos(), http.deadline(connection.now));
        connection.now += LIMITS.lingerNanos() / 2;
        connection.input("x").run();
        assertEquals(connection.now + LIMITS.lingerNanos() / 2, http.deadline(connection.now), "it does not move");

        http.expire(connection.now + LIMITS.lingerNanos() / 2);

        assertEquals(Need.CLOSE, connection.run());
    }

    // ---- refusals

    @ParameterizedTest
    @CsvSource({"'GET / HTTP/1.1\r\n\r\n',400", "'GET  / HTTP/1.1\r\n',400", "'GET / HTTP/2.0\r\n',505",
        "'GET / HTTP/1.1\r\nHost : h\r\n\r\n',400", "'GET / HTTP/1.1\nHost: h\n\n',400",
        "'POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip, chunked\r\n\r\n',501",
        "'POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1, 1\r\n\r\n',400", "'\u0016\u0003\u0001',400"})
    void rule12_aMalformedRequestIsAnsweredAndNothingBehindIt(String input, int status) throws IOException {
        connection.input(get("/before") + input + get("/behind")).run();

        List<HttpReply> replies = connection.replies("GET");

        assertEquals(2, replies.size());
        assertEquals(status, replies.get(1).status());
        assertTrue(replies.get(1).closes());
        assertEquals(List.of("GET /before"), connection.served);
        assertTrue(connection.outputShutDown);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\r\n"})
    void rule76_aRefusedHeadRequestGetsNoContent(String before) throws IOException {
        connection.input(before + "HEAD / HTTP/1.1\r\nHost: a b\r\n\r\n").run();

        assertEquals(400, connection.reply("HEAD").status());
    }

    @Test
    void rule57_and_12_aBrokenChunkIsAnsweredAndNothingBehindIt() throws IOException {
        connection.input(request("POST /echo HTTP/1.1", "Transfer-Encoding: chunked") + "3\r\nabcd\r\n0\r\n\r\n"
                + get("/behind")).run();

        assertEquals(400, connection.reply("POST").status());
        assertEquals(1, connection.served.size());
    }

    @Test
    void rule57_aBrokenChunkThatAHandlerReadsEndsTheConnection() throws IOException {
        connection.input(request("POST /echo?blocking HTTP/1.1", "Transfer-Encoding: chunked")
                + "3\r\nabcd\r\n0\r\n\r\n" + get("/behind")).run();

        HttpReply reply = connection.reply("POST");

        assertEquals(400, reply.status());
        assertTrue(reply.closes());
        assertEquals(1, connection.served.size());
    }

    @Test
    void rule57_aBrokenChunkThatNobodyReadsEndsTheConnection() throws IOException {
        connection.input(request("POST /ignore?blocking HTTP/1.1", "Transfer-Encoding: chunked")
                + "3\r\nabcd\r\n0\r\n\r\n" + get("/behind")).run();

        assertEquals(400, connection.reply("POST").status());
        assertEquals(1, connection.served.size());
        assertTrue(connection.outputShutDown);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/echo", "/echo?blocking"})
    void rule92_aBodyThatGrowsTooLargeIsRefusedWhileItIsCounted(String target) throws IOException {
        connection.input(request("POST " + target + " HTTP/1.1", "Transfer-Encoding: chunked"));
        for (int i = 0; i < 60; i++) {
            connection.input("64\r\n" + "x".repeat(100) + "\r\n");
        }
        connection.run();

        HttpReply reply = connection.reply("POST");

        assertEquals(target.equals("/echo") ? 413 : 400, reply.status(), "a handler may answer as it likes");
        assertTrue(reply.closes());
    }

    @Test
    void rule97_theRestOfARefusedUploadIsReadAwayBehindTheAnswer() throws IOException {
        connection.input(request("POST /echo HTTP/1.1", "Content-Length: 9000"));
        for (int i = 0; i < 9; i++) {
            connection.input("x".repeat(1000));
        }

        assertEquals(Need.READ, connection.run());

        assertEquals(413, connection.reply("POST").status());
        assertTrue(connection.outputShutDown);
    }

    @Test
    void aRefusalIsTakenOnceWithTheBeginningOfTheRequest() {
        connection.input(get("/a")).run();
        assertNull(http.takeRefused());

        connection.input("GET /" + "x".repeat(300) + "\r\n").run();

        Refused refused = http.takeRefused();
        assertEquals(Refusal.REQUEST_LINE, refused.refusal());
        assertEquals("GET /" + "x".repeat(251), new String(refused.firstOctets(), ISO_8859_1));
        assertNull(http.takeRefused());
    }

    @Test
    void aRefusedBodyIsToldWithTheHeadOfItsRequest() {
        String head = request("POST /echo HTTP/1.1", "Transfer-Encoding: chunked");
        connection.input(head + "nonsense").run();

        Refused refused = http.takeRefused();

        assertEquals(Refusal.CHUNK, refused.refusal());
        assertEquals(head, new String(refused.firstOctets(), ISO_8859_1));
    }

    @Test
    void ofALongHeadOnlyTheBeginningIsTold() {
        for (int line : new int[] {10, 240, 255, 256, 257, 300}) {
            for (int value : new int[] {0, 300}) {
                DrivenConnection other = new DrivenConnection(SampleSite::plan);
                String head = request("POST /" + "x".repeat(line) + " HTTP/1.1", "X: " + "y".repeat(value),
                        "Transfer-Encoding: chunked");
                other.input(head + "nonsense").run();

                assertEquals(head.substring(0, Math.min(head.length(), Refused.MAX_OCTETS)),
                        new String(other.http.takeRefused().firstOctets(), ISO_8859_1));
            }
        }
    }

    // ---- the end of input

    @Test
    void anIdleConnectionIsClosedAtTheEndOfInput() {
        assertEquals(Need.CLOSE, connection.input(get("/a")).endOfInput().run());
        assertEquals(1, connection.served.size());
    }

    @Test
    void rule95_completeRequestsAreAnsweredAfterTheEndOfInput() throws IOException {
        connection.input(get("/large") + get("/stream") + get("/file")).endOfInput();

        assertEquals(Need.CLOSE, connection.run());

        List<HttpReply> replies = connection.replies("GET");
        assertEquals(3, replies.size());
        assertEquals(SampleSite.LARGE_BYTES, replies.get(1).content().length);
    }

    @Test
    void rule95_and_64_theLastResponseSaysSoIfTheEndOfInputIsKnown() throws IOException {
        receive(get("/a") + get("/b"));
        http.endOfInput();

        assertEquals(Need.CLOSE, connection.run());

        assertEquals(List.of(false, true), connection.replies("GET").stream().map(HttpReply::closes).toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"G", "GET / HTTP/1.1\r\n", "GET / HTTP/1.1\r\nHost: h\r\n"})
    void rule96_aHeadThatIsCutShortIsNotServed(String start) {
        assertEquals(Need.CLOSE, connection.input(start).endOfInput().run());

        assertEquals("", connection.sentText());
    }

    @ParameterizedTest
    @CsvSource({"/echo,Content-Length: 4,abc", "/echo?blocking,Content-Length: 4,abc",
        "/echo,Transfer-Encoding: chunked,'3\r\nabc\r\n0\r\n'",
        "/echo?blocking,Transfer-Encoding: chunked,'3\r\nabc\r\n'"})
    void rule96_aBodyThatIsCutShortIsNotServed(String target, String framing, String body) throws IOException {
        connection.input(request("POST " + target + " HTTP/1.1", framing) + body).endOfInput();

        assertEquals(Need.CLOSE, connection.run());

        assertEquals(400, connection.reply("POST").status());
    }

    @Test
    void rule96_aBodyThatNobodyReadsMayBeCutShort() throws IOException {
        connection.input(request("POST /ignore HTTP/1.1", "Content-Length: 4") + "abc").endOfInput();

        assertEquals(Need.CLOSE, connection.run());

        assertEquals(400, connection.reply("POST").status(), "it is collected before anybody is asked");
    }

    /** Whoever sends the last octets may hold them back until then, so he must be the one who ends the sending side. */
    @ParameterizedTest
    @CsvSource({"close, false, true", "keep-alive, false, false", "close, true, false"})
    void theLastOctetsAreThoseThatAShutdownFollows(String option, boolean endOfInput, boolean last) {
        receiveAndBegin(get("/a", "Connection: " + option));
        if (endOfInput) {
            http.endOfInput();
        }
        http.answer(SampleSite.octets(200, new byte[10]), 0);
        assertEquals(Need.WRITE, http.advance(0));

        assertEquals(last, http.sendsLast());

        http.sent(http.output().contiguous(), 0);
        assertEquals(last, http.advance(0) == Need.SHUT_DOWN_OUTPUT);
        assertFalse(http.sendsLast() && !http.output().isEmpty(), "more follows");
    }

    // ---- time

    @Test
    void anIdleConnectionIsClosedWithoutAWord() {
        connection.run();
        assertEquals(connection.now + LIMITS.idleNanos(), http.deadline(connection.now));

        http.expire(connection.now + LIMITS.idleNanos());

        assertEquals(Need.CLOSE, connection.run());
        assertEquals("", connection.sentText());
    }

    @Test
    void aHeadHasItsTimeFromItsFirstOctet() throws IOException {
        connection.input("G").run();
        long begun = connection.now;
        assertEquals(begun + LIMITS.headNanos(), http.deadline(begun));

        connection.now += LIMITS.headNanos() - 1;
        connection.input("ET / HTTP/1.1\r\n").run();
        assertEquals(begun + LIMITS.headNanos(), http.deadline(connection.now), "octets do not move it");
        http.expire(begun + LIMITS.headNanos());

        assertEquals(Need.READ, connection.run());
        assertEquals(408, connection.reply("GET").status());
        assertTrue(connection.outputShutDown);
    }

    @Test
    void emptyLinesDoNotBeginAHead() {
        connection.input("\r\n").run();

        assertEquals(connection.now + LIMITS.idleNanos(), http.deadline(connection.now));
    }

    @Test
    void theNextHeadHasItsOwnTime() {
        connection.input("GET /a").run();
        connection.now += LIMITS.headNanos() - 1;
        connection.input(" HTTP/1.1\r\nHost: h\r\n\r\nGET").run();

        assertEquals(connection.now + LIMITS.headNanos(), http.deadline(connection.now));
    }

    @Test
    void aBodyThatComesTooSlowlyIsRefused() throws IOException {
        connection.input(request("POST /echo HTTP/1.1", "Content-Length: 1300")).run();
        long begun = connection.now;
        assertEquals(begun + LIMITS.paceNanos(), http.deadline(begun));
        connection.now += SECOND;
        connection.input("x".repeat(1199)).run();
        assertEquals(begun + LIMITS.paceNanos(), http.deadline(connection.now), "too little to begin anew");
        connection.now += SECOND;
        connection.input("x").run();
        assertEquals(connection.now + LIMITS.paceNanos(), http.deadline(connection.now), "enough");

        http.expire(connection.now + LIMITS.paceNanos());
        connection.run();

        assertEquals(408, connection.reply("POST").status());
        assertTrue(connection.outputShutDown);
    }

    @Test
    void aClientThatDoesNotTakeItsResponseIsAbandoned() {
        receiveAndBegin(get("/a"));
        http.answer(SampleSite.octets(200, new byte[100_000]), 0);
        assertEquals(Need.WRITE, http.advance(0));
        long end = 6 * LIMITS.paceNanos();
        assertEquals(end, http.deadline(0), "the system tells late of what a client has taken");

        http.expire(end);

        assertEquals(Need.ABORT, http.advance(end));
        assertTrue(http.output().isEmpty(), "nothing is kept for it");
    }

    @Test
    void timeThatWasLostWithOneRequestDoesNotBurdenTheNext() {
        connection.input(request("POST /echo HTTP/1.1", "Content-Length: 2")).run();
        http.deadline(connection.now);
        connection.now += LIMITS.paceNanos() - 1;
        connection.input("ab" + request("POST /echo HTTP/1.1", "Content-Length: 2")).run();

        assertEquals(connection.now + LIMITS.paceNanos(), http.deadline(connection.now));
    }

    @Test
    void timeThatWasLostWithResponsesDoesNotBurdenTheNextBody() {
        receiveAndBegin(get("/a"));
        http.answer(SampleSite.octets(200, new byte[10]), 0);
        assertEquals(Need.WRITE, http.advance(0));
        http.deadline(0);
        long now = LIMITS.paceNanos() - 1;
        http.sent(http.output().contiguous(), now);
        connection.now = now;
        connection.input(request("POST /echo HTTP/1.1", "Content-Length: 2")).run();

        assertEquals(now + LIMITS.paceNanos(), http.deadline(now));
    }

    @Test
    void nothingIsExpectedOfTheClientWhileTheAnswerIsMade() {
        receiveAndBegin(get("/a"));

        assertEquals(ServerConnection.NO_DEADLINE, http.deadline(0));
        http.expire(Long.MAX_VALUE - 1);

        assertEquals(Need.AWAIT, http.advance(0));
    }

    // ---- stop

    @Test
    void aServerThatStopsEndsTheConnectionWithTheNextResponse() throws IOException {
        connection.input(get("/a")).run();
        http.stopAfterThis();
        assertTrue(http.idle());

        connection.input(get("/b") + get("/c")).run();

        List<HttpReply> replies = connection.replies("GET");
        assertEquals(List.of(false, true), replies.stream().map(HttpReply::closes).toList());
        assertEquals(List.of("GET /a", "GET /b"), connection.served);
        assertTrue(connection.outputShutDown);
    }

    @Test
    void aRequestThatHasBegunIsNotIdle() {
        connection.input("G").run();
        http.stopAfterThis();

        assertFalse(http.idle());
    }

    // ---- memory

    @Test
    void anIdleConnectionKeepsNoMemory() {
        connection.input(get("/large") + get("/text")).run();

        assertEquals(0, http.input().array().length);
        assertEquals(0, http.output().array().length);
    }
}
