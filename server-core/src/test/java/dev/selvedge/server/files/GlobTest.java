package dev.selvedge.server.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class GlobTest {

    @ParameterizedTest
    @CsvSource({"/a.css, /a.css", "/*.css, /a.css", "/*.css, /.css", "/a?c, /abc", "/a?c, /a\uD83D\uDE00c", "/*, /x",
        "/a/*/c, /a/b/c", "/**, /", "/**, /a", "/**, /a/b/c.d", "/a/**, /a/b", "/a/**, /a/b/c", "/a/**, /a/",
        "/**/c, /c", "/**/c, /a/c", "/**/c, /a/b/c", "/a/**/c, /a/c", "/a/**/c, /a/b/c", "/a/**/c, /a/c/c/c",
        "/a/**/b/**/c, /a/b/c", "/a/**/b/**/c, /a/x/b/y/b/z/c", "/**/**/c, /c", "/**/*.js, /a.js",
        "/**/*.js, /x/y/a.js", "*.css, /a.css", "*.css, /x/y/a.css", "a?.css, /x/ab.css", "**, /x/y", "*, /x/y",
        "/a*b*c, /aXbYbZc", "/*a, /aaa",
        "/a+(b).$, /a+(b).$"})
    void aPathThatFits(String pattern, String path) {
        assertTrue(Glob.of(pattern).matches(path));
    }

    @ParameterizedTest
    @CsvSource({"/a.css, /b.css", "/a.css, /a.css2", "/a.css, /a.cs", "/A, /a", "/*.css, /x/a.css", "/a?c, /ac",
        "/a?c, /a/c", "/a/*/c, /a/c", "/a/*/c, /a/b/b/c", "/a/**, /a", "/a/**, /ab/c", "/a/**, /b/a/c", "/**/c, /xc",
        "/**/c, /a/xc", "/**/c, /c/x", "/a/**/c, /a/bc", "*.css, /a.css/b", "a?.css, /a.css", "/*, /x/y", "/a.b, /axb"})
    void aPathThatDoesNot(String pattern, String path) {
        assertFalse(Glob.of(pattern).matches(path));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "'' | the pattern is empty; \"/**\" stands for all files",
        "a/b | the pattern \"a/b\" must begin with a slash, or have none at all, to be compared with names alone",
        "/a/ | the pattern \"/a/\" ends in a slash, as no file does; end it with \"/**\" for everything below",
        "/a//b | the pattern \"/a//b\" has two slashes in a row",
        "/../b | the pattern \"/../b\" has the segment \"..\", which no path has",
        "/a** | the pattern \"/a**\" has \"**\" with something else in its segment; there one star is enough",
        "*.{} | the pattern \"*.{}\" has '{', which means nothing here; only ?, * and ** do, and ? may stand for it"})
    void aMalformedPatternIsRefusedWithTheReason(String pattern, String message) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, () -> Glob.of(pattern)).getMessage());
    }

    @Test
    void noPatternTakesLong() {
        Glob glob = Glob.of("/" + "*a".repeat(60) + "/**/" + "*a*a/**/".repeat(20) + "b");
        String path = "/" + "a".repeat(4000) + "/a".repeat(3000) + "/c";
        assertFalse(assertTimeoutPreemptively(Duration.ofSeconds(10), () -> glob.matches(path)));
    }

    static LongStream seeds() {
        return new Random().longs(20);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void randomPathsFitAsTheyFitARegularExpression(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 500; i++) {
            String pattern = random(random, new String[] {"a", "b", "*", "?", "/", "/**/", "/"}, 8);
            String path = random(random, new String[] {"a", "b", "/"}, 8);
            Glob glob;
            try {
                glob = Glob.of(pattern);
            } catch (IllegalArgumentException e) {
                continue;       // which is what the other tests are about
            }
            String expression = pattern.replaceAll("/\\*\\*$", "/.").replaceAll("(?<=/)\\*\\*/", "@")
                    .replace("*", "[^/]*").replace("?", "[^/]").replaceAll("\\.$", ".*").replace("@", "(?:[^/]*/)*");
            assertEquals(path.matches(expression), glob.matches(path), () -> seed + ": " + pattern + " with " + path);
        }
    }

    private static String random(Random random, String[] parts, int most) {
        StringBuilder text = new StringBuilder("/");
        for (int n = 1 + random.nextInt(most); n > 0; n--) {
            text.append(parts[random.nextInt(parts.length)]);
        }
        return text.toString().replaceAll("/+", "/").replaceAll("(?<=[^/])/$", "");
    }
}
