package dev.selvedge.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvedge.server.Filter;
import dev.selvedge.server.Handler;
import dev.selvedge.server.Limits;
import dev.selvedge.server.Response;
import dev.selvedge.server.Router;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that wait to be told to send their bodies (rules 71 to 75). */
public abstract class HttpExpectRules extends HttpSuite {

    private static final String EXPECT = "Expect: 100-continue";

    /** Refuses by the head alone, or gives the body back. */
    private static final Handler GUARDED = request -> request.headers().contains("Authorization")
            ? Response.bytes(HttpSite.TEXT, request.body().bytes()) : Response.error(401);

    private static final Handler THREAD = request -> Response.text(
            (Thread.currentThread().isVirtual() ? "virtual " : "loop ") + request.body().text());

    @BeforeEach
    void startSite() {
        serve(HttpSite.in(directory));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/echo", "/thread/echo"})
    void rule71_and_74_theBodyIsAskedForWhenItIsWanted(String target) throws IOException {
        HttpWire wire = connect();
        for (String framing : List.of("Content-Length: 3", "Transfer-Encoding: chunked")) {
            wire.send(request("POST", target, "Expect: 100-CONTINUE", framing));
            HttpReply interim = wire.replies.readAny("POST");
            assertEquals(100, interim.status());
            assertEquals(List.of(), interim.fields());

            wire.send(framing.contains("chunked") ? "3\r\nabc\r\n0\r\n\r\n" : "abc");

            assertEquals("abc", wire.read("POST").text());
        }
    }

    @Test
    void rule71_responsesBeforeComeBeforeTheContinue() throws IOException {
        HttpWire wire = connect();

        wire.send(get("/thread?1") + get("/loop?2") + request("POST", "/echo", EXPECT,
                "Content-Length: 1"));

        assertEquals("thread 1", wire.read("GET").text());
        assertEquals("loop 2", wire.read("GET").text());
        assertEquals(100, wire.replies.readAny("POST").status());
        assertEquals("x", wire.send("x").read("POST").text());
    }

    @ParameterizedTest
    @CsvSource({"/ignore,200", "/nowhere,404", "/loop,405"})
    void rule73_aFinalStatusInsteadOf100EndsTheConnection(String target, int status) throws IOException {
        HttpWire wire = connect();

        wire.send(request("POST", target, EXPECT, "Content-Length: 3"));

        HttpReply reply = wire.read("POST");
        assertEquals(status, reply.status());
        assertTrue(reply.closes());
        wire.expectEnd();
    }

    @Test
    void rule75_noContinueThatNobodyNeeds() throws IOException {
        HttpWire wire = connect();

        wire.send(request("POST", "/echo", EXPECT, "Content-Length: 3") + "abc");
        assertEquals("abc", wire.read("POST").text());
        wire.send(request("POST", "/thread/echo", EXPECT, "Content-Length: 3") + "abc");
        assertEquals("abc", wire.read("POST").text());
        wire.send(get("/loop?x", EXPECT));
        assertEquals("loop x", wire.read("GET").text());
        wire.send(request("POST", "/echo", EXPECT, "Content-Length: 0"));
        assertEquals("", wire.read("POST").text());
        wire.send(post("/echo", "no expectation"));
        assertEquals("no expectation", wire.read("POST").text());
    }

    @Test
    void rule75_anUnknownExpectationIsRefused() throws IOException {
        assertEquals(417, exchange(get("/loop", "Expect: a-miracle")).status());
    }

    // ---- the handler decides

    private void serveGuarded() {
        serve(Router.builder()
                .post("/loop", Handler.nonBlocking(GUARDED))
                .post("/thread", GUARDED)
                .mount("/filtered", Router.builder()
                        .filter(Filter.nonBlocking((request, next) -> request.headers().contains("Authorization")
                                ? next.handle(request) : Response.error(401)))
                        .post("/", Handler.nonBlocking(GUARDED))
                        .build())
                .get("/next", Handler.nonBlocking(request -> Response.text("next")))
                .build());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/loop", "/thread", "/filtered/"})
    void rule73_and_75_aRefusalNeedsNoContinueHoweverTheRequestIsCut(String target) throws IOException {
        serveGuarded();
        for (String framing : List.of("Content-Length: 3", "Transfer-Encoding: chunked")) {
            String head = request("POST", target, EXPECT, framing);
            for (int cut = 1; cut <= head.length(); cut++) {
                HttpWire wire = connect();

                HttpReply reply = wire.send(head.substring(0, cut)).send(head.substring(cut)).replies.readAny("POST");

                assertEquals(401, reply.status(), () -> head);
                assertTrue(reply.closes(), "what comes next may be the body or a request");
                wire.sendIfTaken(latin1("abc" + get("/next")));
                wire.expectEnd();
                wire.close();
            }
        }
        awaitNoConnection();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/loop", "/thread", "/filtered/"})
    void rule71_aHandlerThatReadsAsksForTheBodyHoweverTheRequestIsCut(String target) throws IOException {
        serveGuarded();
        HttpWire wire = connect();
        for (String framing : List.of("Content-Length: 3", "Transfer-Encoding: chunked")) {
            String head = request("POST", target, "Authorization: me", EXPECT, framing);
            String body = framing.contains("chunked") ? "3\r\nabc\r\n0\r\n\r\n" : "abc";
            for (int cut = 1; cut <= head.length(); cut++) {
                wire.send(head.substring(0, cut)).send(head.substring(cut));
                assertEquals(100, wire.replies.readAny("POST").status());

                int half = cut % body.length();
                wire.send(body.substring(0, half)).send(body.substring(half) + get("/next"));

                assertEquals("abc", wire.read("POST").text());
                assertEquals("next", wire.read("GET").text());
            }
        }
    }

    @Test
    void rule75_aNonBlockingHandlerWhoseBodyIsThereStaysOnItsLoop() throws IOException {
        serve(Handler.nonBlocking(THREAD));
        HttpWire wire = connect();

        wire.send(request("POST", "/", EXPECT, "Content-Length: 3") + "abc");
        assertEquals("loop abc", wire.read("POST").text());
        assertEquals("loop ", wire.send(request("POST", "/", EXPECT, "Content-Length: 0")).read("POST").text());
        wire.send(request("POST", "/", EXPECT, "Content-Length: 3"));
        assertEquals(100, wire.replies.readAny("POST").status());
        assertEquals("virtual abc", wire.send("abc").read("POST").text());
    }

    /** The head of the response does not come before the writer has something to say. */
    @ParameterizedTest
    @ValueSource(strings = {"/loop", "/thread"})
    void rule71_theWriterOfAStreamMayAskForTheBody(String target) throws IOException {
        Handler echo = request -> Response.stream(HttpSite.TEXT, out -> request.body().transferTo(out));
        serve(Router.builder().post("/thread", echo).post("/loop", Handler.nonBlocking(echo)).build());
        HttpWire wire = connect();
        for (int i = 0; i < 3; i++) {
            wire.send(request("POST", target, EXPECT, "Content-Length: 3"));
            assertEquals(100, wire.replies.readAny("POST").status());

            HttpReply reply = wire.send("abc").read("POST");

            assertEquals("abc", reply.text());
            assertFalse(reply.closes());
        }
    }

    /** That a response had begun, and was taken back, does not tell whether the body will come. */
    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 3", "Transfer-Encoding: chunked"})
    void rule73_aStreamThatFailsInsteadOf100EndsTheConnection(String framing) throws IOException {
        try (HttpLog log = new HttpLog()) {
            serve(request -> Response.stream(HttpSite.TEXT, out -> {
                out.write('x');
                throw new IllegalStateException("planned");
            }));
            HttpWire wire = connect();

            HttpReply reply = wire.send(request("POST", "/", EXPECT, framing)).read("POST");

            assertEquals(500, reply.status());
            assertTrue(reply.closes(), "what comes next may be the body or a request");
            wire.expectEnd();
            assertEquals(1, log.records().size());
        }
    }

    // ---- the bounds

    @Test
    void rule75_whereNoThreadIsLeftTheClientIsToldSoInsteadOf100() throws IOException {
        CountDownLatch release = new CountDownLatch(1);
        serve(Router.builder()
                .get("/slow", request -> {
                    release.await();
                    return Response.text("slow");
                })
                .post("/loop", Handler.nonBlocking(THREAD))
                .build(), Limits.DEFAULT.withMaxBlockingHandlers(1));
        HttpWire slow = connect();
        slow.send(get("/slow"));
        await("the slow request has begun", () -> server().statistics().requests() == 1);

        HttpReply reply = exchange(request("POST", "/loop", EXPECT, "Content-Length: 3"));

        assertEquals(503, reply.status());
        assertEquals("1", reply.first("Retry-After"));
        assertTrue(reply.closes());
        assertEquals("loop abc", exchange(post("/loop", "abc")).text(), "others need none");
        release.countDown();
        assertEquals("slow", slow.read("GET").text());
    }

    @Test
    void aClientThatIsToldAndSendsNothingIsBoundedByTheTimeOfTheHandler() throws IOException {
        serve(Handler.nonBlocking(THREAD), Limits.DEFAULT.withHandlerTimeout(Duration.ofMillis(50)));
        HttpWire wire = connect();
        wire.send(request("POST", "/", EXPECT, "Content-Length: 3"));

        assertEquals(100, wire.replies.readAny("POST").status());
        assertEquals(503, wire.read("POST").status());
        wire.expectEnd();
    }

    @Test
    void aClientThatIsToldAndSendsNothingIsBoundedByItsPace() throws IOException {
        serve(Handler.nonBlocking(THREAD), Limits.DEFAULT.withPaceTime(Duration.ofMillis(50)));
        HttpWire wire = connect();
        wire.send(request("POST", "/", EXPECT, "Content-Length: 3"));

        assertEquals(100, wire.replies.readAny("POST").status());
        assertEquals(408, wire.read("POST").status());
        wire.expectEnd();
    }

    @Test
    void aClientThatLeavesInsteadIsNoErrorOfAnybody() throws IOException {
        try (HttpLog log = new HttpLog()) {
            serve(Handler.nonBlocking(THREAD));
            HttpWire wire = connect();
            wire.send(request("POST", "/", EXPECT, "Content-Length: 3"));
            assertEquals(100, wire.replies.readAny("POST").status());
            wire.close();

            awaitNoConnection();
            assertEquals(List.of(), log.records());
        }
    }
}
