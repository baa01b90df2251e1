package dev.selvedge.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RouterTest {

    private static Handler says(String text) {
        return request -> Response.text(text);
    }

    private static Response answer(Router router, String method, String target) throws Exception {
        return router.handle(Request.builder(method, target).build());
    }

    private static String get(Router router, String target) throws Exception {
        Response response = answer(router, "GET", target);
        return response.status() == 200 ? response.bodyText() : String.valueOf(response.status());
    }

    private static String allow(Response response) {
        return response.headers().first("Allow").orElse("none");
    }

    // ---- patterns

    private static final Router PATTERNS = Router.builder()
            .get("/", says("root"))
            .get("/a", says("a"))
            .get("/a/", says("a slash"))
            .get("/a/{x}/c", request -> Response.text("x=" + request.pathParameter("x")))
            .get("/a/b/d", says("abd"))
            .get("/a/b/{y}", request -> Response.text("y=" + request.pathParameter("y")))
            .get("/files/{path...}", request -> Response.text("path=" + request.pathParameter("path")))
            .get("/files/{name}/raw", request -> Response.text("name=" + request.pathParameter("name")))
            .get("/a b/é", says("decoded"))
            .get("/users/{id}/posts/{post}", request ->
                    Response.text(request.pathParameter("id") + "+" + request.pathParameter("post")))
            .build();

    @ParameterizedTest
    @CsvSource(ignoreLeadingAndTrailingWhitespace = true, value = {
        "/, root", "/a, a", "/a/, a slash", "/a/x/c, x=x", "/a/b/d, abd", "/a/b/e, y=e", "/a/b, 404", "/a//c, 404",
        "/b, 404", "//, 404", "//a, 404", "/A, 404", "/a/b/c, y=c",
        "/files, 404", "/files/, path=", "/files/x, path=x", "/files/x/y/z/, path=x/y/z/", "/files/x/raw, name=x",
        "/files/x/raw/, path=x/raw/", "/files//raw, path=/raw",
        "/users/1/posts/2, 1+2", "/users/1/posts/, 404", "/users//posts/2, 404",
        "/?x=/a, root", "/a?b, a", "http://host/a, a", "http://host, root"})
    void theMostSpecificPatternIsChosen(String target, String expected) throws Exception {
        assertEquals(expected, get(PATTERNS, target));
    }

    /** RFC 9110 §4.2.3, §17.3; RFC 3986 §5.2.4. */
    @ParameterizedTest
    @CsvSource({
        "/%61, a", "/%41, 404", "/a%2Fb%2Fd, 404", "/a%2fb, 404", "/a/%2F/c, x=/", "/a/%2f%2F/c, x=//",
        "/a/%252F/c, x=%2F",
        "/a/%20%2B+/c, x= ++", "/a/%C3%A9/c, x=é", "/a/%FF/c, x=\uFFFD", "/a/%5C/c, 'x=\\'", "/a%20b/%C3%A9, decoded",
        "/a%20b/%c3%a9, decoded", "/./a, a", "/x/../a, a", "/x/%2e%2E/a, a", "/a/., a slash", "/a/b/.., a slash",
        "/files/a/../../a, a", "/files/%2e%2e%2fa, path=..%2Fa", "/files/a%2Fb/c%20d, path=a%2Fb/c d",
        "/a/..%2F/c, x=../",
        "/users/%2e%2e/posts/1, 404"})
    void rules38to41_segmentsAreComparedAfterDecoding(String target, String expected) throws Exception {
        assertEquals(expected, get(PATTERNS, target));
    }

    @Test
    void rule40_anEscapedNulCutsNothing() throws Exception {
        assertEquals("x=a\0b", get(PATTERNS, "/a/a%00b/c"));
        assertEquals("404", get(PATTERNS, "/a%00"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "'' | it must begin with a slash", "a | it must begin with a slash",
        "/a{b} | a parameter must be a whole segment",
        "/{a | a parameter must be a whole segment", "/a} | a parameter must be a whole segment", "/{} | needs a name",
        "/{...} | needs a name", "/{a b} | needs a name", "/{a}{b} | needs a name", "/{a..} | needs a name",
        "/{a...}/b | nothing may follow {a...}", "/{a}/{a} | the parameter a is there twice",
        "/{a}/{a...} | the parameter a is there twice", "/a?b | no query", "/a#b | no query", "/%20 | write characters",
        "/../a | dot segment", "/a/./b | dot segment", "/* | write {name}", "/a/** | write {name}"})
    void aMalformedPatternIsRefused(String pattern, String why) {
        var e = assertThrows(IllegalArgumentException.class, () -> Router.builder().get(pattern, says("")));
        assertTrue(e.getMessage().startsWith("the pattern \"" + pattern + "\" is malformed: "), e.getMessage());
        assertTrue(e.getMessage().contains(why), e.getMessage());
    }

    /**
     * One literal at each place, all else parameters, so that for the path of literals every prefix fits every pattern:
     * whoever tries all ways through 60 segments takes 2 to the 60th steps.
     */
    @Test
    @Timeout(value = 10, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void noPathMakesASearchGrowBeyondThePatterns() throws Exception {
        int segments = 60;
        Router.Builder builder = Router.builder().get(pattern(segments, -1), says("parameters"));
        for (int literal = 0; literal < segments; literal++) {
            builder.get(pattern(segments, literal) + "/end" + literal, says("literal " + literal));
        }
        Router router = builder.build();
        String path = "/a".repeat(segments);
        assertEquals("parameters", get(router, path));
        assertEquals("404", get(router, path + "/none"));
        assertEquals("literal 59", get(router, path + "/end59"));
        assertEquals("404", get(router, "/a".repeat(4000)));
        assertEquals("404", get(router, "/".repeat(8000)));
        assertEquals("GET, HEAD, OPTIONS", allow(answer(router, "POST", path)));
        assertEquals(404, answer(router, "OPTIONS", path + "/none").status());
    }

    private static String pattern(int segments, int literal) {
        StringBuilder pattern = new StringBuilder();
        for (int i = 0; i < segments; i++) {
            pattern.append(i == literal ? "/a" : "/{p" + i + "}");
        }
        return pattern.toString();
    }

    @Test
    void routesForTheSameRequestsAreRefusedByName() {
        var e = assertThrows(IllegalStateException.class, () -> Router.builder()
                .get("/users/{id}", says("")).get("/users/me", says("")).get("/users/{name}", says("")).build());
        assertEquals("GET /users/{name} and GET /users/{id} are for the same requests; remove one of them",
                e.getMessage());
        assertThrows(IllegalStateException.class, () -> Router.builder()
                .get("/{a...}", says("")).get("/{b...}", says("")).build());
        assertThrows(IllegalStateException.class, () -> Router.builder()
                .get("/a", says("")).get("/a", says("")).build());
    }

    @Test
    void mountsForTheSameRequestsAreRefusedByName() {
        var same = assertThrows(IllegalStateException.class, () -> Router.builder()
                .mount("/a", says("")).mount("/a/", says("")).build());
        assertEquals("the mount at /a/ and the mount at /a are for the same requests; remove one of them",
                same.getMessage());
        var rest = assertThrows(IllegalStateException.class, () -> Router.builder()
                .get("/a/{rest...}", says("")).mount("/a", says("")).build());
        assertEquals("the mount at /a and /a/{rest...} are for the same requests; remove one of them",
                rest.getMessage());
    }

    @Test
    void differentMethodsMayNameTheirParametersDifferently() throws Exception {
        Router router = Router.builder()
                .get("/{id}", request -> Response.text(request.pathParameter("id")))
                .delete("/{name}", request -> Response.text(request.pathParameter("name"))).build();
        assertEquals("1", get(router, "/1"));
        assertEquals("2", answer(router, "DELETE", "/2").bodyText());
    }

    @ParameterizedTest
    @ValueSource(strings = {"get", "Post", "", "A B", "CONNECT", "a\r\n"})
    void aMethodThatNoRequestHasIsRefused(String method) {
        assertThrows(IllegalArgumentException.class, () -> Router.builder().route(method, "/", says("")));
    }

    // ---- methods

    private static final Router METHODS = Router.builder()
            .get("/r", says("get")).post("/r", says("post")).put("/r", says("put")).patch("/r", says("patch"))
            .delete("/r", says("delete")).route("PURGE", "/r", says("purge"))
            .post("/post", says("post"))
            .get("/both", says("get")).head("/both", says("head"))
            .options("/own", says("own options"))
            .get("/users/{id}", says("user")).delete("/users/me", says("forget me"))
            .build();

    @ParameterizedTest
    @CsvSource({"GET, get", "POST, post", "PUT, put", "PATCH, patch", "DELETE, delete", "PURGE, purge", "HEAD, get"})
    void theMethodDecides(String method, String expected) throws Exception {
        assertEquals(expected, answer(METHODS, method, "/r").bodyText());
    }

    @Test
    void rule76_headIsAnsweredByGetUnlessThereIsASpecialRoute() throws Exception {
        assertEquals("head", answer(METHODS, "HEAD", "/both").bodyText());
        assertEquals(405, answer(METHODS, "HEAD", "/post").status());
    }

    @ParameterizedTest
    @CsvSource({"DELETE, /post, 'POST, OPTIONS'", "TRACE, /r, 'GET, HEAD, POST, PUT, PATCH, DELETE, PURGE, OPTIONS'",
        "get, /r, 'GET, HEAD, POST, PUT, PATCH, DELETE, PURGE, OPTIONS'", "POST, /both, 'GET, HEAD, OPTIONS'",
        "POST, /users/me, 'DELETE, GET, HEAD, OPTIONS'", "GET, /own, OPTIONS"})
    void rule78_aWrongMethodIsToldTheRightOnes(String method, String path, String allow) throws Exception {
        Response response = answer(METHODS, method, path);
        assertEquals(405, response.status());
        assertEquals(allow, allow(response));
    }

    @Test
    void rule79_optionsTellsTheMethodsOfAPath() throws Exception {
        Response response = answer(METHODS, "OPTIONS", "/both");
        assertEquals(204, response.status());
        assertEquals("GET, HEAD, OPTIONS", allow(response));
        assertEquals("own options", answer(METHODS, "OPTIONS", "/own").bodyText());
        assertEquals(404, answer(METHODS, "OPTIONS", "/none").status());
    }

    @Test
    void rule33_optionsOfTheServerTellsAllMethods() throws Exception {
        Response response = answer(METHODS, "OPTIONS", "*");
        assertEquals(204, response.status());
        assertEquals("GET, HEAD, POST, PUT, PATCH, DELETE, PURGE, OPTIONS", allow(response));
        Router mounted = Router.builder().mount("/", METHODS).build();
        assertEquals(allow(response), allow(answer(mounted, "OPTIONS", "*")));
        Router opaque = Router.builder().mount("/", says("mount")).build();
        assertEquals("OPTIONS", allow(answer(opaque, "OPTIONS", "*")));
    }

    @Test
    void aMoreSpecificPatternWithoutTheMethodDoesNotFit() throws Exception {
        assertEquals("user", get(METHODS, "/users/me"));
        assertEquals("forget me", answer(METHODS, "DELETE", "/users/me").bodyText());
        assertEquals(405, answer(METHODS, "DELETE", "/users/7").status());
    }

    @Test
    void notFoundCanBeReplaced() throws Exception {
        Router router = Router.builder().notFound(request -> Response.text("no " + request.path()).withStatus(410))
                .build();
        Response response = answer(router, "GET", "/x");
        assertEquals(410, response.status());
        assertEquals("no /x", response.bodyText());
    }

    @Test
    void methodNotAllowedCanBeReplacedAndKeepsAllow() throws Exception {
        Handler json = request -> Response.json("{\"wrong\":\"" + request.method() + "\"}").withStatus(405);
        Router router = Router.builder().get("/x", says("x")).methodNotAllowed(json).build();
        Response response = answer(router, "POST", "/x");
        assertEquals(405, response.status());
        assertEquals("{\"wrong\":\"POST\"}", response.bodyText());
        assertEquals("GET, HEAD, OPTIONS", allow(response));
        assertEquals(404, answer(router, "POST", "/y").status());
        assertEquals(204, answer(router, "OPTIONS", "/x").status());
        Router own = Router.builder().get("/x", says("x"))
                .methodNotAllowed(request -> Response.error(405).withHeader("Allow", "GET")).build();
        assertEquals(List.of("GET"), answer(own, "POST", "/x").headers().all("Allow"));
        Router nothing = Router.builder().get("/x", says("x")).methodNotAllowed(request -> null).build();
        assertNull(answer(nothing, "POST", "/x"));
    }

    // ---- mounts

    private static Handler below(String name) {
        return request -> Response.text(name + "[" + request.pathInMount() + "]");
    }

    private static final Router MOUNTS = Router.builder()
            .get("/", says("home"))
            .get("/api/special", says("special"))
            .post("/form", says("form"))
            .mount("/", below("site"))
            .mount("/api", Router.builder()
                    .get("/", says("api root"))
                    .get("/users/{id}", request -> Response.text(request.pathParameter("id") + request.pathInMount()))
                    .mount("/v2/x", below("inner"))
                    .build())
            .mount("/docs/a b", below("docs"))
            .build();

    @ParameterizedTest
    @CsvSource({
        "/, home", "/x, site[/x]", "/x/y?z, site[/x/y]", "/api, api root", "/api/, api root", "/apix, site[/apix]",
        "/api/users/7, 7/users/7", "/api/special, special", "/api/none, 404", "/api//, 404", "/api/v2/x, inner[]",
        "/api/v2/x/, inner[/]", "/api/v2/x/y/z, inner[/y/z]", "/api/v2, 404", "/api/v2/xy, 404",
        "/docs/a%20b/c%2Fd, docs[/c%2Fd]", "/docs/a%20b, docs[]", "/docs/, site[/docs/]",
        "/docs/a%20b/../c, site[/docs/c]",
        "/form, site[/form]", "/%61pi/users/%37, 7/users/7", "//x, site[//x]"})
    void aMountTakesWhatIsBelowIt(String target, String expected) throws Exception {
        assertEquals(expected, get(MOUNTS, target));
    }

    @Test
    void theWholePathStaysVisibleInAMount() throws Exception {
        Router router = Router.builder().mount("/a", request -> Response.text(request.path())).build();
        assertEquals("/a/b", get(router, "/a/b"));
    }

    @Test
    void aMountIsNotAskedWhereOnlyTheMethodIsWrong() throws Exception {
        Router router = Router.builder().get("/users/{id}", says("user"))
                .mount("/", Router.builder().get("/about", says("about")).build()).build();
        Response post = answer(router, "POST", "/users/7");
        assertEquals(405, post.status());
        assertEquals("GET, HEAD, OPTIONS", allow(post));
        assertEquals("GET, HEAD, OPTIONS", allow(answer(router, "OPTIONS", "/users/7")));
        assertEquals(405, answer(router, "POST", "/about").status());
        assertEquals(404, answer(router, "POST", "/none").status());
    }

    /** RFC 9110 §10.2.1: Allow is about the resource, and does not care who serves it. */
    private static final Router SHARED = Router.builder()
            .post("/api/x", says("outer post"))
            .delete("/api/{any}", says("outer delete"))
            .route("PURGE", "/api/v1/deep/y", says("outer purge"))
            .put("/open/x", says("outer put"))
            .mount("/open", says("open"))
            .mount("/api", Router.builder()
                    .get("/x", says("inner get"))
                    .post("/x", says("hidden by the route that is more specific"))
                    .get("/options", says("inner get")).options("/options", says("inner options"))
                    .mount("/v1", Router.builder()
                            .mount("/deep", Router.builder().get("/y", says("innermost get")).build()).build())
                    .build())
            .post("/api/options", says("outer post"))
            .build();

    @ParameterizedTest
    @CsvSource({"POST, /api/x, outer post", "GET, /api/x, inner get", "HEAD, /api/x, inner get",
        "DELETE, /api/x, outer delete", "PURGE, /api/v1/deep/y, outer purge", "GET, /api/v1/deep/y, innermost get",
        "GET, /api/options, inner get", "POST, /api/options, outer post", "OPTIONS, /api/options, inner options",
        "PUT, /open/x, outer put", "GET, /open/x, open"})
    void aRouteAndAMountedRouterThatShareAPathHideNothingOfEachOther(String method, String path, String expected)
            throws Exception {
        Response response = answer(SHARED, method, path);
        assertEquals(200, response.status());
        assertEquals(expected, response.bodyText());
    }

    @ParameterizedTest
    @CsvSource({"/api/x, 'DELETE GET HEAD OPTIONS POST'", "/api/v1/deep/y, 'GET HEAD OPTIONS PURGE'",
        "/api/options, 'DELETE GET HEAD OPTIONS POST'", "/api/else, 'DELETE OPTIONS'"})
    void allowNamesTheMethodsOfAllWhoShareAPath(String path, String methods) throws Exception {
        Response refusal = answer(SHARED, "PATCH", path);
        assertEquals(405, refusal.status());
        assertEquals(Set.of(methods.split(" ")), Set.of(allow(refusal).split(", ")));
        if (!path.equals("/api/options")) {
            Response options = answer(SHARED, "OPTIONS", path);
            assertEquals(204, options.status());
            assertEquals(allow(refusal), allow(options));
        }
    }

    @Test
    void aLessSpecificPatternDoesNotMakeUpForAMount() throws Exception {
        Router router = Router.builder().get("/{rest...}", says("rest"))
                .mount("/api", Router.builder().get("/a", says("a")).build()).build();
        assertEquals("404", get(router, "/api/none"));
        assertEquals("rest", get(router, "/other"));
        assertEquals(405, answer(router, "POST", "/api/a").status());
    }

    @Test
    void aRouterThatIsCalledByHandContinuesBelowTheMount() throws Exception {
        Router inner = Router.builder().get("/b/{x}", request -> Response.text(request.pathParameter("x"))).build();
        Router router = Router.builder().mount("/a", request -> inner.handle(request).withStatus(200)).build();
        assertEquals("1", get(router, "/a/b/1"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "/{x}", "/a/{x...}", "/a?b", "/%20", "/a/../b"})
    void aMalformedPrefixIsRefused(String prefix) {
        assertThrows(IllegalArgumentException.class, () -> Router.builder().mount(prefix, says("")));
    }

    @Test
    void aBuilderMayBuildAgain() throws Exception {
        Router.Builder builder = Router.builder().get("/a", says("a"));
        Router first = builder.build();
        Router second = builder.get("/b", says("b")).build();
        assertEquals("404", get(first, "/b"));
        assertEquals("b", get(second, "/b"));
        assertEquals("a", get(second, "/a"));
    }

    @Test
    void nullIsRefusedWhereItIsGiven() {
        Router.Builder builder = Router.builder();
        assertThrows(NullPointerException.class, () -> builder.get("/", null));
        assertThrows(NullPointerException.class, () -> builder.get(null, says("")));
        assertThrows(NullPointerException.class, () -> builder.mount("/", null));
        assertThrows(NullPointerException.class, () -> builder.filter(null));
        assertThrows(NullPointerException.class, () -> builder.notFound(null));
        assertThrows(NullPointerException.class, () -> builder.onException(null));
    }
}
