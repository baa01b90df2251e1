package dev.selvedge.server.fake;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvedge.server.Response;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What a fake server says to whoever has to find out why a test fails. Lines of this file are written {@code :#}. */
class FakeServerMessagesTest {

    @AutoClose
    private final FakeServer server = FakeServer.start();

    @AutoClose
    private final Client client = new Client();

    private static String withoutLines(String message) {
        return message.replaceAll("FakeServerMessagesTest\\.java:\\d+", ":#").replaceAll("127.0.0.1:\\d+", "host");
    }

    @Test
    void anUnmatchedRequestIsToldWhyRuleByRuleTheNearestFirst() throws Exception {
        server.on("DELETE", "/").respond(Response.empty());
        server.on("GET", "/users/{id}").header("Accept", "text/html").query("q", "x").respond(Response.empty());
        server.on("GET", "/users/{id}/").respond(Response.empty());
        server.on("GET", "/USERS/7").respond(Response.empty());
        server.on("GET", "/users/7").respond(Response.empty()).once();
        client.get(server.uri("/users/7"));

        HttpResponse<String> response = client.send(HttpRequest.newBuilder(server.uri("/users/7?q=y"))
                .header("Accept", "text/plain").header("Accept", "image/png").build());

        assertEquals(404, response.statusCode());
        assertEquals("text/plain; charset=utf-8", response.headers().firstValue("Content-Type").orElseThrow());
        assertEquals("""
                Nothing answers GET /users/7?q=y: none of the 5 rules fits, and the queue is empty.

                  GET /users/7 (:#)
                    - this rule has answered its 1 request already

                  GET /users/{id} with the header "Accept: text/html" and the query parameter "q=x" (:#)
                    - its header Accept is "text/plain" and "image/png", not "text/html"
                    - its query parameter q is "y", not "x"

                  GET /USERS/7 (:#)
                    - its path is /users/7, not /USERS/7 (paths are compared with case)

                  GET /users/{id}/ (:#)
                    - its path is /users/7, not /users/{id}/ (a slash at the end counts)

                  DELETE / (:#)
                    - its method is GET, not DELETE
                    - its path is /users/7, not /
                """, withoutLines(response.body()));
        var failure = assertThrows(AssertionError.class, server::assertNoUnmatched);
        assertEquals("one request was not answered as scripted.\n\n" + response.body(), failure.getMessage());
    }

    @Test
    void whereNothingIsScriptedThatIsSaid() throws Exception {
        assertEquals("Nothing answers GET /: there is no rule, and the queue is empty.\n",
                client.get(server.uri()).body());
    }

    @Test
    void aConditionThatFailsItselfIsAReason() throws Exception {
        server.on("/a").where("luck", request -> {
            throw new IllegalStateException("none left");
        }).body(body -> body.equals("b")).respond(Response.empty());

        assertEquals("""
                Nothing answers POST /a: the only rule does not fit, and the queue is empty.

                  any method /a with luck and a body that passes the test at :# (:#)
                    - the question whether it has luck failed: java.lang.IllegalStateException: none left
                    - its body does not pass the test at :#: "a\\n\\"b\\""
                """, withoutLines(client.post(server.uri("/a"), "a\n\"b\"").body()));
    }

    @Test
    void aFailedVerificationListsWhatDidArrive() throws Exception {
        server.on("POST", "/orders").respond(Response.created("/orders/1"));
        client.post(server.uri("/orders"), "tea");
        client.post(server.uri("/orders"), "coffee");
        client.get(server.uri("/order"));

        var failure = assertThrows(AssertionError.class,
                () -> server.verify("POST", "/orders").body("tea"::equals).times(2).within(ofMillis(1)));

        assertEquals("""
                expected 2 requests for POST /orders with a body that passes the test at :# within 1 ms, but there was 1.
                What did arrive, in order:
                  1. POST /orders (connection 1, request 1), answered by the rule for POST /orders (:#)
                     ^ counted
                  2. POST /orders (connection 1, request 2), answered by the rule for POST /orders (:#)
                     not counted: its body does not pass the test at :#: "coffee"
                  3. GET /order (connection 1, request 3), unmatched
                """, withoutLines(failure.getMessage()));
    }

    @Test
    void aVerificationSaysHowManyItWanted() throws Exception {
        server.on("/a").respond(Response.empty());
        client.get(server.uri("/a"));

        assertTrue(failure(() -> server.verify("GET", "/a").never().now())
                .startsWith("expected no request for GET /a, but there was 1.\n"));
        assertTrue(failure(() -> server.verify("GET", "/a").atLeast(2).within(ofMillis(1)))
                .startsWith("expected at least 2 requests for GET /a within 1 ms, but there was 1.\n"));
        assertTrue(failure(() -> server.verify("/b").now())
                .startsWith("expected at least 1 request for any method /b, but there was none.\n"));
        assertTrue(failure(() -> server.verify("/b").never().within(ofMillis(1)).get(0)).isEmpty());
    }

    private static String failure(Runnable verification) {
        try {
            verification.run();
        } catch (IndexOutOfBoundsException e) {
            return "";
        } catch (AssertionError e) {
            return e.getMessage();
        }
        throw new IllegalStateException("it did not fail");
    }

    @Test
    void verifyingWaits() throws Exception {
        server.on("/a").respond(Response.empty());
        var first = client.sendAsync(HttpRequest.newBuilder(server.uri("/a?1")).build());
        var second = client.sendAsync(HttpRequest.newBuilder(server.uri("/a?2")).build());

        assertEquals(2, server.verify("GET", "/a").times(2).within(ofSeconds(30)).size());
        first.join();
        second.join();
    }

    @Test
    void aVerificationThatIsNeverAskedIsAMistake() {
        server.verify("GET", "/a").times(2);

        var mistake = assertThrows(IllegalStateException.class, () -> server.enqueue(Response.empty()));
        assertEquals("verify(GET /a) at :# has verified nothing: end it with now() or within(time)",
                withoutLines(mistake.getMessage()));
        server.enqueue(Response.empty());
    }

    @Test
    void whatWasNotUsedIsListed() throws Exception {
        server.on("GET", "/a").respond(Response.text("1")).then(Response.text("2"));
        server.on("GET", "/b").respond(Response.text("1")).times(3);
        server.on("GET", "/c").respond(Response.text("1"));
        server.on("GET", "/d");
        server.on("GET", "/e").respond(Response.text("1"));
        server.enqueue(Response.error(503));
        client.get(server.uri("/a"));
        client.get(server.uri("/b"));
        client.get(server.uri("/e"));

        var failure = assertThrows(AssertionError.class, server::assertNothingUnused);

        assertEquals("""
                5 things were scripted and not used:
                  the rule for GET /a (:#) has given Response[200, Content-Type: text/plain; charset=utf-8, 1 bytes] 0 of \
                1 time
                  the rule for GET /b (:#) has given Response[200, Content-Type: text/plain; charset=utf-8, 1 bytes] 1 of \
                3 times
                  the rule for GET /c (:#) was never used
                  the rule for GET /d (:#) has no reply: call respond(...)
                  in the queue is still Response[503, Content-Type: text/plain; charset=utf-8, 24 bytes] (:#)
                What did arrive, in order:
                  1. GET /a (connection 1, request 1), answered by the rule for GET /a (:#)
                  2. GET /b (connection 1, request 2), answered by the rule for GET /b (:#)
                  3. GET /e (connection 1, request 3), answered by the rule for GET /e (:#)
                """, withoutLines(failure.getMessage()));
    }

    @Test
    void whereAllWasUsedAndMatchedNothingFails() throws Exception {
        server.on("/a").respond(Response.text("1"));
        server.enqueue(Response.text("2"));
        client.get(server.uri("/a"));
        client.get(server.uri("/b"));

        server.assertNothingUnused();
        server.assertNoUnmatched();
    }

    @Test
    void aHandlerThatThrowsIsNotHidden() throws Exception {
        server.on("/a").respond(request -> {
            assertEquals("x", request.header("X").orElse("?"));
            return Response.empty();
        });
        server.enqueue(request -> null);

        HttpResponse<String> response = client.get(server.uri("/a"));

        assertEquals(500, response.statusCode());
        assertTrue(withoutLines(response.body()).startsWith("The handler of the rule for any method /a (:#) failed for"
                + " GET /a:\n\norg.opentest4j.AssertionFailedError: expected: <x> but was: <?>\n\tat "), response.body());
        assertTrue(client.get(server.uri("/b")).body().contains("IllegalStateException: it returned null"));
        var failure = assertThrows(AssertionError.class, server::assertNoUnmatched);
        assertTrue(failure.getMessage().startsWith("2 requests were not answered as scripted.\n\n" + response.body()));
    }

    @Test
    void whatIsNoHttpAndWhatIsCutShortIsNotHidden() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.getOutputStream().write("HELLO\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            socket.getInputStream().readAllBytes();
        }
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.getOutputStream().write("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc"
                    .getBytes(StandardCharsets.US_ASCII));
            socket.shutdownOutput();
            socket.getInputStream().readAllBytes();
        }
        server.verify("POST", "/a").where("whole", RecordedRequest::isComplete).never().now();
        assertEquals("/a", server.takeRequest(ofSeconds(30)).path());
        assertEquals(400, server.refusedRequests().getFirst().status());
        assertEquals("""
                2 requests were not answered as scripted.

                The server refused a request by itself: 400 the request line is malformed, from host: "HELLO\\r\\n\\r\\n"

                The server refused a request by itself: 400 the body ended too early, from host: \
                "POST /a HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: 9\\r\\n\\r\\n"
                """, withoutLines(assertThrows(AssertionError.class, server::assertNoUnmatched).getMessage()));
    }

    @Test
    void aLongBodyIsNotWrittenOut() throws Exception {
        server.on("/a").body(String::isEmpty).respond(Response.empty());

        String answer = client.send(HttpRequest.newBuilder(server.uri("/a"))
                .POST(BodyPublishers.ofString("x".repeat(1000))).build()).body();

        assertTrue(answer.contains("x".repeat(200) + "… (1000 characters)\"\n"), answer);
    }
}
