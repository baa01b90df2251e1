package dev.selvedge.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestTest {

    private static Request get(String target) {
        return Request.builder("GET", target).build();
    }

    @ParameterizedTest
    @CsvSource({
        "/, /, /", "/a/b?c=d, /a/b, /a/b", "/%61, /%61, /a", "/a%2Fb, /a%2Fb, /a%2Fb", "/a%252Fb, /a%252Fb, /a%2Fb",
        "/a/./b/../c, /a/./b/../c, /a/c", "/%C3%A9, /%C3%A9, /é", "/a+b, /a+b, /a+b", "/%5C, /%5C, '/\\'",
        "http://h/x?y, /x, /x", "http://h, /, /", "http://h?y, /, /", "//host/x, //host/x, //host/x"})
    void thePathIsDecodedOnce(String target, String rawPath, String path) {
        Request request = get(target);
        assertEquals(target, request.target());
        assertEquals(rawPath, request.rawPath());
        assertEquals(path, request.path());
        assertEquals(path, request.path(), "asked again");
        assertEquals(path, request.pathInMount(), "nothing is mounted");
    }

    @ParameterizedTest
    @CsvSource({
        "/, /",
        "/a/b, /a/b",
        "/a/b/, /a/b/",
        "//a//b, //a//b",
        "/a/./b/../c, /a/c",
        "/a/%2e%2E/c, /c",
        "/%7ea%41%2d%2F%2f, /~aA-%2F%2F",
        "/%252F, /%252F",
        "/%c3%a9%00%5c%20, /%C3%A9%00%5C%20",
        "/a:b@c!$&()*+;=, /a:b@c!$&()*+;=",
        "/%3A%40%21%24%3b, /:@!$;",
        "/%5b%22%7C, /%5B%22%7C",
        "http://h, /",
        "http://h/a?b, /a",
    })
    void theCanonicalPathIsAKey(String target, String path) {
        assertEquals(path, get(target).canonicalPathInMount());
        assertEquals(path, get(path).canonicalPathInMount(), "its canonical form is itself");
    }

    @Test
    void theCanonicalPathBeginsBehindTheMount() throws Exception {
        Handler telling = request -> Response.text(request.canonicalPathInMount());
        Router router = Router.builder().mount("/f\u00e9/in", Router.builder().mount("/m", telling).build()).build();
        String prefix = "/f%c3%A9/%69n/m";
        assertEquals("/~a/b%2Fc%20d", router.handle(get(prefix + "/%7ea/x/../b%2fc%20d")).bodyText());
        assertEquals("", router.handle(get(prefix)).bodyText());
        assertEquals("/", router.handle(get(prefix + "/")).bodyText());
        assertEquals("/", Router.builder().mount("/", telling).build().handle(get("/")).bodyText());
    }

    @Test
    void anAsteriskIsItsOwnPath() {
        Request request = Request.builder("OPTIONS", "*").build();
        assertEquals("*", request.target());
        assertEquals("*", request.path());
        assertEquals("*", request.rawPath());
        assertEquals("*", request.pathInMount());
        assertEquals("*", request.canonicalPathInMount());
    }

    @Test
    void queryParametersAreDecoded() {
        Request request = get("/?q=a+b%26c&n=%C3%A9&n=2&empty=&flag&&=x&%71=later&a%20b=1");
        assertEquals(Optional.of("a b&c"), request.queryParameter("q"));
        assertEquals(Optional.of("é"), request.queryParameter("n"));
        assertEquals(Optional.of(""), request.queryParameter("empty"));
        assertEquals(Optional.of(""), request.queryParameter("flag"));
        assertEquals(Optional.of("x"), request.queryParameter(""));
        assertEquals(Optional.of("1"), request.queryParameter("a b"));
        assertEquals(Optional.empty(), request.queryParameter("Q"));
        assertEquals(Optional.empty(), request.queryParameter("fla"));
        assertEquals(Optional.empty(), request.queryParameter("flags"));
        assertEquals(List.of("q", "n", "empty", "flag", "", "a b"), List.copyOf(request.queryParameters().keySet()));
        assertEquals(List.of("a b&c", "later"), request.queryParameters().get("q"));
        assertEquals(List.of("é", "2"), request.queryParameters().get("n"));
    }

    @Test
    void anEscapedNameIsFoundLikeALiteralOne() {
        assertEquals(Optional.of("1"), get("/?%71x=1").queryParameter("qx"));
        assertEquals(Optional.of("2"), get("/?q%78=2").queryParameter("qx"));
        assertEquals(Optional.empty(), get("/?q%79=2").queryParameter("qx"));
        assertEquals(Optional.of("3"), get("/?%C3%A9=3").queryParameter("é"));
    }

    @Test
    void aQueryMayBeMissingOrEmpty() {
        assertEquals(Optional.empty(), get("/").query());
        assertEquals(Optional.of(""), get("/?").query());
        assertEquals(Optional.of("a=%20&b?/"), get("/?a=%20&b?/").query());
        assertEquals(Map.of(), get("/").queryParameters());
        assertEquals(Map.of(), get("/?").queryParameters());
        assertEquals(Optional.empty(), get("/").queryParameter("a"));
    }

    @Test
    void whatWasGivenIsThere() {
        var client = new InetSocketAddress("192.0.2.1", 1000);
        var here = new InetSocketAddress("192.0.2.2", 80);
        Request request = Request.builder("PURGE", "/x").header("Accept", "a").header("accept", "b")
                .remoteAddress(client).localAddress(here).pathParameter("id", "a/b").build();
        assertEquals("PURGE", request.method());
        assertEquals(Optional.of("a"), request.header("ACCEPT"));
        assertEquals(Optional.empty(), request.header("Host"));
        assertEquals(List.of("a", "b"), request.headers().all("Accept"));
        assertSame(client, request.remoteAddress());
        assertSame(here, request.localAddress());
        assertEquals("a/b", request.pathParameter("id"));
        assertEquals("HTTP/1.1", request.version());
        assertEquals("PURGE /x", request.toString());
    }

    @Test
    void withoutASayTheAddressesAreLoopback() {
        assertTrue(get("/").remoteAddress().getAddress().isLoopbackAddress());
        assertTrue(get("/").localAddress().getAddress().isLoopbackAddress());
    }

    @Test
    void theAuthorityIsThatOfTheTargetOrTheHost() {
        assertEquals("", get("/").authority());
        assertEquals("h:81", Request.builder("GET", "/").header("Host", "h:81").build().authority());
        assertEquals("t", Request.builder("GET", "http://t/").header("Host", "h").build().authority());
    }

    @Test
    void aPathParameterThatTheRouteDoesNotHaveIsAMistake() {
        Request request = Request.builder("GET", "/").pathParameter("id", "1").pathParameter("name", "2").build();
        var e = assertThrows(IllegalArgumentException.class, () -> request.pathParameter("di"));
        assertEquals("the route has no path parameter \"di\"; it has id, name", e.getMessage());
        var none = assertThrows(IllegalArgumentException.class, () -> get("/").pathParameter("id"));
        assertEquals("the route has no path parameter \"id\"; it has none", none.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "/a b", "/é", "/%", "/%4", "/%zz", "/a#b", "/<", "/a\r\nX: y", "/..", "*",
        "ftp://h/", "https://h/"})
    void aTargetThatAServerWouldRefuseIsRefused(String target) {
        assertThrows(IllegalArgumentException.class, () -> get(target));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "GE T", "G\r\n", "GÉT", "(", "CONNECT"})
    void aMethodThatAServerWouldRefuseIsRefused(String method) {
        assertThrows(IllegalArgumentException.class, () -> Request.builder(method, "/").build());
    }

    @Test
    void aRequestMatchesAPatternAsInARouter() {
        assertEquals("7", get("/users/7").matching("/users/{id}").orElseThrow().pathParameter("id"));
        assertEquals("a/b", get("/users/a%2Fb").matching("/users/{id}").orElseThrow().pathParameter("id"));
        assertEquals("x/y", get("/files/x/./y").matching("/files/{rest...}").orElseThrow().pathParameter("rest"));
        for (String pattern : List.of("/", "/users", "/users/", "/users/{id}", "/{a}", "/{a}/", "/{a...}", "/u/{a}/{b}",
                "/users/{a...}", "/users/7", "/users/ä", "/USERS/7", "/users/{id}/x", "//", "/{a}/{b}")) {
            Router router = Router.builder().get(pattern, request -> Response.empty()).build();
            for (String path : List.of("/", "/users", "/users/", "/users/7", "/u%73ers/7", "/users//", "/u/1/2", "/u/1/",
                    "/users/7/x", "//", "/x", "http://a", "/users/7/.")) {
                assertEquals(status(router, path) == 204, get(path).matching(pattern).isPresent(), pattern + " " + path);
            }
        }
        assertThrows(IllegalArgumentException.class, () -> get("/").matching("a"));
        assertTrue(Request.builder("OPTIONS", "*").build().matching("/{all...}").isEmpty());
    }

    private static int status(Router router, String path) {
        try {
            return router.handle(get(path)).status();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aHeaderThatCouldBreakALineIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> Request.builder("GET", "/").header("A", "b\r\nC: d"));
        assertThrows(IllegalArgumentException.class, () -> Request.builder("GET", "/").header("A b", "c"));
    }

    @Test
    void oneBodyBelongsToARequest() {
        Request request = Request.builder("POST", "/").body("text").build();
        assertSame(request.body(), request.body());
    }

    /** Two bodies would be a mistake in a test, which must not pass by the last one. */
    @Test
    void aSecondBodyIsRefused() throws Exception {
        Request.Builder builder = Request.builder("POST", "/").body("text");
        var e = assertThrows(IllegalStateException.class, () -> builder.body(new byte[3]));
        assertEquals("the request has a body of 4 bytes already; call body(...) once, with all of it", e.getMessage());
        assertThrows(IllegalStateException.class, () -> builder.body(""));
        assertEquals("text", builder.build().body().text());
        Request.Builder empty = Request.builder("POST", "/").body("");
        assertThrows(IllegalStateException.class, () -> empty.body("text"));
        assertEquals("", Request.builder("POST", "/").build().body().text());
    }

    /** RFC 9110 §8.3.1. */
    @ParameterizedTest
    @CsvSource(nullValues = "none", value = {
        "application/json, application/json", "'Text/HTML; charset=\"utf-8\"', text/html", "'a/b;', a/b", "'a/b ;c=d', a/b",
        "application/vnd.api+json, application/vnd.api+json", "none, none", "'', none", "json, none", "/json, none",
        "text/, none", "'a /b', none", "a/b/c, none", "'a/b, c/d', none", "'; charset=utf-8', none", "*/*, */*"})
    void theMediaTypeIsToldWithoutParameters(String contentType, String expected) {
        Request.Builder builder = Request.builder("POST", "/");
        Request request = (contentType == null ? builder : builder.header("content-type", contentType)).build();
        assertEquals(Optional.ofNullable(expected), request.mediaType());
    }
}
