package dev.selvedge.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvedge.clients.Chromium;
import dev.selvedge.clients.Chromium.Got;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A browser visits the site: nothing is missing, nothing is complained about, and nothing is sent twice. */
class SiteInChromiumTest {

    private static final List<String> PAGES = List.of("/", "/start", "/guide", "/files", "/fake", "/inside", "/live");
    private static final Pattern REQUEST = Pattern.compile("\"path\":\"([^\"]*)\",\"status\":(\\d+)");

    /** Below it, a text is not worth being compressed. */
    private static final int SMALL = 1024;

    @TempDir
    private static Path profile;

    @AutoClose
    private static Chromium browser;

    /** Has an address of its own for each test, and so the browser has kept nothing of it. */
    @AutoClose
    private final Site site = Site.start(0);

    private int pings;

    @BeforeAll
    static void start() throws IOException {
        browser = Chromium.start(profile);
    }

    @BeforeEach
    void leave() {
        browser.leave();
    }

    @Test
    void everythingArrivesWithTheFieldsThatMakeItFastAndSafe() {
        for (String path : PAGES) {
            browser.open(site.uri().resolve(path));

            assertEquals(path, browser.evaluate("location.pathname"));
            assertFalse(browser.evaluate("getComputedStyle(document.body).fontFamily").isEmpty());
        }
        List<Got> responses = browser.responses().stream().filter(got -> !got.type().equals("EventSource")).toList();

        assertEquals(List.of(), browser.complaints());
        assertEquals(PAGES.size(), responses.stream().filter(got -> got.type().equals("Document")).count());
        for (Got got : responses) {
            assertEquals(200, got.status(), got.toString());
            assertEquals(site.uri().getAuthority(), got.url().getAuthority(), got.toString());
            assertEquals("nosniff", got.header("X-Content-Type-Options"), got.toString());
            assertTrue(got.header("Content-Security-Policy").startsWith("default-src 'self'"), got.toString());
            assertFalse(got.header("ETag").isEmpty(), got.toString());
            assertEquals(got.type().equals("Document") ? "no-cache" : "public, max-age=31536000, immutable",
                    got.header("Cache-Control"), got.toString());
            assertTrue(got.header("Content-Encoding").equals("gzip")
                    || Integer.parseInt(got.header("Content-Length")) < SMALL, got.toString());
        }
    }

    @Test
    void assetsAreAskedForOnceAndPagesAreNotSentAgain() throws Exception {
        browser.open(site.uri().resolve("/guide"));
        browser.open(site.uri().resolve("/start"));
        browser.reload();
        browser.open(site.uri().resolve("/guide"));

        // Without the icon, which browsers fetch whenever they like, and also twice.
        Map<Boolean, List<String>> requests = requests().stream().filter(request -> !request.startsWith("/favicon"))
                .collect(Collectors.partitioningBy(request -> request.matches(".*\\.[0-9a-f]{16}\\..*")));
        List<String> assets = requests.get(true);
        assertEquals(List.of("/guide 200", "/start 200", "/start 304", "/guide 304"), requests.get(false));
        assertTrue(assets.stream().anyMatch(asset -> asset.matches("/style\\..*\\.css 200")), assets.toString());
        assertEquals(Set.copyOf(assets).size(), assets.size(), assets.toString());
    }

    @Test
    void theLivePageShowsWhatHappens() {
        browser.open(site.uri().resolve("/live"));

        assertEquals("The stream is open.", browser.evaluate("""
                new Promise(resolve => {
                  const look = () => state.classList.contains('open') && resolve(state.textContent);
                  new MutationObserver(look).observe(state, { attributes: true });
                  look();
                })"""));
        assertEquals("true", browser.evaluate("""
                new Promise(resolve => {
                  new MutationObserver(() => rows.textContent.includes('GET /live/ping') && resolve('true'))
                      .observe(rows, { childList: true });
                  document.querySelector('[data-path="/live/ping"]').click();
                })"""));
        assertEquals(List.of(), browser.complaints());
    }

    @Test
    void whatIsNotThereIsAPageWithItsStyle() {
        browser.open(site.uri().resolve("/no/such/page"));

        List<Got> responses = browser.responses();
        assertEquals(404, responses.getFirst().status());
        assertTrue(responses.stream().skip(1).allMatch(got -> got.status() == 200), responses.toString());
        assertEquals("A loose end", browser.evaluate("document.querySelector('h1').textContent"));
    }

    /** Returns what the server has answered so far, but for the live page itself, whose stream tells it. */
    private List<String> requests() throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<InputStream> stream = client.send(
                    HttpRequest.newBuilder(site.uri().resolve("/live/events")).build(), BodyHandlers.ofInputStream());
            URI end = site.uri().resolve("/live/ping?end");
            try (BufferedReader lines = new BufferedReader(new InputStreamReader(stream.body(), UTF_8))) {
                client.send(HttpRequest.newBuilder(end).build(), BodyHandlers.discarding());
                pings++;
                List<String> requests = new ArrayList<>();
                for (int seen = 0; seen < pings;) {
                    Matcher request = REQUEST.matcher(lines.readLine());
                    if (request.find()) {
                        requests.add(request.group(1) + ' ' + request.group(2));
                        seen += request.group(1).equals("/live/ping") ? 1 : 0;
                    }
                }
                return requests.stream().filter(request -> !request.startsWith("/live/")).toList();
            }
        }
    }
}
