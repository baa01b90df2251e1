package dev.selvedge.server.fake;

import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvedge.server.Response;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** When a request is told to whoever asks: when its reply has been taken, and before its client sees anything of it. */
class FakeServerRecordTest {

    @AutoClose
    private final FakeServer server = FakeServer.start();

    @AutoClose
    private final Client client = new Client();

    /** A condition of a rule: asked at one moment, and answered at a later one. */
    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch answered = new CountDownLatch(1);

    @Test
    void whatIsVerifiedHasTakenItsReply() {
        server.on("POST", "/a").body(body -> awaitAnswer()).respond(Response.empty());
        CompletableFuture<HttpResponse<String>> response = post();
        await(asked);

        assertEquals(List.of(), server.requests());
        server.verify("/a").never().now();
        assertThrows(AssertionError.class, server::assertNothingUnused);

        answered.countDown();
        server.verify("/a").once().within(ofSeconds(30));
        server.assertNothingUnused();
        assertEquals(204, response.join().statusCode());
    }

    @Test
    void whatIsTakenHasTakenItsPlaceInTheQueue() {
        server.on("POST", "/a").body(body -> !awaitAnswer()).respond(Response.empty()).times(2);
        server.enqueue(Response.empty());
        post();
        await(asked);
        answered.countDown();

        server.takeRequest(ofSeconds(30));
        String unused = assertThrows(AssertionError.class, server::assertNothingUnused).getMessage();
        assertTrue(unused.startsWith("one thing was scripted and not used:\n  the rule for POST /a"), unused);
    }

    @Test
    void whatIsVerifiedIsKnownToBeUnmatched() {
        server.on("POST", "/a").body(body -> !awaitAnswer()).respond(Response.empty());
        post();
        await(asked);
        server.assertNoUnmatched();
        answered.countDown();

        server.verify("/a").once().within(ofSeconds(30));
        assertThrows(AssertionError.class, server::assertNoUnmatched);
    }

    @Test
    void oneThatIsNotYetDecidedHoldsBackNoneThatCameLaterAndKeepsItsPlace() throws Exception {
        server.on("POST", "/a").body(body -> awaitAnswer()).respond(Response.empty());
        server.enqueue(Response.empty());
        CompletableFuture<HttpResponse<String>> first = post();
        await(asked);
        client.get(server.uri("/b"));

        assertEquals("/b", server.takeRequest().path());
        String failure = assertThrows(AssertionError.class, server::takeRequest).getMessage();
        assertTrue(failure.startsWith("no further request has arrived: all have been taken.\nWhat did arrive, in order:\n"
                + "  1. POST /a (connection 1, request 1), for which a condition of a rule is still being asked\n"
                + "  2. GET /b (connection 2, request 1), answered by the queue ("), failure);

        answered.countDown();
        assertEquals(204, first.join().statusCode());
        assertEquals("/a", server.takeRequest().path());
        assertEquals(List.of("/a", "/b"), server.requests().stream().map(RecordedRequest::path).toList());
        assertThrows(AssertionError.class, server::takeRequest);
    }

    @Test
    void aFailureSaysThatAConditionIsStillBeingAsked() {
        server.on("POST", "/a").body(body -> awaitAnswer()).respond(Response.empty());
        post();
        await(asked);

        String told = "What did arrive, in order:\n"
                + "  1. POST /a (connection 1, request 1), for which a condition of a rule is still being asked\n";
        assertEquals("no request has arrived.\n" + told,
                assertThrows(AssertionError.class, server::takeRequest).getMessage());
        assertEquals("expected at least 1 request for any method /a, but there was none.\n" + told,
                assertThrows(AssertionError.class, () -> server.verify("/a").now()).getMessage());
    }

    @Test
    void whatAConditionThrowsIsTold() {
        server.on("POST", "/a").body(body -> {
            throw new LinkageError("no such class");
        }).respond(Response.empty());

        assertEquals(404, post().join().statusCode());
        server.verify("/a").once().now();
        assertTrue(assertThrows(AssertionError.class, server::assertNoUnmatched).getMessage()
                .contains(" failed: java.lang.LinkageError: no such class\n"));
    }

    @Test
    void aRequestForWhichTheVirtualMachineFailsIsNotLost() {
        server.on("POST", "/a").body(body -> {
            throw new InternalError("a defect");
        }).respond(Response.empty());

        assertEquals(500, post().join().statusCode());
        server.verify("/a").once().now();
        assertTrue(assertThrows(AssertionError.class, server::assertNoUnmatched).getMessage()
                .contains("Nobody was chosen to answer POST /a: java.lang.InternalError: a defect\n"));
    }

    /** What comes back belongs to the time before. */
    @Test
    void whatIsBeingDecidedAtAResetIsForgotten() {
        server.on("POST", "/a").body(body -> awaitAnswer()).respond(Response.text("before"));
        CompletableFuture<HttpResponse<String>> response = post();
        await(asked);
        server.reset();
        server.enqueue(Response.text("after"));
        answered.countDown();

        assertEquals("before", response.join().body());
        assertEquals(List.of(), server.requests());
        assertThrows(AssertionError.class, server::assertNothingUnused);
    }

    private CompletableFuture<HttpResponse<String>> post() {
        return client.sendAsync(HttpRequest.newBuilder(server.uri("/a")).POST(BodyPublishers.ofString("x")).build());
    }

    private boolean awaitAnswer() {
        asked.countDown();
        await(answered);
        return true;
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError("nobody has answered", e);
        }
    }
}
