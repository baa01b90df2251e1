package dev.selvedge.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvedge.server.engine.BodyInMemory;
import dev.selvedge.server.engine.BodySource;
import dev.selvedge.server.engine.Call;
import dev.selvedge.server.engine.ConnectionFailedException;
import dev.selvedge.server.engine.Peer;
import dev.selvedge.server.engine.RefusedBodyException;
import dev.selvedge.server.http1.Answer;
import dev.selvedge.server.http1.Content;
import dev.selvedge.server.http1.FieldSection;
import dev.selvedge.server.http1.Refusal;
import dev.selvedge.server.http1.RequestHead;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class ServingTest {

    private static final Handler OK = request -> Response.text("ok");
    private static final Handler QUICK = Handler.nonBlocking(OK);
    private static final int DEFAULT_LIMIT = 1000;

    private record Ends(InetSocketAddress remoteAddress, InetSocketAddress localAddress) implements Peer { }

    private final Ends peer = new Ends(new InetSocketAddress("192.0.2.1", 1), new InetSocketAddress("192.0.2.2", 2));
    @AutoClose
    private final CollectedLogs logs = new CollectedLogs();
    private final List<LogRecord> logged = logs.records();

    private Call choose(Handler handler, String method, String target) {
        return new Serving(handler, DEFAULT_LIMIT, null, refused -> { }).choose(RequestHead.of(method, target, FieldSection.EMPTY),
                peer);
    }

    private Answer answer(Handler handler, ExceptionHandler exceptionHandler) {
        return new Serving(handler, DEFAULT_LIMIT, exceptionHandler, refused -> { })
                .choose(RequestHead.of("GET", "/x?y", FieldSection.EMPTY), peer).answer(BodyInMemory.empty());
    }

    private static Handler throwing(Exception exception) {
        return request -> {
            throw exception;
        };
    }

    private static String text(Answer answer) {
        return new String(((Content.Octets) answer.content()).octets(), StandardCharsets.UTF_8);
    }

    private void assertLogged(String message, Throwable thrown) {
        assertEquals(1, logged.size());
        assertEquals(Level.SEVERE, logged.getFirst().getLevel());
        assertEquals(message, logged.getFirst().getMessage());
        if (thrown != null) {
            assertSame(thrown, logged.getFirst().getThrown());
        }
    }

    // ---- what has to be known before the body comes

    private void assertChoice(boolean blocking, long maxBodyBytes, Handler handler, String method, String target) {
        Call call = choose(handler, method, target);
        assertEquals(blocking, call.blocking(), method + " " + target);
        assertEquals(maxBodyBytes, call.maxBodyBytes(), method + " " + target);
    }

    @Test
    void aPlainHandlerMayBlock() {
        assertChoice(true, DEFAULT_LIMIT, OK, "GET", "/");
        assertChoice(false, DEFAULT_LIMIT, QUICK, "GET", "/");
    }

    @Test
    void marksMayBeGivenInAnyOrder() {
        assertChoice(false, 5, Handler.withMaxBodyBytes(5, Handler.nonBlocking(OK)), "POST", "/");
        assertChoice(false, 5, Handler.nonBlocking(Handler.withMaxBodyBytes(5, OK)), "POST", "/");
        assertChoice(true, 6, Handler.withMaxBodyBytes(6, Handler.withMaxBodyBytes(5, OK)), "POST", "/");
        assertChoice(true, Long.MAX_VALUE, Handler.withMaxBodyBytes(Long.MAX_VALUE, OK), "POST", "/");
        var e = assertThrows(IllegalArgumentException.class, () -> Handler.withMaxBodyBytes(-1, OK));
        assertEquals("maxBodyBytes is -1; it must be at least 0", e.getMessage());
    }

    private static final Router INNER = Router.builder().get("/quick", QUICK).get("/slow", OK)
            .post("/large", Handler.withMaxBodyBytes(9, OK)).build();

    @Test
    void eachRouteHasItsOwnMarksAlsoInMounts() {
        Router router = Router.builder().get("/", QUICK).mount("/m", INNER).mount("/o", QUICK)
                .mount("/l", Handler.withMaxBodyBytes(7, INNER)).mount("/n", Handler.nonBlocking(INNER)).build();
        assertChoice(false, DEFAULT_LIMIT, router, "GET", "/");
        assertChoice(false, DEFAULT_LIMIT, router, "GET", "/m/quick");
        assertChoice(true, DEFAULT_LIMIT, router, "GET", "/m/slow");
        assertChoice(true, 9, router, "POST", "/m/large");
        assertChoice(false, DEFAULT_LIMIT, router, "GET", "/o/x");
        assertChoice(true, 7, router, "GET", "/l/slow");
        assertChoice(true, 9, router, "POST", "/l/large");
        assertChoice(false, DEFAULT_LIMIT, router, "GET", "/n/slow");
        assertChoice(false, DEFAULT_LIMIT, router, "GET", "/none");
        assertChoice(false, DEFAULT_LIMIT, router, "DELETE", "/m/slow");
        assertChoice(false, DEFAULT_LIMIT, router, "OPTIONS", "*");
        assertChoice(false, 8, Handler.withMaxBodyBytes(8, router), "GET", "/m/quick");
        assertChoice(false, DEFAULT_LIMIT, Handler.nonBlocking(router), "GET", "/m/slow");
    }

    @Test
    void aBlockingFilterMakesEverythingInsideBlock() {
        Filter filter = (request, next) -> next.handle(request);
        Router blocking = Router.builder().get("/", QUICK).mount("/m", INNER).filter(filter).build();
        assertChoice(true, DEFAULT_LIMIT, blocking, "GET", "/");
        assertChoice(true, DEFAULT_LIMIT, blocking, "GET", "/m/quick");
        assertChoice(true, DEFAULT_LIMIT, blocking, "GET", "/none");
        Router quick = Router.builder().get("/", QUICK).mount("/m", INNER).filter(Filter.nonBlocking(filter)).build();
        assertChoice(false, DEFAULT_LIMIT, quick, "GET", "/");
        assertChoice(false, DEFAULT_LIMIT, quick, "GET", "/m/quick");
        assertChoice(true, DEFAULT_LIMIT, quick, "GET", "/m/slow");
        assertChoice(false, DEFAULT_LIMIT, quick, "GET", "/none");
        assertChoice(true, DEFAULT_LIMIT, filter.around(QUICK), "GET", "/");
        assertChoice(false, 3, Filter.nonBlocking(filter).around(Handler.withMaxBodyBytes(3, QUICK)), "GET", "/");
        assertChoice(true, DEFAULT_LIMIT, filter.around(INNER), "GET", "/quick");
        assertChoice(true, DEFAULT_LIMIT, filter.around(Handler.nonBlocking(INNER)), "GET", "/quick");
        assertChoice(true, DEFAULT_LIMIT, Router.builder().mount("/m", filter.around(INNER)).build(), "GET",
                "/m/quick");
        assertChoice(true, 9, Router.builder().notFound(Handler.withMaxBodyBytes(9, OK)).build(), "GET", "/none");
    }

    // ---- what the handler gets

    @Test
    void theHandlerGetsTheRequestOfItsRoute() {
        Router router = Router.builder().mount("/m", Router.builder().get("/{x}", request -> Response.text(
                String.join(" ", request.pathParameter("x"), request.path(), request.pathInMount(), request.rawPath(),
                        request.remoteAddress().getHostString(), request.localAddress().getHostString())))
                                .build()).build();
        assertEquals("1 /m/1 /1 /m/1 192.0.2.1 192.0.2.2",
                text(choose(router, "GET", "/m/1").answer(BodyInMemory.empty())));
        assertEquals("é /m/é /é /a/../m/%C3%A9 192.0.2.1 192.0.2.2",
                text(choose(router, "GET", "/a/../m/%C3%A9").answer(BodyInMemory.empty())));
    }

    @Test
    void aConstantResponseIsSentAsItIs() {
        Response constant = Response.text("x");
        assertSame(constant.answer(), answer(request -> constant, null));
    }

    // ---- what becomes of failures

    @Test
    void anExceptionIsLoggedAndTellsTheClientNothing() {
        Exception thrown = new IllegalStateException("secret");
        Answer answer = answer(throwing(thrown), null);
        assertEquals(500, answer.status());
        assertEquals("500 Internal Server Error\n", text(answer));
        assertLogged("GET /x?y failed", thrown);
    }

    @Test
    void anErrorCountsAsAnException() {
        Error thrown = new AssertionError("secret");
        assertEquals(500, answer(request -> {
            throw thrown;
        }, (request, e) -> Response.empty()).status());
        assertLogged("GET /x?y failed", thrown);
    }

    @Test
    void anErrorOfTheMachineIsNotCaught() {
        assertThrows(StackOverflowError.class, () -> answer(request -> {
            throw new StackOverflowError();
        }, null));
    }

    @Test
    void nullIsLoggedWithTheRequest() {
        assertEquals(500, answer(request -> null, null).status());
        assertLogged("GET /x?y failed", null);
        assertEquals("the handler returned null for GET /x?y", logged.getFirst().getThrown().getMessage());
    }

    @Test
    void theServersExceptionHandlerAnswers() {
        assertEquals(422, answer(throwing(new IOException()), (request, e) -> Response.status(422)).status());
        assertEquals(422, answer(request -> null, (request, e) -> Response.status(422)).status());
        assertEquals(List.of(), logged);
    }

    @Test
    void anExceptionHandlerThatFailsIsLogged() {
        Exception first = new IOException("first");
        Exception second = new IOException("second");
        assertEquals(500, answer(throwing(first), (request, e) -> {
            throw second;
        }).status());
        assertLogged("GET /x?y failed", second);
        assertSame(first, second.getSuppressed()[0]);
    }

    @Test
    void anExceptionHandlerThatReturnsNullIsLogged() {
        Exception thrown = new IOException();
        assertEquals(500, answer(throwing(thrown), (request, e) -> null).status());
        assertLogged("GET /x?y failed", thrown);
        assertEquals("the exception handler returned null", thrown.getSuppressed()[0].getMessage());
    }

    @Test
    void aBodyThatIsRefusedIsTheClientsAffair() {
        Exception thrown = new UncheckedIOException(new RefusedBodyException(Refusal.BODY_TOO_LARGE));
        ExceptionHandler never = (request, e) -> Response.status(599);
        Answer answer = answer(throwing(thrown), never);
        assertEquals(413, answer.status());
        assertTrue(text(answer).contains("the body is too large"));
        Router router = Router.builder().get("/x", throwing(thrown)).onException(never)
                .filter((request, next) -> next.handle(request)).build();
        assertEquals(413, answer(router, never).status());
        assertEquals(List.of(), logged);
    }

    @Test
    void aClientThatVanishedIsNotLogged() {
        BodySource vanished = new BodySource() {
            @Override
            public long length() {
                return 10;
            }

            @Override
            public int read(byte[] dst, int from, int length) throws IOException {
                throw new ConnectionFailedException("gone");
            }

            @Override
            public FieldSection trailers() {
                return FieldSection.EMPTY;
            }
        };
        Call call = choose(request -> Response.text(request.body().text()), "POST", "/");
        assertTrue(call.answer(vanished).status() >= 400);
        assertEquals(List.of(), logged);
    }

    @Test
    void anInterruptionIsLoggedUnlessTheServerStops() {
        Serving serving = new Serving(throwing(new IllegalStateException(new InterruptedException())), 0, null,
                refused -> { });
        RequestHead head = RequestHead.of("GET", "/", FieldSection.EMPTY);
        assertEquals(500, serving.choose(head, peer).answer(BodyInMemory.empty()).status());
        assertEquals(1, logged.size());
        serving.stopping();
        assertEquals(503, serving.choose(head, peer).answer(BodyInMemory.empty()).status());
        assertEquals(1, logged.size());
    }

    @Test
    void aLongTargetIsNotLoggedInFull() {
        choose(throwing(new Exception()), "GET", "/" + "a".repeat(5000)).answer(BodyInMemory.empty());
        assertTrue(logged.getFirst().getMessage().length() < 600);
        assertFalse(logged.getFirst().getMessage().contains("\n"));
    }
}
