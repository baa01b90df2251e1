package dev.selvedge.build;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the build makes of a site. */
class PackSiteTest {

    private static final String STYLE = "body { color: black }\n".repeat(100);
    private static final String HASHED = "style.37d85a84b212fe04.css";

    @TempDir
    private Path sources;

    @TempDir
    private Path site;

    @BeforeEach
    void write() throws IOException {
        Files.writeString(sources.resolve("index.html"), "<link href=\"/style.css\"><code>\"/style.css\"</code>");
        Files.writeString(sources.resolve("style.css"), STYLE);
        Files.createDirectories(sources.resolve("img"));
        Files.writeString(sources.resolve("img/dot.svg"), "<svg/>");
    }

    @Test
    void assetsAreThereByBothNamesAndWhatIsMuchSmallerIsCompressed() throws IOException {
        PackSite.main(sources.toString(), site.toString());

        assertEquals(Set.of("index.html", "style.css", "style.css.gz", HASHED, HASHED + ".gz", "img/dot.svg",
                "img/dot.d4dc56669143034f.svg"), names());
        assertEquals(STYLE, Files.readString(site.resolve(HASHED)));
        assertArrayEquals(STYLE.getBytes(), new GZIPInputStream(new ByteArrayInputStream(
                Files.readAllBytes(site.resolve(HASHED + ".gz")))).readAllBytes());
    }

    @Test
    void pagesAskForHashedNamesAndTheirTextStaysAsItIs() throws IOException {
        PackSite.main(sources.toString(), site.toString());

        assertEquals("<link href=\"/" + HASHED + "\"><code>\"/style.css\"</code>",
                Files.readString(site.resolve("index.html")));
    }

    @Test
    void whatIsNoLongerMadeIsGoneAndTheRestIsTheSameAgain() throws IOException {
        PackSite.main(sources.toString(), site.toString());
        Set<String> first = names();
        String page = Files.readString(site.resolve("index.html"));
        Files.writeString(site.resolve("old.css"), "");

        PackSite.main(sources.toString(), site.toString());

        assertEquals(first, names());
        assertEquals(page, Files.readString(site.resolve("index.html")));
    }

    /** Or a cache that knows only the time of a page would keep it although it asks for another style sheet now. */
    @Test
    void everythingIsAsNewAsTheNewestSource() throws IOException {
        FileTime newest = FileTime.from(Instant.parse("2040-01-01T00:00:00Z"));
        Files.setLastModifiedTime(sources.resolve("style.css"), newest);

        PackSite.main(sources.toString(), site.toString());

        for (String name : names()) {
            assertEquals(newest, Files.getLastModifiedTime(site.resolve(name)), name);
        }
    }

    private Set<String> names() throws IOException {
        try (Stream<Path> files = Files.walk(site)) {
            return files.filter(Files::isRegularFile).map(file -> site.relativize(file).toString().replace('\\', '/'))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }
}
