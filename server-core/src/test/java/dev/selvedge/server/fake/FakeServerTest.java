package dev.selvedge.server.fake;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvedge.server.Limits;
import dev.selvedge.server.Response;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What a fake server answers, and what it records. */
class FakeServerTest {

    @AutoClose
    private final FakeServer server = FakeServer.start();

    @AutoClose
    private final Client client = new Client();

    // ---- who answers

    @Test
    void theQueueAnswersInOrder() throws Exception {
        server.enqueue(Response.text("one")).enqueue(Response.text("two")).enqueue(request -> Response.text(request.path()));

        assertEquals("one", client.text(server.uri()));
        assertEquals("two", client.text(server.uri("/b")));
        assertEquals("/c", client.text(server.uri("/c?d")));
        assertEquals(404, client.get(server.uri()).statusCode());
    }

    @Test
    void aRuleAnswersTheRequestsThatItIsFor() throws Exception {
        server.on("GET", "/users/{id}").respond(request -> Response.text(request.pathParameter("id")));
        server.on("/files/{path...}").respond(request -> Response.text(request.method() + request.pathParameter("path")));

        assertEquals("7", client.text(server.uri("/users/7")));
        assertEquals("a b", client.text(server.uri("/users/a%20b")));
        assertEquals("GETx/y", client.text(server.uri("/files/x/y")));
        assertEquals("POSTx", client.post(server.uri("/files/x"), "").body());
        assertEquals(404, client.get(server.uri("/users/7/x")).statusCode());
        assertEquals(404, client.post(server.uri("/users/7"), "").statusCode());
    }

    @Test
    void aRuleMayAskForHeadersQueryBodyAndAnythingElse() throws Exception {
        server.on("POST", "/a").respond(Response.text("any"));
        server.on("POST", "/a").header("x-token", "t").respond(Response.text("header"));
        server.on("POST", "/a").query("q", "a b").respond(Response.text("query"));
        server.on("POST", "/a").body(body -> body.contains("ä")).respond(Response.text("body"));
        server.on("POST", "/a").where("a long query", request -> request.query().orElse("").length() > 20)
                .respond(Response.text("where"));

        assertEquals("any", client.post(server.uri("/a"), "").body());
        assertEquals("query", client.post(server.uri("/a?p=1&q=a+b"), "").body());
        assertEquals("body", client.post(server.uri("/a?q=a+b"), "ä").body());
        assertEquals("where", client.post(server.uri("/a?123456789012345678901"), "ä").body());
        assertEquals("header", client.send(HttpRequest.newBuilder(server.uri("/a")).header("X-Token", "t")
                .POST(BodyPublishers.noBody()).build()).body());
    }

    @Test
    void theRuleThatWasAddedLastGoesFirstAndTheQueueLast() throws Exception {
        server.enqueue(Response.text("queue"));
        server.on("GET", "/a").respond(Response.text("set-up"));
        server.on("GET", "/a").respond(Response.text("override")).once();

        assertEquals("override", client.text(server.uri("/a")));
        assertEquals("set-up", client.text(server.uri("/a")));
        assertEquals("set-up", client.text(server.uri("/a")));
        assertEquals("queue", client.text(server.uri("/b")));
    }

    @Test
    void repliesOfARuleFollowEachOther() throws Exception {
        Rule rule = server.on("/a").respond(Response.text("1")).then(Response.text("2")).times(2).then(Response.text("3"));

        assertEquals("12233", text("/a") + text("/a") + text("/a") + text("/a") + text("/a"));
        assertEquals(5, rule.answered());
    }

    @Test
    void aRuleWhoseRepliesHaveAllBeenGivenIsPassedOver() throws Exception {
        server.on("/a").respond(Response.text("1")).then(Response.text("2")).times(2);
        server.enqueue(Response.text("queue"));

        assertEquals("122queue", text("/a") + text("/a") + text("/a") + text("/a"));
    }

    @Test
    void aRuleWithoutAReplyAnswersNothing() throws Exception {
        server.on("/a").header("X", "y");

        assertTrue(client.get(server.uri("/a")).body().contains("it has no header X, which should be \"y\""));
    }

    @Test
    void aHandlerMayScriptTheServerThatItBelongsTo() throws Exception {
        server.on("POST", "/jobs").respond(request -> {
            server.on("GET", "/jobs/1").respond(Response.text("done"));
            return Response.created("/jobs/1");
        });

        assertEquals(404, client.get(server.uri("/jobs/1")).statusCode());
        assertEquals(201, client.post(server.uri("/jobs"), "{}").statusCode());
        assertEquals("done", client.text(server.uri("/jobs/1")));
    }

    @Test
    void resetForgetsEverythingButTheAddress() throws Exception {
        URI uri = server.uri();
        server.on("/a").respond(Response.text("a"));
        server.enqueue(Response.text("queue"));
        text("/a");

        server.reset();

        assertEquals(List.of(), server.requests());
        assertEquals(404, client.get(server.uri("/a")).statusCode());
        assertEquals(uri, server.uri());
        assertEquals(1, server.requests().size());
    }

    // ---- what was asked

    @Test
    void everyRequestIsRecordedAsItCame() throws Exception {
        server.enqueue(Response.empty()).enqueue(Response.empty());
        Instant before = Instant.now();
        client.send(HttpRequest.newBuilder(server.uri("/a%20b?x=1&x=2")).header("X-Name", "value")
                .PUT(BodyPublishers.ofString("grüße")).build());
        client.get(server.uri("/"));

        RecordedRequest first = server.takeRequest();
        assertEquals("PUT", first.method());
        assertEquals("/a%20b?x=1&x=2", first.target());
        assertEquals("/a b", first.path());
        assertEquals("x=1&x=2", first.query().orElseThrow());
        assertEquals("1", first.queryParameter("x").orElseThrow());
        assertEquals(List.of("1", "2"), first.queryParameters().get("x"));
        assertEquals("value", first.header("x-name").orElseThrow());
        assertEquals("value", first.headers().first("X-Name").orElseThrow());
        assertEquals("grüße", first.bodyText());
        assertArrayEquals("grüße".getBytes(StandardCharsets.UTF_8), first.body());
        assertTrue(first.isComplete());
        assertFalse(first.arrival().isBefore(before) || first.arrival().isAfter(Instant.now()));
        assertEquals("PUT /a%20b?x=1&x=2", first.toString());
        RecordedRequest second = server.takeRequest();
        assertEquals(List.of(1, 1, 1, 2), List.of(first.connectionNumber(), first.requestNumber(),
                second.connectionNumber(), second.requestNumber()));
        assertEquals(first.remoteAddress(), second.remoteAddress());
        assertEquals(List.of(first, second), server.requests());
    }

    @Test
    void takingWaitsForTheNextRequest() throws Exception {
        server.enqueue(Response.empty());
        var later = client.sendAsync(HttpRequest.newBuilder(server.uri("/later")).build());

        assertEquals("/later", server.takeRequest(ofSeconds(30)).path());
        later.join();
    }

    @Test
    void whereNothingArrivesTheFailureSaysWhatDid() throws Exception {
        var nothing = assertThrows(AssertionError.class, () -> server.takeRequest(ofMillis(1)));
        assertEquals("no request has arrived within 1 ms.\nNothing has arrived at all: the server listens at "
                + server.uri() + ", and nobody has connected.\n", nothing.getMessage());

        client.get(server.uri("/a"));
        server.takeRequest();
        var noMore = assertThrows(AssertionError.class, server::takeRequest);
        assertEquals("no further request has arrived: all have been taken.\nWhat did arrive, in order:\n"
                + "  1. GET /a (connection 1, request 1), unmatched\n", noMore.getMessage());
    }

    @Test
    void closingEndsTheWaitingAndKeepsTheRecord() throws Exception {
        client.get(server.uri("/a"));
        server.close();

        assertEquals("/a", server.takeRequest(ofSeconds(30)).path());
        assertThrows(AssertionError.class, () -> server.takeRequest(ofSeconds(30)));
        assertThrows(AssertionError.class, () -> server.verify("GET", "/b").within(ofSeconds(30)));
        server.verify("GET", "/a").once().now();
    }

    // ---- mistakes

    @Test
    void whatCanNotBeScriptedIsRefusedAtOnce() {
        refused("the pattern \"/a?b=c\" has a query; write \"/a\" and ask for each parameter with query(name, value)",
                () -> server.on("GET", "/a?b=c"));
        refused("the pattern \"a\" is malformed: it must begin with a slash", () -> server.on("GET", "a"));
        refused("methods are case-sensitive: get is not GET", () -> server.on("get", "/a"));
        refused("a reply is given at least 1 time, not 0", () -> server.on("/a").respond(Response.empty()).times(0));
        refused("the time to wait is PT-1S; it must be from zero to 1 day", () -> server.takeRequest(ofSeconds(-1)));
        refused("there can't be -1 requests", () -> server.verify("/a").times(-1));
        server.verify("/a").never().now();
        refused("the target \"a\" must begin with a slash", () -> server.uri("a"));
        refused("the port is 65536; it must be from 0 to 65535", () -> FakeServer.builder().port(65536));
        assertThrows(IllegalArgumentException.class, () -> server.on("/a").header("a b", "c"));
    }

    private static void refused(String message, Runnable mistake) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, mistake::run).getMessage());
    }

    @Test
    void whatComesInTheWrongOrderIsRefusedAtOnce() {
        Rule rule = server.on("GET", "/a");
        misused("the rule for GET /a has no reply yet; respond(...) gives the first one", () -> rule.then(Response.empty()));
        misused("times(...) comes behind the reply that it is about: respond(...).times(2)", () -> rule.times(2));
        rule.respond(Response.empty()).once();
        misused("the reply before has times(1) already", () -> rule.times(2));
        misused("the rule for GET /a has a reply already; then(...) adds a further one",
                () -> rule.respond(Response.empty()));
        misused("the rule for GET /a has a reply already; its conditions come before respond(...)",
                () -> rule.header("a", "b"));
        server.close();
        misused("the fake server is closed; it answers nothing any more", () -> server.enqueue(Response.empty()));
        misused("the fake server is closed; it answers nothing any more", () -> server.on("/"));
        misused("the fake server is closed; it answers nothing any more", () -> rule.then(Response.empty()));
        misused("the fake server is closed; it answers nothing any more", server::reset);
    }

    private static void misused(String message, Runnable mistake) {
        assertEquals(message, assertThrows(IllegalStateException.class, mistake::run).getMessage());
    }

    // ---- life

    @Test
    void aServerMayComeBackOnItsPort() throws Exception {
        server.close();
        try (FakeServer again = FakeServer.builder().port(server.port()).limits(Limits.DEFAULT).start()) {
            assertEquals(server.uri(), again.uri());
            assertEquals("FakeServer at " + server.uri(), again.toString());
            again.enqueue(Response.text("again"));
            assertEquals("again", client.text(server.uri()));
        }
    }

    @Test
    void hundredsOfThemLiveBesideEachOther() {
        List<String> answers = Stream.iterate(0, i -> i + 1).limit(200).parallel().map(i -> {
            try (FakeServer one = FakeServer.start()) {
                one.on("/{name}").respond(Response.text("server " + i));
                String answer = client.text(one.uri("/x"));
                one.verify("/x").once().now();
                return answer;
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }).toList();

        assertEquals(Stream.iterate(0, i -> i + 1).limit(200).map(i -> "server " + i).toList(), answers);
    }

    private String text(String target) throws Exception {
        return client.text(server.uri(target));
    }
}
