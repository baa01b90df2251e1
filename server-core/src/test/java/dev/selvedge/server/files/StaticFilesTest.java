package dev.selvedge.server.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvedge.server.Request;
import dev.selvedge.server.Response;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.time.InstantSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StaticFilesTest {

    private static final long PATIENCE_NANOS = 20_000_000_000L;
    private static final Instant LONG_AGO = Instant.parse("2020-02-02T02:02:02.5Z");
    private static final byte[] LARGE = "0123456789abcdef".repeat(8 << 10).getBytes(UTF_8);

    @TempDir
    private Path site;

    @BeforeEach
    void aSite() throws IOException {
        write("index.html", "home");
        write("404.html", "nothing here");
        write("docs/index.html", "docs");
        write("guide.html", "guide");
        write("style.css", "p{}");
        writeOld(site.resolve("large.bin"), LARGE);
    }

    // ---- what a response says

    @Test
    void aSmallFile() throws Exception {
        Response response = get(files(), "/style.css");

        assertEquals(200, response.status());
        assertEquals("p{}", response.bodyText());
        assertEquals("text/css; charset=utf-8", field(response, "Content-Type"));
        assertEquals("Sun, 02 Feb 2020 02:02:02 GMT", field(response, "Last-Modified"));
        assertEquals("no-cache", field(response, "Cache-Control"));
        assertEquals("nosniff", field(response, "X-Content-Type-Options"));
        assertEquals("bytes", field(response, "Accept-Ranges"));
        assertTrue(field(response, "ETag").matches("\"[\\w-]{20}\""), field(response, "ETag"));
        assertFalse(response.headers().contains("Vary"), "there is nothing else to choose");
    }

    @Test
    void aLargeFile() throws Exception {
        awaitSteadiness();
        Response response = get(files(), "/large.bin");

        assertEquals(200, response.status());
        assertArrayEquals(LARGE, response.bodyBytes());
        assertEquals("application/octet-stream", field(response, "Content-Type"));
        assertTrue(field(response, "ETag").startsWith("\"20000-"), field(response, "ETag"));
    }

    @Test
    void notModifiedSaysWhatACacheHasToKnowAndNoMore() throws Exception {
        Response whole = get(files(), "/style.css");
        Response response = get(files(), "/style.css", "If-None-Match", field(whole, "ETag"));

        assertEquals(304, response.status());
        assertEquals(field(whole, "ETag"), field(response, "ETag"));
        assertEquals("no-cache", field(response, "Cache-Control"));
        assertFalse(response.headers().contains("Last-Modified"));
        assertFalse(response.headers().contains("Content-Type"));
    }

    @Test
    void theTagOfASmallFileIsThatOfItsContent() throws Exception {
        write("copy.css", "p{}");
        String tag = field(get(files(), "/style.css"), "ETag");

        assertEquals(tag, field(get(files(), "/copy.css"), "ETag"));
        write("style.css", "b{}");
        assertNotEquals(tag, field(get(files(), "/style.css"), "ETag"));
    }

    @Test
    void theTagOfALargeFileThatWasJustWrittenIsWeak() throws Exception {
        awaitSteadiness();
        long end = System.nanoTime() + PATIENCE_NANOS;
        do {    // the first look may come late
            assertTrue(System.nanoTime() < end, "the tag of a large file never is weak");
            Files.write(site.resolve("large.bin"), LARGE);
        } while (!isWeak("/large.bin"));
    }

    @Test
    void aFileThatWasJustWrittenHasADate() throws Exception {
        Files.writeString(site.resolve("new.css"), "p{}");
        assertTrue(get(files(), "/new.css").headers().contains("Last-Modified"));
    }

    /** RFC 9110 §8.8.2.1. */
    @Test
    void aFileFromTheFutureWasModifiedNow() throws Exception {
        Files.setLastModifiedTime(site.resolve("style.css"), FileTime.from(Instant.now().plusSeconds(86_400)));
        long before = Instant.now().getEpochSecond();
        long said = HttpDate.parse(field(get(files(), "/style.css"), "Last-Modified"), InstantSource.system());

        assertTrue(said >= before && said <= Instant.now().getEpochSecond(), said + " is not now, " + before);
    }

    @Test
    void theTagOfALargeFileTellsThatItWasWrittenInPlaceAndItsTimeSetBack() throws Exception {
        String tag = field(get(files(), "/large.bin"), "ETag").replace("W/", "");
        byte[] other = LARGE.clone();
        other[7] = 'x';
        Files.write(site.resolve("large.bin"), other);
        Files.setLastModifiedTime(site.resolve("large.bin"), FileTime.from(LONG_AGO));

        assertNotEquals(tag, field(get(files(), "/large.bin"), "ETag").replace("W/", ""));
    }

    @Test
    void severalPartsOfWhatIsEncodedAreTheWhole() throws Exception {
        write("style.css.gz", "not in truth compressed");
        StaticFiles files = builder().precompressed(true).build();

        assertEquals(206, get(files, "/style.css", "Accept-Encoding", "gzip", "Range", "bytes=1-2").status());
        Response several = get(files, "/style.css", "Accept-Encoding", "gzip", "Range", "bytes=1-2,4-5");
        assertEquals(200, several.status());
        assertEquals("gzip", field(several, "Content-Encoding"));
    }

    @Test
    void aDateThatSaysNothingIsLeftOut() throws Exception {
        Files.setLastModifiedTime(site.resolve("style.css"), FileTime.from(Instant.parse("1980-01-01T00:00:00Z")));
        assertFalse(get(files(), "/style.css").headers().contains("Last-Modified"));
    }

    @Test
    void partsAreOfBothKinds() throws Exception {
        Response one = get(files(), "/large.bin", "Range", "bytes=16-19");
        assertEquals(206, one.status());
        assertEquals("0123", one.bodyText());
        assertEquals("bytes 16-19/131072", field(one, "Content-Range"));

        Response two = get(files(), "/large.bin", "Range", "bytes=0-1,-2");
        assertEquals(206, two.status());
        assertTrue(field(two, "Content-Type").startsWith("multipart/byteranges; boundary="));
        assertEquals(two.bodyLength(), two.bodyBytes().length);
        assertTrue(two.bodyText().contains("Content-Range: bytes 131070-131071/131072\r\n\r\nef\r\n"), two.bodyText());

        Response rest = get(files(), "/style.css", "Range", "bytes=1-", "If-Range", field(get(files(), "/style.css"), "ETag"));
        assertEquals(206, rest.status());
        assertFalse(rest.headers().contains("Last-Modified"), "the client has it with the other part");
        assertFalse(rest.headers().contains("Content-Type"));
        assertTrue(rest.headers().contains("ETag"));

        Response none = get(files(), "/style.css", "Range", "bytes=3-");
        assertEquals(416, none.status());
        assertEquals("bytes */3", field(none, "Content-Range"));
        assertFalse(none.headers().contains("ETag"), "its text is no representation of the file");
    }

    // ---- what is found

    @Test
    void aDirectoryIsItsIndexAndBelongsBehindASlash() throws Exception {
        assertEquals("docs", get(files(), "/docs/").bodyText());

        Response moved = get(files(), "/docs?a=b");
        assertEquals(301, moved.status());
        assertEquals("./docs/?a=b", field(moved, "Location"));
    }

    @Test
    void cleanUrls() throws Exception {
        assertEquals(404, get(files(), "/guide").status());
        assertEquals("guide", get(builder().cleanUrls(true).build(), "/guide").bodyText());
    }

    @Test
    void aFallbackStandsForPagesAndNotForFiles() throws Exception {
        StaticFiles files = builder().fallback("/index.html").notFoundPage("/404.html").build();

        Response page = get(files, "/users/7");
        assertEquals(200, page.status());
        assertEquals("home", page.bodyText());
        assertTrue(page.headers().contains("ETag"));
        for (String refused : List.of("/app.js", "/.git/config", "/.git", "//x", "/a%2Fb", "/a%5Cb", "/a%00")) {
            assertEquals(404, get(files, refused).status(), refused);
        }
        assertEquals(200, get(files, "/users/john.doe/settings").status());
    }

    @Test
    void aFallbackIsKeptAsAnyOther() throws Exception {
        awaitSteadiness();
        StaticFiles files = builder().fallback("/large.bin").recheckAfter(Duration.ofDays(1)).build();
        assertEquals(LARGE.length, get(files, "/users/7").bodyLength());

        write("large.bin", "small");    // what was looked up is old, and may be for a day
        assertEquals(LARGE.length, get(files, "/users/7").bodyLength());
    }

    @Test
    void theNotFoundPageHasNoValidators() throws Exception {
        Response response = get(builder().notFoundPage("/404.html").build(), "/none", "If-None-Match", "*");

        assertEquals(404, response.status());
        assertEquals("nothing here", response.bodyText());
        assertEquals("text/html; charset=utf-8", field(response, "Content-Type"));
        assertFalse(response.headers().contains("ETag"));
        assertFalse(response.headers().contains("Last-Modified"));
        assertEquals("no-cache", field(response, "Cache-Control"));
    }

    @Test
    void pagesThatAreNotThereAreAnErrorAtOnce() {
        assertEquals("the notFoundPage /none.html is not among the files",
                assertThrows(IllegalArgumentException.class, () -> builder().notFoundPage("/none.html").build())
                        .getMessage());
        assertThrows(IllegalArgumentException.class, () -> builder().fallback("index.html"));
        assertThrows(IllegalArgumentException.class, () -> StaticFiles.of(site.resolve("none")));
        assertThrows(IllegalArgumentException.class, () -> StaticFiles.of(site.resolve("style.css")));
    }

    @Test
    void onlyReadingIsAllowed() throws Exception {
        Response refused = files().handle(Request.builder("DELETE", "/style.css").build());
        assertEquals(405, refused.status());
        assertEquals("GET, HEAD, OPTIONS", field(refused, "Allow"));

        Response options = files().handle(Request.builder("OPTIONS", "*").build());
        assertEquals(204, options.status());
        assertEquals("GET, HEAD, OPTIONS", field(options, "Allow"));
    }

    @Test
    void everyResponseHasTheHeaderLinesOfAll() throws Exception {
        StaticFiles files = builder().listings(true).header("Referrer-Policy", "same-origin").build();
        Files.createDirectories(site.resolve("bare"));

        for (String path : new String[] {"/style.css", "/docs", "/bare/", "/none"}) {
            assertEquals("same-origin", field(get(files, path), "Referrer-Policy"), path);
            assertEquals("nosniff", field(get(files, path), "X-Content-Type-Options"), path);
        }
        for (String method : new String[] {"OPTIONS", "DELETE"}) {
            Response response = files.handle(Request.builder(method, "/style.css").build());
            assertEquals("same-origin", field(response, "Referrer-Policy"), method);
        }
        for (Response response : new Response[] {get(files, "/style.css", "If-Match", "\"x\""),
                get(files, "/style.css", "If-None-Match", "*"), get(files, "/style.css", "Range", "bytes=9-")}) {
            assertEquals("same-origin", field(response, "Referrer-Policy"), "" + response);
        }
    }

    /** Else a cache would give what is compressed to those who can't read it. */
    @Test
    void whatTheApplicationVariesWithIsJoinedWithWhatFilesVaryWith() throws Exception {
        write("style.css.gz", "compressed");
        StaticFiles files = builder().precompressed(true).notFoundPage("/style.css").header("vary", "Origin").build();

        assertEquals("Accept-Encoding, Origin", field(get(files, "/style.css"), "Vary"));
        assertEquals("Accept-Encoding, Origin", field(get(files, "/style.css", "Range", "bytes=1-1"), "Vary"));
        assertEquals("Accept-Encoding, Origin", field(get(files, "/style.css", "If-None-Match", "*"), "Vary"));
        assertEquals("Accept-Encoding, Origin", field(get(files, "/none"), "Vary"));
        assertEquals("Origin", field(get(files, "/index.html"), "Vary"));
    }

    @Test
    void whatDependsOnTheFileIsNoHeaderLineOfAll() {
        for (String name : new String[] {"ETag", "content-encoding", "Content-Type", "Cache-Control", "Last-Modified"}) {
            assertThrows(IllegalArgumentException.class, () -> builder().header(name, "x"), name);
        }
    }

    /** A list that is the same as before is not sent again, and nobody takes one for another. */
    @Test
    void aListingHasATagOfItsOwn() throws Exception {
        StaticFiles files = builder().indexFiles().listings(true).build();
        Response whole = get(files, "/docs/");
        String tag = field(whole, "ETag");

        assertEquals("no-cache", field(whole, "Cache-Control"));
        assertEquals("text/html; charset=utf-8", field(whole, "Content-Type"));
        assertEquals(304, get(files, "/docs/", "If-None-Match", tag).status());
        assertEquals(412, get(files, "/docs/", "If-Match", "\"another\"").status());
        write("docs/more.html", "more");
        Response other = get(files, "/docs/", "If-None-Match", tag);
        assertEquals(200, other.status());
        assertNotEquals(tag, field(other, "ETag"));
    }

    @Test
    void pagesAreNamedAsInAUrl() throws Exception {
        write("caf\u00e9 100%.html", "sorry");
        StaticFiles files = builder().notFoundPage("/caf%c3%a9%20100%25.html").build();

        assertEquals("sorry", get(files, "/none").bodyText());
        assertThrows(IllegalArgumentException.class, () -> builder().notFoundPage("/caf\u00e9 100%.html"));
    }

    // ---- the event loop

    @Test
    void whatWasLookedUpIsAnsweredAtOnceForAWhile() throws Exception {
        awaitSteadiness();
        StaticFiles files = builder().recheckAfter(Duration.ofDays(1)).build();
        assertNull(files.tryHandle(request("/style.css")));
        get(files, "/style.css");

        Files.delete(site.resolve("style.css"));
        assertEquals("p{}", files.tryHandle(request("/style.css")).bodyText());
        assertNull(files.tryHandle(request("/none")), "what is missing is looked for each time");
        assertNotNull(files.tryHandle(Request.builder("PUT", "/style.css").build()), "a refusal needs no look");
    }

    @Test
    void withoutPatienceEveryRequestIsLookedUp() throws Exception {
        StaticFiles files = files();
        get(files, "/style.css");

        assertNull(files.tryHandle(request("/style.css")));
        write("style.css", "b{}");
        assertEquals("b{}", get(files, "/style.css").bodyText());
        Files.delete(site.resolve("style.css"));
        assertEquals(404, get(files, "/style.css").status());
    }

    /** Same size, same time: only the inode, or for those that are written in place the time of the change, tells. */
    @Test
    void aFileThatLooksTheSameIsReadAgain() throws Exception {
        StaticFiles files = files();
        assertEquals("p{}", get(files, "/style.css").bodyText());

        writeOld(site.resolve("new.css"), "b{}".getBytes(UTF_8));
        Files.move(site.resolve("new.css"), site.resolve("style.css"),
                StandardCopyOption.REPLACE_EXISTING);

        assertEquals("b{}", get(files, "/style.css").bodyText());
    }

    /** Looks until nothing of the site was written within a tick of the clock. */
    private void awaitSteadiness() throws Exception {
        for (long end = System.nanoTime() + PATIENCE_NANOS; isWeak("/large.bin"); Thread.onSpinWait()) {
            assertTrue(System.nanoTime() < end, "the tag of a large file stays weak");
        }
    }

    private boolean isWeak(String path) throws Exception {
        return field(get(files(), path), "ETag").startsWith("W/");
    }

    private StaticFiles.Builder builder() {
        return StaticFiles.builder(site).recheckAfter(Duration.ZERO);
    }

    private StaticFiles files() {
        return builder().build();
    }

    private static Request request(String path, String... fields) {
        Request.Builder builder = Request.builder("GET", path);
        for (int i = 0; i < fields.length; i += 2) {
            builder.header(fields[i], fields[i + 1]);
        }
        return builder.build();
    }

    private static Response get(StaticFiles files, String path, String... fields) throws Exception {
        return files.handle(request(path, fields));
    }

    private static String field(Response response, String name) {
        return response.headers().first(name).orElseThrow(() -> new AssertionError(name + " is missing: " + response));
    }

    private void write(String name, String content) throws IOException {
        Path file = site.resolve(name);
        Files.createDirectories(file.getParent());
        writeOld(file, content.getBytes(UTF_8));
    }

    private static void writeOld(Path file, byte[] content) throws IOException {
        Files.write(file, content);
        Files.setLastModifiedTime(file, FileTime.from(LONG_AGO));
    }
}
