package dev.selvedge.examples;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The site from start to finish, over a socket. */
class SiteTest {

    private static final Pattern REFERENCE =
            Pattern.compile("\\b(?:href|src|action|srcset|poster|data-path)=\"([^\"]*)\"");
    private static final Pattern ID = Pattern.compile("\\bid=\"([^\"]*)\"");
    private static final Pattern LABELLED_BY = Pattern.compile("\\baria-labelledby=\"([^\"]*)\"");

    private static final Pattern THREAD = Pattern.compile("\"thread\":\"([^\"]*)\"");

    /** Where the build has put the site. */
    private static final Path FOLDER = folder();

    private static final Set<String> MEANT_TO_BE_MISSING = Set.of("/no/such/page", "/live/no-such-page");

    @AutoClose
    private final Site site = Site.start(0);

    private final HttpClient client = HttpClient.newHttpClient();

    @AfterEach
    void leave() {
        client.shutdownNow();
    }

    /**
     * A file of the site.
     *
     * @param path where it is found
     * @param file its name among the resources
     */
    private record Asset(String path, String file) {

        static Asset of(String file) {
            return new Asset(file.equals("index.html") ? "/" : "/" + file.replace(".html", ""), file);
        }

        boolean isPage() {
            return file.endsWith(".html");
        }

        boolean isImmutable() {
            return file.matches(".*\\.[0-9a-f]{16}\\..*");
        }
    }

    /** Everything that is there, but for what is the same compressed. */
    static Stream<Asset> assets() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.map(file -> file.getFileName().toString()).filter(file -> !file.endsWith(".gz")).sorted()
                    .map(Asset::of).toList().stream();
        }
    }

    static Stream<Asset> pages() throws IOException {
        return assets().filter(Asset::isPage);
    }

    // ---- what is served

    @ParameterizedTest
    @MethodSource("assets")
    void everyFileIsServedWithItsType(Asset asset) throws Exception {
        HttpResponse<String> response = get(asset.path());

        String type = switch (asset.file().substring(asset.file().lastIndexOf('.') + 1)) {
            case "html" -> "text/html; charset=utf-8";
            case "css" -> "text/css; charset=utf-8";
            case "js" -> "text/javascript; charset=utf-8";
            default -> "image/svg+xml";
        };
        assertEquals(200, response.statusCode());
        assertEquals(type, field(response, "Content-Type"));
        assertEquals("nosniff", field(response, "X-Content-Type-Options"));
        assertFalse(response.body().isBlank());
    }

    @ParameterizedTest
    @MethodSource("assets")
    void whatHasAHashInItsNameIsKeptForEverAndTheRestAskedForAgain(Asset asset) throws Exception {
        HttpResponse<String> response = get(asset.path());

        assertEquals(asset.isImmutable() ? "public, max-age=31536000, immutable" : "no-cache",
                field(response, "Cache-Control"));
        HttpResponse<String> again = get(asset.path(), "If-None-Match", field(response, "ETag"));
        assertEquals(304, again.statusCode());
        assertEquals(field(response, "ETag"), field(again, "ETag"));
    }

    @ParameterizedTest
    @MethodSource("assets")
    void whatIsLargeIsSentCompressed(Asset asset) throws Exception {
        byte[] plain = Files.readAllBytes(FOLDER.resolve(asset.file()));
        HttpRequest request = HttpRequest.newBuilder(site.uri().resolve(asset.path()))
                .header("Accept-Encoding", "gzip, deflate, br, zstd").build();
        HttpResponse<byte[]> response = client.send(request, BodyHandlers.ofByteArray());

        if (Files.exists(FOLDER.resolve(asset.file() + ".gz"))) {
            assertEquals("gzip", field(response, "Content-Encoding"));
            assertEquals("Accept-Encoding", field(response, "Vary"));
            assertTrue(response.body().length <= plain.length - 256);
            assertArrayEquals(plain, new GZIPInputStream(new ByteArrayInputStream(response.body())).readAllBytes());
        } else {
            assertTrue(plain.length < 1024, asset.file());
            assertArrayEquals(plain, response.body());
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void aPageAsksForAssetsOnlyByTheirHashedNames(Asset page) throws Exception {
        List<Asset> assets = assets().filter(asset -> !asset.isPage()).toList();

        for (String reference : all(REFERENCE, get(page.path()).body())) {
            assertTrue(assets.stream().noneMatch(asset -> asset.path().equals(reference) && !asset.isImmutable()),
                    reference);
        }
    }

    @Test
    void whatIsNamedWithItsSuffixIsThereToo() throws Exception {
        assertEquals(get("/guide").body(), get("/guide.html").body());
    }

    @Test
    void whatIsNotThereIsSaidByAPage() throws Exception {
        HttpResponse<String> response = get("/no/such/page");

        assertEquals(404, response.statusCode());
        assertEquals("text/html; charset=utf-8", field(response, "Content-Type"));
        assertTrue(field(response, "Content-Security-Policy").startsWith("default-src 'self';"));
        assertTrue(response.body().contains("There is no page at this address"));
    }

    @ParameterizedTest
    @MethodSource("pages")
    void everyReferenceLeadsSomewhereOnThisSite(Asset page) throws Exception {
        String html = get(page.path()).body();
        List<String> references = all(REFERENCE, html);

        assertTrue(references.stream().anyMatch(reference -> reference.matches("/style\\..*css"))
                && references.contains("/guide"), "the frame of the page is missing");
        URI self = site.uri().resolve(page.path());
        for (String reference : references) {
            URI target = self.resolve(reference);
            assertEquals(self.getAuthority(), target.getAuthority(), reference + " leads away from this site");
            HttpResponse<String> response = get(target.toString());
            assertEquals(MEANT_TO_BE_MISSING.contains(target.getPath()) ? 404 : 200, response.statusCode(), reference);
            assertTrue(target.getFragment() == null || all(ID, response.body()).contains(target.getFragment()),
                    reference + " has no target");
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void everyPageIsSoundForThoseWhoDontSeeIt(Asset page) throws Exception {
        String html = get(page.path()).body();
        List<String> ids = all(ID, html);

        assertEquals(List.copyOf(ids.stream().distinct().toList()), ids, "an id is there twice");
        assertTrue(html.contains("<html lang=\"en\">") && html.contains("<a class=\"skip\" href=\"#main\">"));
        assertEquals(1, html.split("<h1[ >]", -1).length - 1);
        assertEquals(html.split("<svg ", -1).length, html.split("<title id=", -1).length, "a drawing has no title");
        for (String labels : all(LABELLED_BY, html)) {
            assertTrue(ids.containsAll(List.of(labels.split(" "))), labels + " are not there");
        }
    }

    @Test
    void noFileAsksAnotherHostForAnything() throws Exception {
        for (Asset asset : assets().toList()) {
            HttpResponse<String> response = get(asset.path());
            String withoutNamespace = response.body().replace("xmlns=\"http://www.w3.org/2000/svg\"", "");

            assertFalse(withoutNamespace.contains("url(") || withoutNamespace.contains("@import")
                    || asset.file().endsWith(".js") && withoutNamespace.contains("//"), asset.file());
            assertTrue(field(response, "Content-Security-Policy").startsWith("default-src 'self';"));
        }
    }

    // ---- the live page

    @Test
    void theStreamTellsTheServerItsFiguresAndEachRequest() throws Exception {
        try (Events events = open()) {
            String server = events.next("server");
            String figures = events.next("figures");
            get("/guide?secret=1");
            String request = events.nextRequest("/guide");

            assertTrue(server.contains("\"transport\":\"epoll\"") || server.contains("\"transport\":\"nio\""), server);
            assertTrue(figures.matches("\\{\"loops\":[1-9]\\d*,\"open\":[1-9]\\d*,\"accepted\":[1-9]\\d*,"
                    + "\"answered\":[1-9]\\d*,\"refused\":0,\"viewers\":1}"), figures);
            assertTrue(request.contains("\"method\":\"GET\"") && request.contains("\"status\":200"), request);
            assertFalse(request.contains("secret"), "a query may be private: " + request);
        }
    }

    @Test
    void handlersThatBlockAreSeenOnVirtualThreads() throws Exception {
        try (Events events = open()) {
            get("/live/wait");

            assertTrue(events.nextRequest("/live/wait").contains("\"thread\":\"virtual threads\""));
        }
    }

    @Test
    void handlersThatDoNotAreSeenOnAnEventLoop() throws Exception {
        try (Events events = open()) {
            get("/live/ping");

            assertTrue(events.nextRequest("/live/ping").contains("\"thread\":\"selvedge-loop-"));
        }
    }

    @Test
    void aFileIsLookedUpOnAVirtualThreadAndThenSentFromTheEventLoop() throws Exception {
        try (Events events = open()) {
            get("/guide");
            assertTrue(events.nextRequest("/guide").contains("\"thread\":\"virtual threads\""));

            String thread = "virtual threads";
            while (thread.equals("virtual threads")) {      // if more than a second has passed; else the first time
                get("/guide");
                thread = THREAD.matcher(events.nextRequest("/guide")).results().findFirst().orElseThrow().group(1);
            }
            assertTrue(thread.startsWith("selvedge-loop-"), thread);
        }
    }

    @Test
    void whatIsNotFoundIsSeenToo() throws Exception {
        try (Events events = open()) {
            get("/%22no%22");

            assertTrue(events.nextRequest("/%22no%22").contains("\"status\":404"));
        }
    }

    @Test
    void manyViewersSeeTheSame() throws Exception {
        List<Events> viewers = new ArrayList<>();
        try {
            for (int i = 0; i < 50; i++) {
                viewers.add(open());
            }
            get("/inside");
            for (Events viewer : viewers) {
                assertTrue(viewer.nextRequest("/inside").contains("\"status\":200"));
            }
        } finally {
            for (Events viewer : viewers) {
                viewer.close();
            }
        }
    }

    @Test
    void theStreamOfAViewerWhoHasLeftEnds() throws Exception {
        Events events = open();
        events.next("server");
        assertEquals(1, site.viewers());

        events.close();

        while (site.viewers() > 0) {
            get("/live/ping"); // something to tell, so that the end is noticed; else the time limit of tests is
        }
    }

    @Test
    void streamsEndInOrderWhenTheSiteStops() throws Exception {
        try (Events events = open()) {
            events.next("server");

            site.close();

            assertNull(events.next("nothing more"));
        }
    }

    // ---- the program

    @Test
    void theProgramServesUntilItIsTerminatedAlsoWithAViewer() throws Exception {
        try (ExampleProgram program = ExampleProgram.start(Site.class)) {
            String announcement = program.announcement().getLast();
            assertTrue(announcement.matches(
                    "Site is at http://localhost:\\d+/ over (epoll|nio); press Ctrl-C to stop it"), announcement);

            try (Events events = open(program.uri())) {
                events.next("server");
                program.terminate();

                assertEquals(new ExampleProgram.Ending(ExampleProgram.STATUS_OF_SIGTERM, "", ""), program.awaitEnd());
                assertNull(events.next("nothing more"));
            }
        }
    }

    /** As an IDE does: it copies the resources, and knows nothing of what the build makes of them. */
    @Test
    void theProgramNeedsNothingThatTheBuildHasMade(@TempDir Path classes) throws Exception {
        Path copied = Files.createDirectories(classes.resolve("dev/selvedge/examples/site"));
        copy(FOLDER.getParent(), copied.getParent());
        copy(Path.of("src/main/resources/dev/selvedge/examples/site"), copied);
        String classPath = classes + File.pathSeparator + ExampleProgram.SERVER_ALONE;
        try (ExampleProgram program = ExampleProgram.start(List.of("-cp", classPath, ExampleProgram.NATIVE_ACCESS),
                Site.class)) {
            for (String path : List.of("/", "/guide", "/style.css", "/live.js", "/favicon.svg")) {
                URI uri = program.uri().resolve(path);
                HttpResponse<String> response =
                        client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
                assertEquals(200, response.statusCode(), path);
                assertEquals("no-cache", field(response, "Cache-Control"), path);
            }
        }
    }

    @Test
    void theProgramServesOutOfAJar(@TempDir Path directory) throws Exception {
        Path jar = directory.resolve("examples.jar");
        Path classes = FOLDER.resolve("../../../..").normalize();
        assertEquals(0, ToolProvider.findFirst("jar").orElseThrow().run(System.out, System.err,
                "--create", "--file", jar.toString(), "-C", classes.toString(), "."));
        String classPath = jar + File.pathSeparator + ExampleProgram.SERVER_ALONE;
        try (ExampleProgram program = ExampleProgram.start(List.of("-cp", classPath, ExampleProgram.NATIVE_ACCESS),
                Site.class)) {
            for (Asset asset : assets().toList()) {
                HttpRequest request = HttpRequest.newBuilder(program.uri().resolve(asset.path()))
                        .header("Accept-Encoding", "gzip").build();
                HttpResponse<byte[]> response = client.send(request, BodyHandlers.ofByteArray());
                Path compressed = FOLDER.resolve(asset.file() + ".gz");
                assertEquals(200, response.statusCode(), asset.path());
                assertEquals(asset.isImmutable(), field(response, "Cache-Control").contains("immutable"), asset.path());
                assertArrayEquals(
                        Files.readAllBytes(Files.exists(compressed) ? compressed : FOLDER.resolve(asset.file())),
                        response.body(), asset.path());
            }
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(from, Files::isRegularFile)) {
            for (Path file : files) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }

    @Test
    void aPortInUseIsSaidInOneLine() throws Exception {
        List<String> samePort = List.of("-cp", ExampleProgram.WHOLE_CLASS_PATH, ExampleProgram.NATIVE_ACCESS,
                "-Dport=" + site.uri().getPort());
        try (ExampleProgram program = ExampleProgram.launch(samePort, Site.class)) {
            ExampleProgram.Ending ending = program.awaitEnd();

            assertEquals(1, ending.status());
            assertTrue(ending.errors().startsWith("cannot listen on "), ending.errors());
            assertTrue(ending.errors().contains(String.valueOf(site.uri().getPort())), ending.errors());
            assertEquals(1, ending.errors().lines().count(), ending.errors());
        }
    }

    // ---- bench

    private static Path folder() {
        try {
            return Path.of(Site.class.getResource("site/index.html").toURI()).getParent();
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    private HttpResponse<String> get(String path, String... header) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(site.uri().resolve(path));
        if (header.length > 0) {
            request.headers(header);
        }
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private static String field(HttpResponse<?> response, String name) {
        return String.join(", ", response.headers().allValues(name));
    }

    private static List<String> all(Pattern pattern, String text) {
        return pattern.matcher(text).results().map((MatchResult match) -> match.group(1)).toList();
    }

    private Events open() throws Exception {
        return open(site.uri());
    }

    private Events open(URI root) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(root.resolve("/live/events")).build();
        HttpResponse<InputStream> response = client.send(request, BodyHandlers.ofInputStream());
        assertEquals(200, response.statusCode());
        assertEquals("text/event-stream", response.headers().firstValue("Content-Type").orElseThrow());
        return new Events(new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8)));
    }

    /**
     * Server-Sent Events as they come.
     *
     * @param lines the stream
     */
    private record Events(BufferedReader lines) implements AutoCloseable {

        /** Returns the data of the next event with a name, or null at the end of the stream. */
        String next(String name) throws IOException {
            boolean named = false;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (named && line.startsWith("data: ")) {
                    return line.substring("data: ".length());
                }
                named = line.equals("event: " + name);
            }
            return null;
        }

        String nextRequest(String path) throws IOException {
            String data = next("request");
            while (!data.contains("\"path\":\"" + path + "\"")) {
                data = next("request");
            }
            return data;
        }

        @Override
        public void close() throws IOException {
            lines.close();
        }
    }
}
