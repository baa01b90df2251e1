package dev.selvedge.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What stands around handlers: filters and exception handlers. */
class RouterLayersTest {

    private final List<String> events = new ArrayList<>();

    private Filter noting(String name) {
        return (request, next) -> {
            events.add(name + " in");
            Response response = next.handle(request);
            events.add(name + " out " + response.status());
            return response;
        };
    }

    private static Response get(Handler handler, String target) throws Exception {
        return handler.handle(Request.builder("GET", target).build());
    }

    private static Handler throwing(Exception exception) {
        return request -> {
            throw exception;
        };
    }

    @Test
    void filtersStandAroundEverythingInTheirRouter() throws Exception {
        Router router = Router.builder().get("/a", request -> Response.text("a")).post("/b",
                request -> Response.text("b"))
                .filter(noting("1")).filter(noting("2")).build();
        assertEquals(200, get(router, "/a").status());
        assertEquals(List.of("1 in", "2 in", "2 out 200", "1 out 200"), events);
        events.clear();
        assertEquals(404, get(router, "/none").status());
        assertEquals(405, get(router, "/b").status());
        assertEquals(204, router.handle(Request.builder("OPTIONS", "/a").build()).status());
        assertEquals(List.of("1 in", "2 in", "2 out 404", "1 out 404", "1 in", "2 in", "2 out 405", "1 out 405",
        "1 in", "2 in", "2 out 204", "1 out 204"), events);
    }

    @Test
    void theFiltersOfAMountedRouterAreInsideThoseAround() throws Exception {
        Router inner = Router.builder().get("/a", request -> Response.text("a")).filter(noting("inner")).build();
        Router router = Router.builder().get("/b", request -> Response.text("b")).mount("/m", inner)
                .mount("/o", request -> Response.text("o")).filter(noting("outer")).build();
        get(router, "/m/a");
        assertEquals(List.of("outer in", "inner in", "inner out 200", "outer out 200"), events);
        events.clear();
        get(router, "/b");
        get(router, "/o");
        assertEquals(List.of("outer in", "outer out 200", "outer in", "outer out 200"), events);
        events.clear();
        get(inner, "/a");
        assertEquals(List.of("inner in", "inner out 200"), events, "the inner router stays as it was");
    }

    @Test
    void aFilterMayAnswerItself() throws Exception {
        Router router = Router.builder().get("/", throwing(new Exception()))
                .filter((request, next) -> Response.status(401)).build();
        assertEquals(401, get(router, "/").status());
    }

    @Test
    void aFilterMayStandAroundOneHandlerOrAWholeRouter() throws Exception {
        Handler one = noting("one").around(request -> Response.text("x"));
        Router router = Router.builder().get("/", one).get("/other", request -> Response.text("y")).build();
        Handler all = noting("1").around(noting("2").around(router));
        get(all, "/");
        assertEquals(List.of("1 in", "2 in", "one in", "one out 200", "2 out 200", "1 out 200"), events);
        events.clear();
        get(Router.builder().mount("/m", all).filter(noting("0")).build(), "/m/other");
        assertEquals(List.of("0 in", "1 in", "2 in", "2 out 200", "1 out 200", "0 out 200"), events);
    }

    @Test
    void anExceptionBecomesAResponseThatTheFiltersSee() throws Exception {
        Router router = Router.builder().get("/", throwing(new IllegalArgumentException("bad"))).filter(noting("f"))
                .onException((request, e) -> Response.text(e.getMessage()).withStatus(422)).build();
        Response response = get(router, "/");
        assertEquals(422, response.status());
        assertEquals("bad", response.bodyText());
        assertEquals(List.of("f in", "f out 422"), events);
    }

    @Test
    void anExceptionOfAFilterIsHandledToo() throws Exception {
        Router router = Router.builder().get("/", request -> Response.text("x")).filter(noting("1"))
                .filter((request, next) -> {
                    throw new IOException("filter");
                })
                .onException((request, e) -> Response.text(e.getMessage()).withStatus(422)).build();
        assertEquals("filter", get(router, "/").bodyText());
        assertEquals(List.of("1 in", "1 out 422"), events);
    }

    @Test
    void whatTheExceptionHandlerThrowsGoesFurtherOut() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        Exception thrown = new Exception("not mine");
        Router inner = Router.builder().get("/", throwing(thrown)).filter((request, next) -> next.handle(request))
                .onException((request, e) -> {
                    asked.incrementAndGet();
                    throw e;
                }).build();
        assertSame(thrown, assertThrows(Exception.class, () -> get(inner, "/")));
        assertEquals(1, asked.get(), "asked once, though there is a filter");
        Router outer = Router.builder().mount("/m", inner).onException((request, e) -> {
            assertSame(thrown, e);
            return Response.status(599);
        }).build();
        assertEquals(599, get(outer, "/m").status());
    }

    @Test
    void anotherExceptionKeepsTheFirst() {
        Exception first = new Exception("first");
        IllegalStateException second = new IllegalStateException("second");
        Router router = Router.builder().get("/", throwing(first)).onException((request, e) -> {
            throw second;
        }).build();
        assertSame(second, assertThrows(Exception.class, () -> get(router, "/")));
        assertSame(first, second.getSuppressed()[0]);
    }

    @Test
    void nullIsAnErrorWhereverItComesFrom() {
        Router filtered = Router.builder().get("/a", request -> null).filter(noting("f")).build();
        var e = assertThrows(IllegalStateException.class, () -> get(filtered, "/a?b"));
        assertEquals("the handler returned null for GET /a?b", e.getMessage());
        Router handled = Router.builder().get("/a", request -> null)
                .onException((request, thrown) -> null).build();
        assertThrows(IllegalStateException.class, () -> get(handled, "/a"));
    }

    @Test
    void exceptionsWithoutAHandlerGoThrough() {
        Exception thrown = new Exception();
        Router router = Router.builder().get("/", throwing(thrown)).filter(noting("f")).build();
        assertSame(thrown, assertThrows(Exception.class, () -> get(router, "/")));
    }
}
