package dev.selvedge.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MediaTypesTest {

    private static final String UNKNOWN = "application/octet-stream";

    /** What browsers expect of a web site's files. */
    @ParameterizedTest
    @CsvSource({
        // Documents and data. HTML, WHATWG: text/html; RFC 8259: JSON has no charset.
        "html, text/html; charset=utf-8", "htm, text/html; charset=utf-8", "xhtml, application/xhtml+xml",
        "txt, text/plain; charset=utf-8", "md, text/markdown; charset=utf-8", "csv, text/csv; charset=utf-8",
        "tsv, text/tab-separated-values; charset=utf-8", "log, text/plain; charset=utf-8",
        "xml, application/xml", "xsl, application/xslt+xml", "rss, application/rss+xml", "atom, application/atom+xml",
        "json, application/json", "map, application/json", "jsonld, application/ld+json",
        "geojson, application/geo+json", "yaml, application/yaml", "yml, application/yaml",
        "toml, application/toml", "ics, text/calendar; charset=utf-8", "vcf, text/vcard; charset=utf-8",
        "pdf, application/pdf", "rtf, application/rtf", "epub, application/epub+zip",
        "odt, application/vnd.oasis.opendocument.text", "doc, application/msword", "xls, application/vnd.ms-excel",
        "docx, application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "xlsx, application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "pptx, application/vnd.openxmlformats-officedocument.presentationml.presentation",
        // Scripts, styles, modules. RFC 9239 and WHATWG: text/javascript; WebAssembly: exactly this, to be streamed.
        "js, text/javascript; charset=utf-8", "mjs, text/javascript; charset=utf-8",
        "cjs, text/javascript; charset=utf-8", "css, text/css; charset=utf-8", "wasm, application/wasm",
        "webmanifest, application/manifest+json", "importmap, application/importmap+json",
        // Images. MIME sniffing §6.1; the icon's registered type would do as well.
        "png, image/png", "apng, image/apng", "jpg, image/jpeg", "jpeg, image/jpeg", "gif, image/gif",
        "webp, image/webp", "avif, image/avif", "jxl, image/jxl", "heic, image/heic", "svg, image/svg+xml",
        "ico, image/x-icon", "cur, image/x-icon", "bmp, image/bmp", "tif, image/tiff", "tiff, image/tiff",
        // Fonts. RFC 8081.
        "woff2, font/woff2", "woff, font/woff", "ttf, font/ttf", "otf, font/otf", "ttc, font/collection",
        "eot, application/vnd.ms-fontobject",
        // Sound and video. MIME sniffing §6.2; RFC 9559 (Matroska); RFC 8216 (HLS), WebVTT §7.
        "mp3, audio/mpeg", "m4a, audio/mp4", "aac, audio/aac", "ogg, audio/ogg", "oga, audio/ogg", "opus, audio/ogg",
        "flac, audio/flac", "wav, audio/wav", "weba, audio/webm", "mid, audio/midi", "aiff, audio/aiff",
        "mp4, video/mp4", "m4v, video/mp4", "webm, video/webm", "ogv, video/ogg", "mkv, video/matroska",
        "mka, audio/matroska", "mov, video/quicktime", "avi, video/x-msvideo", "3gp, video/3gpp", "ts, video/mp2t",
        "m4s, video/iso.segment", "m3u8, application/vnd.apple.mpegurl", "mpd, application/dash+xml",
        "vtt, text/vtt; charset=utf-8", "srt, text/plain; charset=utf-8",
        // Models.
        "glb, model/gltf-binary", "gltf, model/gltf+json", "usdz, model/vnd.usdz+zip", "stl, model/stl",
        // Downloads.
        "zip, application/zip", "gz, application/gzip", "tgz, application/gzip", "svgz, application/gzip",
        "bz2, application/x-bzip2", "xz, application/x-xz", "zst, application/zstd", "7z, application/x-7z-compressed",
        "rar, application/vnd.rar", "tar, application/x-tar", "jar, application/java-archive",
        "apk, application/vnd.android.package-archive", "deb, application/vnd.debian.binary-package",
        "exe, application/vnd.microsoft.portable-executable", "iso, application/x-iso9660-image",
        "torrent, application/x-bittorrent", "asc, application/pgp-signature", "sha256, text/plain; charset=utf-8",
        "pkpass, application/vnd.apple.pkpass", "mobileconfig, application/x-apple-aspen-config",
        // Source.
        "java, text/plain; charset=utf-8", "sh, text/plain; charset=utf-8", "rs, text/plain; charset=utf-8",
        "sql, application/sql"})
    void aFileOfAWebSiteHasTheTypeThatBrowsersExpect(String extension, String type) {
        assertEquals(type, MediaTypes.standard().of("a." + extension));
    }

    @ParameterizedTest
    @CsvSource({"a.HTML, text/html; charset=utf-8", "a.b.Css, text/css; charset=utf-8", "/x.y/z.png, image/png",
        ".html, text/html; charset=utf-8", "a.tar.gz, application/gzip", "'a b.gif', image/gif"})
    void theLastExtensionCounts(String name, String type) {
        assertEquals(type, MediaTypes.standard().of(name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "a.", ".", "a.unheard-of", "/", "/x.png/a", "html", "a. html", "a.html "})
    void aNameThatSaysNothingHasTheTypeOfAnything(String name) {
        assertEquals(UNKNOWN, MediaTypes.standard().of(name));
    }

    @Test
    void anotherTableHasOwnTypesInFrontOfTheStandardOnes() {
        MediaTypes own = MediaTypes.standard().with("foo", "a/b").with("TS", "text/javascript").with("css", "text/css");
        assertEquals("a/b", own.of("x.FOO"));
        assertEquals("text/javascript", own.of("x.ts"));
        assertEquals("text/css", own.of("x.css"), "as it was given, without charset");
        assertEquals("image/png", own.of("x.png"));
        assertEquals("a/c; d=e", own.with("foo", "a/c; d=e").of("x.foo"), "the last one counts");
        assertEquals("a/b", own.of("x.foo"), "a table does not change");
        assertEquals(UNKNOWN, MediaTypes.standard().of("x.foo"));
    }

    @ParameterizedTest
    @CsvSource({"'', a/b", ".foo, a/b", "tar.gz, a/b", "a/b, a/b", "'a\\b', a/b", "foo, text", "foo, ''", "foo, /b",
        "foo, a/", "foo, a b/c", "foo, 'a/b; c=\r\nd'", "foo, 'a/b; c=\u0100'"})
    void whatIsNoExtensionOrNoTypeIsRefused(String extension, String type) {
        MediaTypes standard = MediaTypes.standard();
        assertThrows(IllegalArgumentException.class, () -> standard.with(extension, type));
    }

    @Test
    void aRefusalSaysWhatToWrite() {
        MediaTypes standard = MediaTypes.standard();
        assertEquals("\".foo\" is no extension: that is what follows the last dot of a file's name, without the dot",
                assertThrows(IllegalArgumentException.class, () -> standard.with(".foo", "a/b")).getMessage());
        assertEquals("\"html\" is no media type: that has the form type/subtype, with or without parameters behind a"
                + " semicolon",
                assertThrows(IllegalArgumentException.class, () -> standard.with("foo", "html")).getMessage());
    }

    @Test
    void theTableIsInOrderAndUnambiguous() throws IOException {
        List<String> lines = table();
        assertEquals(lines.stream().sorted().distinct().toList(), lines);
        Set<String> types = new HashSet<>();
        Set<String> extensions = new HashSet<>();
        for (String line : lines) {
            List<String> parts = List.of(line.split(" ", -1));
            String type = parts.getFirst();
            assertTrue(types.add(type), line);
            assertTrue(type.matches("(application|audio|chemical|font|image|message|model|text|video)"
                    + "/[a-z0-9][a-z0-9.+_-]{0,126}"), type);      // RFC 6838 §4.2
            List<String> own = parts.subList(1, parts.size());
            assertTrue(!own.isEmpty(), line);
            assertEquals(own.stream().sorted().toList(), own);
            for (String extension : own) {
                assertTrue(extension.matches("[a-z0-9][a-z0-9+_-]*"), extension + " in " + line);
                assertTrue(extensions.add(extension), extension + " again in " + line);
            }
        }
        assertTrue(extensions.size() > 1000, extensions.size() + " extensions");
    }

    @Test
    void everyLineOfTheTableIsHeeded() throws IOException {
        for (String line : table()) {
            String[] parts = line.split(" ");
            String type = parts[0] + (parts[0].startsWith("text/") ? "; charset=utf-8" : "");
            for (int i = 1; i < parts.length; i++) {
                assertEquals(type, MediaTypes.standard().of("a." + parts[i]));
            }
        }
    }

    private static List<String> table() throws IOException {
        try (InputStream in = MediaTypes.class.getResourceAsStream("media-types.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII).lines()
                    .filter(line -> !line.startsWith("#")).toList();
        }
    }
}
