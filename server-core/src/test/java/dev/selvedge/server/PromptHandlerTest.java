package dev.selvedge.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvedge.server.engine.BodyInMemory;
import dev.selvedge.server.engine.Call;
import dev.selvedge.server.engine.Peer;
import dev.selvedge.server.http1.Answer;
import dev.selvedge.server.http1.Content;
import dev.selvedge.server.http1.FieldSection;
import dev.selvedge.server.http1.RequestHead;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Where a handler that may have the answer at hand is asked for it first, and where it is not. */
class PromptHandlerTest {

    private record Ends(InetSocketAddress remoteAddress, InetSocketAddress localAddress) implements Peer { }

    private static final Ends PEER = new Ends(new InetSocketAddress("192.0.2.1", 1),
            new InetSocketAddress("192.0.2.2", 2));

    /** Answers {@code /cached…} at once, fails at {@code /bad…}, and needs time for all else. */
    private static final class Cached implements PromptHandler {

        private final List<Request> tried = new ArrayList<>();

        @Override
        public Response tryHandle(Request request) throws Exception {
            tried.add(request);
            String path = request.pathInMount();
            if (path.startsWith("/bad")) {
                throw new IllegalStateException("on purpose");
            }
            return path.startsWith("/cached") ? Response.text("at once: " + path) : null;
        }

        @Override
        public Response handle(Request request) {
            return Response.text("slowly: " + request.pathInMount()
                    + (tried.contains(request) ? " (the same request)" : ""));
        }
    }

    @AutoClose
    private final CollectedLogs logs = new CollectedLogs();
    private final Cached cached = new Cached();

    private static Call choose(Handler handler, String target) {
        return new Serving(handler, 1000, null, refused -> { })
                .choose(RequestHead.of("GET", target, FieldSection.EMPTY), PEER);
    }

    private static String text(Answer answer) {
        return answer == null ? null
                : new String(((Content.Octets) answer.content()).octets(), StandardCharsets.UTF_8);
    }

    private static void assertTried(Handler handler, String prefix) {
        Call quick = choose(handler, prefix + "/cached");
        assertTrue(quick.blocking() && quick.prompt());
        assertEquals("at once: /cached", text(quick.tryAnswer()));
        Call slow = choose(handler, prefix + "/x");
        assertTrue(slow.prompt());
        assertNull(slow.tryAnswer());
        assertEquals("slowly: /x (the same request)", text(slow.answer(BodyInMemory.empty())));
    }

    private static void assertNotTried(Handler handler, String target) {
        Call call = choose(handler, target);
        assertFalse(call.blocking() && call.prompt());
        assertEquals("slowly: /cached", text(call.answer(BodyInMemory.empty())));
    }

    @Test
    void itIsTriedWhereverItStands() {
        assertTried(cached, "");
        assertTried(Handler.withMaxBodyBytes(5, cached), "");
        assertTried(Router.builder().get("/{rest...}", cached).build(), "");
        assertTried(Router.builder().mount("/", cached).build(), "");
        Router inner = Router.builder().mount("/in", Handler.withMaxBodyBytes(5, cached)).build();
        assertTried(inner, "/in");
        assertTried(Router.builder().mount("/out", inner).build(), "/out/in");
        assertTried(Router.builder().notFound(cached).build(), "");
        assertTried(Router.builder().mount("/", cached).onException((request, e) -> null).build(), "");
    }

    @Test
    void othersAreNot() {
        Call call = choose(request -> Response.text("x"), "/");
        assertTrue(call.blocking());
        assertFalse(call.prompt());
        assertFalse(choose(Router.builder().build(), "/none").prompt());
    }

    /** A filter sees each request once, and may rely on one thread. */
    @Test
    void itIsNotTriedInsideAFilter() {
        Filter filter = (request, next) -> next.handle(request);
        Router router = Router.builder().mount("/", cached).filter(filter).build();
        assertNotTried(router, "/cached");
        assertNotTried(Router.builder().mount("/", cached).filter(Filter.nonBlocking(filter)).build(), "/cached");
        assertNotTried(filter.around(cached), "/cached");
        assertNotTried(filter.around(Router.builder().mount("/", cached).build()), "/cached");
        assertNotTried(Router.builder().mount("/m", Router.builder().mount("/", cached).build()).filter(filter).build(),
                "/m/cached");
        assertNotTried(Router.builder().mount("/m", router).build(), "/m/cached");
        assertEquals(List.of(), cached.tried);
    }

    /** Whoever promises that it never blocks means the whole handler. */
    @Test
    void whereItIsMarkedAsNonBlockingItIsCalledAtOnce() {
        assertNotTried(Handler.nonBlocking(cached), "/cached");
        assertNotTried(Handler.nonBlocking(Router.builder().mount("/", cached).build()), "/cached");
        assertFalse(choose(Handler.nonBlocking(cached), "/cached").blocking());
        assertEquals(List.of(), cached.tried);
    }

    @Test
    void whatItThrowsIsTreatedAsThrownByTheHandler() {
        Router plain = Router.builder().mount("/", cached).build();
        assertEquals(500, choose(plain, "/bad").tryAnswer().status());
        assertEquals(1, logs.records().size());

        Router inner = Router.builder().mount("/", cached).onException((request, e) -> {
            throw new IllegalArgumentException("passed on", e);
        }).build();
        Router outer = Router.builder().mount("/m", inner)
                .onException((request, e) -> Response.text(e.getMessage()).withStatus(418)).build();
        Answer answer = choose(outer, "/m/bad").tryAnswer();
        assertEquals(418, answer.status());
        assertEquals("passed on", text(answer));
        assertNull(choose(outer, "/m/x").tryAnswer(), "null is an answer here");
    }

    @Test
    void theServersExceptionHandlerSeesItsExceptions() {
        Call call = new Serving(cached, 1000, (request, e) -> Response.text(request + " " + e.getMessage()),
                refused -> { }).choose(RequestHead.of("GET", "/bad", FieldSection.EMPTY), PEER);
        assertEquals("GET /bad on purpose", text(call.tryAnswer()));
        assertEquals(0, logs.records().size());
    }

    @Test
    void aRouterInATestAsksForTheWholeAnswer() throws Exception {
        Request request = Request.builder("GET", "/cached").build();
        assertEquals("slowly: /cached", Router.builder().mount("/", cached).build().handle(request).bodyText());
        assertSame(0, cached.tried.size());
    }
}
