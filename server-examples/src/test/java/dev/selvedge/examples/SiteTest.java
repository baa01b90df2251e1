package dev.selvedge.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The site from start to finish, over a socket. */
class SiteTest {

    private static final Pattern REFERENCE =
            Pattern.compile("\\b(?:href|src|action|srcset|poster|data-path)=\"([^\"]*)\"");
    private static final Pattern ID = Pattern.compile("\\bid=\"([^\"]*)\"");
    private static final Pattern LABELLED_BY = Pattern.compile("\\baria-labelledby=\"([^\"]*)\"");

    private static final Set<String> MEANT_TO_BE_MISSING = Set.of("/no/such/page", "/live/no-such-page");

    @AutoClose
    private final Site site = Site.start(0);

    private final HttpClient client = HttpClient.newHttpClient();

    @AfterEach
    void leave() {
        client.shutdownNow();
    }

    static Stream<Site.Asset> assets() {
        return Site.ASSETS.stream();
    }

    static Stream<Site.Asset> pages() {
        return Stream.concat(assets(), Stream.of(new Site.Asset("/no/such/page", "404.html")))
                .filter(asset -> asset.file().endsWith(".html"));
    }

    // ---- what is served

    @ParameterizedTest
    @MethodSource("assets")
    void everyFileIsServedWithItsType(Site.Asset asset) throws Exception {
        HttpResponse<String> response = get(asset.path());

        String type = switch (asset.file().substring(asset.file().lastIndexOf('.') + 1)) {
            case "html" -> "text/html; charset=utf-8";
            case "css" -> "text/css; charset=utf-8";
            case "js" -> "text/javascript; charset=utf-8";
            default -> "image/svg+xml";
        };
        assertEquals(200, response.statusCode());
        assertEquals(type, response.headers().firstValue("Content-Type").orElseThrow());
        assertEquals("nosniff", response.headers().firstValue("X-Content-Type-Options").orElseThrow());
        assertFalse(response.body().isBlank());
    }

    @Test
    void whatIsNotThereIsSaidByAPage() throws Exception {
        HttpResponse<String> response = get("/no/such/page");

        assertEquals(404, response.statusCode());
        assertEquals("text/html; charset=utf-8", response.headers().firstValue("Content-Type").orElseThrow());
        assertTrue(response.body().contains("There is no page at this address"));
    }

    @ParameterizedTest
    @MethodSource("pages")
    void everyReferenceLeadsSomewhereOnThisSite(Site.Asset page) throws Exception {
        String html = get(page.path()).body();
        List<String> references = all(REFERENCE, html);

        assertTrue(references.containsAll(List.of("/style.css", "/guide")), "the frame of the page is missing");
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
    void everyPageIsSoundForThoseWhoDontSeeIt(Site.Asset page) throws Exception {
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
        for (Site.Asset asset : Site.ASSETS) {
            HttpResponse<String> response = get(asset.path());
            String withoutNamespace = response.body().replace("xmlns=\"http://www.w3.org/2000/svg\"", "");

            assertFalse(withoutNamespace.contains("url(") || withoutNamespace.contains("@import")
                    || asset.file().endsWith(".js") && withoutNamespace.contains("//"), asset.file());
            assertTrue(response.headers().firstValue("Content-Security-Policy").orElseThrow()
                    .startsWith("default-src 'self';"));
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
            assertTrue(request.contains("\"thread\":\"selvedge-loop-"), request);
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

    private HttpResponse<String> get(String path) throws Exception {
        return client.send(HttpRequest.newBuilder(site.uri().resolve(path)).build(), BodyHandlers.ofString());
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
