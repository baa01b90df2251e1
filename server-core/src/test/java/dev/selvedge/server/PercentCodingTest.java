package dev.selvedge.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PercentCodingTest {

    private static String canonical(String path) {
        byte[] raw = ("xx" + path + "?q").getBytes(ISO_8859_1);
        return new String(PercentCoding.canonicalPath(raw, 2, 2 + path.length()), ISO_8859_1);
    }

    /** RFC 3986 §5.2.4 and §6.2.2; RFC 9110 §17.3. */
    @ParameterizedTest
    @CsvSource({
        "/, /", "'', /", "/a, /a", "/a/, /a/", "//a//b//, //a//b//",
        "/%61%7E%2d, /a~-", "/%c3%a9, /%C3%A9", "/%21%40%3a, /!@:", "/%2f, /%2F", "/%5c, /%5C", "/%00, /%00",
        "/%25, /%25", "/%252e, /%252e", "/%2541, /%2541", "/%20, /%20", "/%3F%23, /%3F%23", "/%C0%AF, /%C0%AF",
        "/., /", "/./, /", "/.., /", "/../, /", "/a/., /a/", "/a/./b, /a/b", "/a/.., /", "/a/../, /", "/a/../b, /b",
        "/a/b/.., /a/", "/a/b/../c, /a/c", "/a//../b, /a/b", "/a/./../b/./c/.., /b/", "/../../a, /a", "/a/../../b, /b",
        "/%2e, /", "/%2E%2e/a, /a", "/a/.%2e/b, /b", "/a/%2e./b, /b", "/..., /...", "/.a, /.a", "/a., /a.",
        "/..a, /..a",
        "/a/..%2Fb, /a/..%2Fb", "/%2e%2e%2f, /..%2F", "/%252e%252e/, /%252e%252e/"})
    void rules38to41_pathsHaveOneCanonicalForm(String raw, String expected) {
        assertEquals(expected, canonical(raw));
    }

    @Test
    void theCanonicalFormIsItsOwn() {
        Random random = new Random(42);
        String[] pieces = {"/", ".", "..", "a", "%2e", "%2F", "%41", "%25", "%C3%A9", "b", "%00", "/", "/"};
        for (int i = 0; i < 20_000; i++) {
            StringBuilder path = new StringBuilder("/");
            for (int n = random.nextInt(8); n > 0; n--) {
                path.append(pieces[random.nextInt(pieces.length)]);
            }
            String once = canonical(path.toString());
            assertEquals(once, canonical(once), "seed 42, path " + path);
            assertTrue(once.startsWith("/"), once);
            for (String segment : once.split("/")) {
                assertTrue(!segment.equals(".") && !segment.equals(".."), once);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"a, a", "é, %C3%A9", "'a b', a%20b", "%, %25", "a%2Fb, a%252Fb", "!$&();@:*+=~, !$&();@:*+=~",
        "😀, %F0%9F%98%80"})
    void textHasTheCanonicalFormOfItsPath(String text, String expected) {
        assertArrayEquals(expected.getBytes(ISO_8859_1), PercentCoding.canonicalSegment(text));
    }

    private static byte[] octets(String text) {
        return text.getBytes(ISO_8859_1);
    }

    @ParameterizedTest
    @CsvSource({
        "/a, /a, /a", "/%C3%A9, /é, /é", "/%2F, /%2F, //", "/%252F, /%2F, /%2F", "/%5C, '/\\', '/\\'",
        "/%C0%AF, /\uFFFD\uFFFD, /\uFFFD\uFFFD", "/%FF, /\uFFFD, /\uFFFD", "/a+b, /a+b, /a+b", "/%2541, /%41, /%41"})
    void rule39_escapesAreDecodedOnce(String canonical, String path, String segment) {
        byte[] octets = octets(canonical);
        assertEquals(path, PercentCoding.decodePath(octets, 0, octets.length));
        assertEquals(segment, PercentCoding.decodeSegment(octets, 0, octets.length));
    }

    @Test
    void rule40_anEscapedNulIsACharacterLikeOthers() {
        byte[] octets = octets("/a%00b");
        assertEquals("/a\0b", PercentCoding.decodePath(octets, 0, octets.length));
    }

    @ParameterizedTest
    @CsvSource({
        "/a, /a", "/a b, /a%20b", "/é, /%C3%A9", "/%41?a=b&c#d, /%41?a=b&c#d", "http://h:1/p, http://h:1/p",
        "'/\"<>\\^`{|}', /%22%3C%3E%5C%5E%60%7B%7C%7D", "//[::1]/, //[::1]/"})
    void locationsAreEncoded(String given, String expected) {
        assertEquals(expected, PercentCoding.encodeUri(given));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/a\rb", "/a\nb", "/a\r\nSet-Cookie: a=b", "/\0", "/\t", "/\u007F", "/\u0085",
        "/\uD800"})
    void rule42_locationsThatCouldBreakALineAreRefused(String location) {
        assertThrows(IllegalArgumentException.class, () -> PercentCoding.encodeUri(location));
    }
}
