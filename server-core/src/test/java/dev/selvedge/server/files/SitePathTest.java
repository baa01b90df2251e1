package dev.selvedge.server.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One path means one file, or none. */
class SitePathTest {

    @Test
    void theEmptyPathIsTheRootWithoutItsSlash() {
        assertEquals(new SitePath.Names(List.of(), false), SitePath.of(""));
        assertEquals(new SitePath.Names(List.of(), true), SitePath.of("/"));
    }

    @Test
    void segmentsAreNames() {
        assertEquals(new SitePath.Names(List.of("a", "b c", "ä.txt"), false), SitePath.of("/a/b%20c/%C3%A4.txt"));
        assertEquals(new SitePath.Names(List.of("a", "b"), true), SitePath.of("/a/b/"));
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            /%252e%252e,            %2e%2e          | an escape is decoded once
            /%252F,                 %2F             | also that of a slash
            /..;,                   ..;             | a parameter is part of the name
            /...,                   ...
            /.%20,                  '. '
            /..%20,                 '.. '
            /%7E,                   ~
            /a%3Ab,                 a:b
            /%E2%80%A5,             ‥               | U+2025 is no dot segment
            /%EF%BC%8F,             ／              | U+FF0F is no slash
            /%E2%88%95,             ∕               | nor is U+2215
            """, delimiterString = ",")
    void whatOnlyLooksLikeSomethingElseIsAName(String path, String expected) {
        String name = expected.split(" *\\|")[0];
        assertEquals(new SitePath.Names(List.of(name.replace("'", "")), false), SitePath.of(path));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "//", "//a", "/a//", "/a//b", "///",
        "/..", "/.", "/a/../b", "/a/./b", "/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/.%2e", "/%2E",
        "/a%2Fb", "/%2F", "/..%2F..%2Fetc%2Fpasswd", "/%2e%2e%2fetc",
        "/a%5Cb", "/..%5C..%5Cwindows", "/a\\b", "/%5C%5Cserver%5Cshare",
        "/a%00", "/a%00.html", "/%00", "/a%0Ab", "/a%0D", "/%09", "/%1F", "/a%7F", "/%C2%85", "/%C2%9B",
        "/%C0%AE%C0%AE/", "/%C0%AF", "/%E0%80%AF", "/%F0%80%80%AF", "/%C1%9C", "/%C0%80",
        "/%FF", "/%80", "/%C3", "/%C3%28", "/%ED%A0%80", "/%F4%90%80%80", "/%F8%88%80%80%80",
        "/%", "/%4", "/%zz", "/a%2", "/%u002e%u002e",
        "a", "a/b", "*", "\u00e4", "/\u00e4", "/\uFF0E\uFF0E",
    })
    void whatIsNoNameIsRefused(String path) {
        assertInstanceOf(SitePath.Refused.class, SitePath.of(path), path);
    }

    @Test
    void aNameHasAtMost255Octets() {
        assertInstanceOf(SitePath.Names.class, SitePath.of("/" + "a".repeat(255)));
        assertInstanceOf(SitePath.Refused.class, SitePath.of("/" + "a".repeat(256)));
        assertInstanceOf(SitePath.Names.class, SitePath.of("/" + "%C3%A4".repeat(127)));
        assertInstanceOf(SitePath.Refused.class, SitePath.of("/" + "%C3%A4".repeat(128)));
        assertInstanceOf(SitePath.Refused.class, SitePath.of("/a/" + "a".repeat(8_000) + "/b"));
    }
}
