package dev.selvedge.server.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvedge.server.files.Listing.Item;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ListingTest {

    private static final Instant CHANGED = Instant.parse("2026-02-03T04:05:06.789Z");

    private static Item file(String name) {
        return new Item(name, false, 5, CHANGED);
    }

    private static Item directory(String name) {
        return new Item(name, true, 4096, CHANGED);
    }

    private static List<String> found(String expression, String text) {
        return Pattern.compile(expression).matcher(text).results().map(result -> result.group(1)).toList();
    }

    @Test
    void thePageIsThis() {
        assertEquals("""
                <!DOCTYPE html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width">
                <meta name="color-scheme" content="light dark">
                <title>Index of /docs/</title>
                </head>
                <body>
                <h1><bdi>Index of /docs/</bdi></h1>
                <p><a href="../">Parent directory</a></p>
                <table>
                <thead>
                <tr><th scope="col">Name</th><th scope="col">Size</th><th scope="col">Changed (UTC)</th></tr>
                </thead>
                <tbody>
                <tr><td><a href="img/"><bdi>img/</bdi></a></td><td></td><td>\
                <time datetime="2026-02-03T04:05:06Z">2026-02-03 04:05</time></td></tr>
                <tr><td><a href="a%20b.txt"><bdi>a b.txt</bdi></a></td><td>\
                <data value="1536">1.5 KiB</data></td><td></td></tr>
                </tbody>
                </table>
                </body>
                </html>
                """, Listing.page("/docs/", false, List.of(new Item("a b.txt", false, 1536, null), directory("img"))));
    }

    @Test
    void theRootHasNoParent() {
        assertFalse(Listing.page("/", true, List.of()).contains("<a "));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "a b", "a%20b", "a#b", "a?b", "a:b", "http://x", "javascript:alert(1)", "a&b",
        "<script>", "\"", "'", "\u00E9", "\uD83D\uDE00", "..a", "~", "a\\b", "a\nb", "a;b", "a+b", "\u202Etxt"})
    void aLinkLeadsToTheNameAndNowhereElse(String name) {
        String page = Listing.page("/x/", true, List.of(file(name)));
        URI there = URI.create("http://h/x/").resolve(found("href=\"([^\"]*)\"", page).getFirst());
        assertEquals("h", there.getHost());
        assertEquals("/x/" + name, there.getPath());
        assertEquals(null, there.getQuery());
        assertEquals(null, there.getFragment());
        String shown = found("<bdi>([^<]*)</bdi></a>", page).getFirst();
        assertEquals(name.replace('\n', '\uFFFD'), shown.replace("&lt;", "<").replace("&gt;", ">")
                .replace("&quot;", "\"").replace("&#39;", "'").replace("&amp;", "&"));
    }

    @Test
    void theTitleIsEscaped() {
        String page = Listing.page("/<b>&\"'\0/", true, List.of());
        assertEquals(2, found("(Index of /&lt;b&gt;&amp;&quot;&#39;\uFFFD/)<", page).size());
    }

    @Test
    void directoriesComeFirstThenNamesWithoutRegardToCase() {
        List<Item> items = Stream.concat(Stream.of("B", "a", "b").map(ListingTest::directory),
                Stream.of("A", "a", "a.b", "B", "b1", "Z", "_", "z", "\u00C9", "\u00E9", "\uE000", "\uD83D\uDE00")
                        .map(ListingTest::file)).toList();
        List<String> expected = List.of("a/", "B/", "b/", "_", "A", "a", "a.b", "B", "b1", "Z", "z", "\u00C9", "\u00E9",
                "\uE000", "\uD83D\uDE00");
        long seed = new Random().nextLong();
        List<Item> shuffled = new ArrayList<>(items);
        Collections.shuffle(shuffled, new Random(seed));
        String page = Listing.page("/", true, shuffled);
        assertEquals(expected, found("<bdi>([^<]*)</bdi></a>", page), "seed " + seed);
    }

    @ParameterizedTest
    @CsvSource({"0, 0 B", "1, 1 B", "1023, 1023 B", "1024, 1.0 KiB", "1536, 1.5 KiB", "10240, 10 KiB",
        "1048575, 1024 KiB", "1048576, 1.0 MiB", "5368709120, 5.0 GiB", "9223372036854775807, 8.0 EiB"})
    void aSizeIsShortAndExact(long bytes, String shown) {
        String page = Listing.page("/", true, List.of(new Item("a", false, bytes, null)));
        assertTrue(page.contains("<data value=\"" + bytes + "\">" + shown + "</data>"), page);
    }

    @Test
    void nothingInItNeedsMoreThanTheStrictestPolicy() {
        String page = Listing.page("/", false, List.of(file("a"), directory("b")));
        assertFalse(page.matches("(?is).*(<script|<style|<link|<img|style=| on[a-z]+=|javascript:).*"));
    }
}
