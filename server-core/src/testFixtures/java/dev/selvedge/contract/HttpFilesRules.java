package dev.selvedge.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvedge.contract.HttpReply.Framing;
import dev.selvedge.server.Handler;
import dev.selvedge.server.Response;
import dev.selvedge.server.Router;
import dev.selvedge.server.files.StaticFiles;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Files as a client sees them: what is found under which path, and what every response says. */
public abstract class HttpFilesRules extends HttpFilesSuite {

    // ---- files

    @ParameterizedTest
    @EnumSource
    void everyFileArrivesUnchangedTheFirstTimeAndAgain(FilesSource source) throws IOException {
        serveSteady(source, site(source));
        HttpWire wire = connect();
        Set<String> tags = new HashSet<>();
        for (String target : List.of("/hello.txt", "/empty.txt", "/one.txt", "/index.html", "/app.js", "/app.js.gz",
                "/large.bin", "/large.js", "/data.unknown-extension", "/no-extension", "/.well-known/security.txt")) {
            HttpReply first = wire.send(get(target)).read("GET");
            HttpReply again = wire.send(get(target)).read("GET");

            assertEquals(200, first.status(), first::toString);
            assertEquals(Framing.LENGTH, first.framing());
            assertArrayEquals(content(target), first.content(), target);
            assertFields(first, "Last-Modified", LAST_MODIFIED, "Accept-Ranges", "bytes", "Cache-Control", "no-cache",
                    "X-Content-Type-Options", "nosniff", "Content-Encoding", null, "Vary", null, "Content-Range", null);
            assertTrue(first.first("ETag").matches("\"[!#-~]+\""), first::toString);
            assertTrue(tags.add(first.first("ETag")), "a tag twice: " + target);
            assertEquals(1, first.all("Content-Type").size());
            assertEquals(lasting(first), lasting(again));
            assertArrayEquals(first.content(), again.content(), target);
        }
    }

    @ParameterizedTest
    @CsvSource({"/hello.txt,text/plain; charset=utf-8", "/index.html,text/html; charset=utf-8",
        "/app.js,text/javascript; charset=utf-8", "/assets/app-BxQ7kD2f.css,text/css; charset=utf-8",
        "/app.js.gz,application/gzip", "/large.bin,application/octet-stream",
        "/no-extension,application/octet-stream"})
    void theTypeIsThatOfTheName(String target, String type) throws IOException {
        serve(site(FilesSource.DIRECTORY));

        assertFields(got(target), "Content-Type", type);
    }

    @Test
    void anExtensionMayHaveATypeOfItsOwn() throws IOException {
        serve(site(FilesSource.DIRECTORY).mediaType("TXT", "text/x-mine"));

        assertFields(got("/hello.txt"), "Content-Type", "text/x-mine");
    }

    @ParameterizedTest
    @EnumSource
    void rule76_and_77_headIsGetWithoutContentForEveryStatus(FilesSource source) throws IOException {
        serveSteady(source, full(source));
        HttpWire wire = connect();
        List<Integer> statuses = new ArrayList<>();
        for (String target : List.of(SMALL, LARGE, "/empty.txt", "/docs/", "/docs", "/list/", "/app.js", "/large.js",
                "/guide", "/somewhere", "/missing.txt", "/%5c")) {
            for (String condition : List.of("X-None: x", "If-None-Match: *", "If-Match: \"other\"",
                    "If-Modified-Since: " + LAST_MODIFIED, "If-Unmodified-Since: " + EARLIER,
                    "Accept-Encoding: gzip;q=0.5, br")) {
                HttpReply get = wire.send(get(target, condition)).read("GET");
                HttpReply head = wire.send(request("HEAD", target, condition)).read("HEAD");

                assertEquals(get.status(), head.status());
                assertEquals(lasting(get), lasting(head), target + " " + condition);
                statuses.add(get.status());
            }
        }
        assertEquals(Set.of(200, 301, 304, 404, 412), Set.copyOf(statuses));
    }

    private StaticFiles.Builder full(FilesSource source) throws IOException {
        return site(source).precompressed(true).cleanUrls(true).listings(true).fallback("/fallback.html")
                .notFoundPage("/404.html").header("X-Own", "own");
    }

    @ParameterizedTest
    @EnumSource
    void everyResponseHasTheFieldsThatAreForAll(FilesSource source) throws IOException {
        serve(full(source));
        HttpWire wire = connect();
        for (String request : List.of(get(SMALL), get(LARGE), get("/docs"), get("/list/"), get("/list"),
                get("/missing.txt"), get("/somewhere"), get(SMALL, "If-None-Match: *"), get(SMALL, "If-Match: \"x\""),
                get(SMALL, "Range: bytes=1-2"), get(LARGE, "Range: bytes=1-2,5-6"), get(SMALL, "Range: bytes=99-"),
                request("OPTIONS", SMALL), request("DELETE", SMALL), request("HEAD", "/docs"), post(SMALL, "body"))) {
            HttpReply reply = wire.send(request).read(method(request));

            assertFields(reply, "X-Own", "own", "X-Content-Type-Options", "nosniff");
        }
    }

    @ParameterizedTest
    @EnumSource
    void rule78_and_79_onlyGetHeadAndOptionsAreAnswered(FilesSource source) throws IOException {
        serve(site(source));
        HttpWire wire = connect();
        for (String method : List.of("POST", "PUT", "DELETE", "PATCH", "PROPFIND")) {
            for (String target : List.of(SMALL, "/missing", "/docs")) {
                HttpReply reply = wire.send(request(method, target, "If-None-Match: *", "Content-Length: 0"))
                        .read(method);

                assertEquals(405, reply.status(), reply::toString);
                assertFields(reply, "Allow", "GET, HEAD, OPTIONS");
            }
        }
        HttpReply options = wire.send(request("OPTIONS", SMALL)).read("OPTIONS");
        assertEquals(204, options.status());
        assertFields(options, "Allow", "GET, HEAD, OPTIONS");
        HttpReply withBody = wire.send(request("GET", SMALL, "Content-Length: 4") + "body").read("GET");
        assertEquals(ALPHABET, withBody.text());
        assertEquals(200, wire.send("GET /hello.txt HTTP/1.0\r\n\r\n").read("GET").status());
    }

    // ---- directories

    @ParameterizedTest
    @EnumSource
    void aDirectoryIsItsIndexFileAndHasASlash(FilesSource source) throws IOException {
        serve(Router.builder().mount("/m", site(source).indexFiles("main.htm", "index.html").build())
                .mount("/", site(source).build()).build());

        assertArrayEquals(content("/index.html"), got("/").content());
        assertArrayEquals(content("/docs/index.html"), got("/docs/").content());
        assertArrayEquals(content("/docs/index.html"), got("/docs/index.html").content());
        assertArrayEquals(content("/only/index.html"), got("/only/").content());
        assertArrayEquals(content("/only/main.htm"), got("/m/only/").content(), "the first that is there");
        assertFields(got("/only/"), "Content-Type", "text/html; charset=utf-8");
        assertMoved("./docs/", "/docs");
        assertMoved("./docs/?a=b&c=%2F..//?", "/docs?a=b&c=%2F..//?");
        assertMoved("./docs/?", "/docs?");
        assertMoved("./%64ocs/", "/%64ocs");
        assertMoved("./m/", "/m");
        assertMoved("./m/?x", "/m?x");
        assertMoved("./docs/", "http://test/docs");
        assertMoved("./docs/", "/m/docs");
        assertMoved("./guide/", "/docs/guide");
        for (String target : List.of("/hello.txt/", "/docs/index.html/", "/list", "/list/", "/docs/nothing/",
                "/hello.txt/x", "/assets", "/assets/")) {
            assertEquals(404, got(target).status(), target);
        }
    }

    private void assertMoved(String location, String target) throws IOException {
        HttpReply reply = got(target, "If-None-Match: *", "Range: bytes=0-1");
        assertEquals(301, reply.status(), reply::toString);
        assertFields(reply, "Location", location, "Cache-Control", "no-cache");
    }

    @ParameterizedTest
    @EnumSource
    void cleanUrlsFindPagesAndAreOffByDefault(FilesSource source) throws IOException {
        serve(Router.builder().mount("/on", site(source).cleanUrls(true).build())
                .mount("/", site(source).build()).build());

        assertArrayEquals(content("/guide.html"), got("/on/guide").content());
        assertArrayEquals(content("/guide.html"), got("/on/guide.html").content());
        assertArrayEquals(content("/both.html"), got("/on/both").content());
        assertArrayEquals(content("/both/index.html"), got("/on/both/").content());
        assertFields(got("/on/guide"), "Content-Type", "text/html; charset=utf-8");
        assertArrayEquals(content("/no-extension"), got("/on/no-extension").content());
        assertEquals(301, got("/on/docs").status());
        for (String target : List.of("/guide", "/on/guide/", "/on/hello", "/on/.html", "/on/docs/.html",
                "/on/nothing")) {
            assertEquals(404, got(target).status(), target);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aListingHasWorkingLinksToEverythingAndIsEscaped(FilesSource source) throws IOException {
        serve(Router.builder().mount("/m", site(source).listings(true).indexFiles().build()).build());
        HttpReply listing = got("/m/list/");
        assertEquals(200, listing.status());
        assertFields(listing, "Content-Type", "text/html; charset=utf-8", "Cache-Control", "no-cache");
        String page = new String(listing.content(), UTF_8);
        assertFalse(page.contains("<b>"), page);
        assertFalse(page.contains("hidden") || page.contains("<script") || page.contains("style="), page);

        List<String> found = new ArrayList<>();
        Matcher links = Pattern.compile("href=\"([^\"]*)\"").matcher(page);
        while (links.find()) {
            String link = links.group(1).replace("&amp;", "&").replace("&#39;", "'");
            assertTrue(link.startsWith("../") || link.matches("(\\./)?[^:/?#<>]*/?"), "no relative reference: " + link);
            HttpReply target = got("/m/list/" + link);
            assertEquals(200, target.status(), link);
            found.add(target.text().lines().findFirst().orElseThrow());
        }
        assertEquals(8, found.size(), page);
        for (String name : List.of("a.txt", "B.txt", "<b>&'.txt", "50%.txt", "a#b?.txt", "x:y;z.txt")) {
            assertTrue(found.contains("the content of list/" + name), name + " is not linked: " + found);
        }
        assertEquals(301, got("/m/list").status());
        assertFalse(got("/m/").text().contains("href=\"../\""), "no way up from the root");
        assertFalse(got("/m/").text().contains(".well-known"));
        assertTrue(got("/m/list/sub/").text().contains("href=\"../\""));
        assertEquals(404, got("/m/.git/").status());
    }

    // ---- what is not there

    @ParameterizedTest
    @EnumSource
    void whatIsHiddenIsNotThere(FilesSource source) throws IOException {
        serve(Router.builder().mount("/all", site(source).hiddenFiles(true).build())
                .mount("/", site(source).listings(true).build()).build());

        assertArrayEquals(content("/.well-known/security.txt"), got("/.well-known/security.txt").content());
        HttpReply missing = got("/missing");
        for (String target : List.of("/.hidden", "/.git/config", "/.git", "/.git/", "/list/.hidden", "/%2ehidden",
                "/.well-known/.hidden", "/list/.well-known")) {
            HttpReply reply = got(target);
            assertEquals(404, reply.status(), target);
            assertEquals(lasting(missing), lasting(reply), target);
            assertArrayEquals(missing.content(), reply.content(), target);
        }
        assertArrayEquals(content("/.hidden"), got("/all/.hidden").content());
        assertArrayEquals(content("/.git/config"), got("/all/.git/config").content());
    }

    @ParameterizedTest
    @EnumSource
    void thePageFor404ComesWithEach404AndHasNoConditionsNorRanges(FilesSource source) throws IOException {
        serve(site(source).notFoundPage("/404.html"));
        for (String condition : List.of("X-None: x", "If-None-Match: *", "If-Match: *", "If-Match: \"x\"",
                "Range: bytes=0-1", "If-Modified-Since: " + LATER, "If-Unmodified-Since: " + EARLIER)) {
            HttpReply reply = got("/no/such/page?x", condition);

            assertEquals(404, reply.status(), condition);
            assertArrayEquals(content("/404.html"), reply.content());
            assertFields(reply, "Content-Type", "text/html; charset=utf-8", "ETag", null, "Last-Modified", null,
                    "Cache-Control", "no-cache", "Accept-Ranges", null);
        }
        assertEquals(200, got("/404.html").status());
    }

    @ParameterizedTest
    @EnumSource
    void theFallbackAnswersForPagesAndNotForFiles(FilesSource source) throws IOException {
        serve(site(source).fallback("/fallback.html").notFoundPage("/404.html"));

        for (String target : List.of("/users/17", "/users/", "/hello", "/x?y.z", "/list", "/v1.2/x")) {
            HttpReply reply = got(target);
            assertEquals(200, reply.status(), target);
            assertArrayEquals(content("/fallback.html"), reply.content(), target);
            assertEquals(304, got(target, "If-None-Match: " + reply.first("ETag")).status(), target);
        }
        for (String target : List.of("/users/17.js", "/.hidden", "/.hidden.d/x", "/users/a.b.c")) {
            HttpReply reply = got(target);
            assertEquals(404, reply.status(), target);
            assertArrayEquals(content("/404.html"), reply.content(), target);
        }
        assertArrayEquals(content("/docs/index.html"), got("/docs/").content());
    }

    @Test
    void aPageThatIsNotThereIsToldAtTheStart() throws IOException {
        StaticFiles.Builder files = site(FilesSource.DIRECTORY).notFoundPage("/nowhere.html");

        IllegalArgumentException e = org.junit.jupiter.api.Assertions.assertThrows(IllegalArgumentException.class,
                files::build);

        assertTrue(e.getMessage().contains("/nowhere.html"), e.getMessage());
    }

    // ---- on a connection, beside others, in every place

    @ParameterizedTest
    @EnumSource
    void rule61_pipelinedRequestsAreAnsweredInOrder(FilesSource source) throws IOException {
        StaticFiles files = site(source).cacheBytes(40_000).build();
        serve(Router.builder().get("/loop", Handler.nonBlocking(request -> Response.text("loop")))
                .mount("/", files).build());
        List<String> targets = List.of(SMALL, LARGE, "/missing", "/empty.txt", "/docs", "/large.js", "/loop", "/docs/",
                LARGE, LARGE, SMALL, "/one.txt", "/x/%2e%2e/", "/index.html");
        HttpWire wire = connect();
        StringBuilder all = new StringBuilder();
        for (int round = 0; round < 8; round++) {
            targets.forEach(target -> all.append(get(target)));
            all.append(request("HEAD", LARGE)).append(get(LARGE, "Range: bytes=5-9,100-109"))
                    .append(get(SMALL, "Range: bytes=-3"));
        }
        wire.send(all.toString());
        for (int round = 0; round < 8; round++) {
            for (String target : targets) {
                HttpReply reply = wire.read("GET");
                String file = target.equals("/docs/") ? "/docs/index.html" : target.equals("/x/%2e%2e/") ? "/index.html"
                        : target;
                switch (target) {
                    case "/missing" -> assertEquals(404, reply.status());
                    case "/docs" -> assertEquals(301, reply.status());
                    case "/loop" -> assertEquals("loop", reply.text());
                    default -> assertArrayEquals(content(file), reply.content(), target + " " + reply);
                }
            }
            assertEquals(200, wire.read("HEAD").status());
            FilesByteRanges.assertParts(wire.read("GET"), content(LARGE), "application/octet-stream",
                    new long[] {5, 9}, new long[] {100, 109});
            assertEquals("xyz", wire.read("GET").text());
        }
    }

    @ParameterizedTest
    @EnumSource
    void itIsTheSameAloneMountedBehindAFilterAndNonBlocking(FilesSource source) throws IOException {
        StaticFiles files = site(source).recheckAfter(Duration.ZERO).build();
        List<Handler> handlers = List.of(files, Router.builder().mount("/", files).build(),
                Router.builder().filter((request, next) -> next.handle(request)).mount("/", files).build(),
                Handler.nonBlocking(files));
        String tag = null;
        for (Handler handler : handlers) {
            serve(handler);
            HttpReply reply = got(SMALL);
            assertArrayEquals(content(SMALL), reply.content());
            assertTrue(tag == null || tag.equals(reply.first("ETag")));
            tag = reply.first("ETag");
            assertArrayEquals(content(LARGE), got(LARGE).content());
            assertEquals(404, got("/missing").status());
        }
    }

    @Test
    void oneHandlerServesSeveralServersAtOnceAndTheTagOfContentIsThatOfTheContent() throws IOException {
        String tag = null;
        for (FilesSource source : FilesSource.values()) {
            serve(site(source));
            String other = tag(SMALL);
            assertTrue(tag == null || tag.equals(other), "small files have the same tag wherever they come from");
            tag = other;
        }
        assertNotEquals(tag, tag("/one.txt"));
    }

    @ParameterizedTest
    @EnumSource
    void cacheControlIsByPattern(FilesSource source) throws IOException {
        serve(site(source).immutableHashedNames("/assets/**").cacheControl("*.html", "max-age=60")
                .cacheControl("/list/**", "").cleanUrls(true));

        assertFields(got("/assets/app-BxQ7kD2f.css"), "Cache-Control", "public, max-age=31536000, immutable");
        assertFields(got("/assets/app-BxQ7kD2f.css", "If-None-Match: *"), "Cache-Control",
                "public, max-age=31536000, immutable");
        assertFields(got("/"), "Cache-Control", "max-age=60");
        assertFields(got("/guide"), "Cache-Control", "max-age=60");
        assertFields(got("/docs/page.html"), "Cache-Control", "max-age=60");
        assertFields(got("/list/a.txt"), "Cache-Control", null);
        assertFields(got(SMALL), "Cache-Control", "no-cache");
    }
}
