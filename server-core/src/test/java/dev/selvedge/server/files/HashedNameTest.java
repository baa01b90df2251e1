package dev.selvedge.server.files;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HashedNameTest {

    @ParameterizedTest
    @ValueSource(strings = {"app.3f9a1c2b.js", "app-3f9a1c2b.js", "app.3F9A1C2B.js", "app.3f9a1c2b.js.map",
        "app-3f9a1c2b.min.css", "my-app.v2.3f9a1c2b9d.js", "main-5XKJ2QWE.js", "index-Dk3Qp_9a.js",
        "logo.0a1b2c3d4e5f6071.svg",
        "inter-latin-400-normal-C38fXH4l.woff2", "a.3f9a1c2b.b.c", "framework-64ad27b21261a9ce.js",
        "site.0f343b0931126a20f133d67c2b018a3b0f343b0931126a20f133d67c2b018a3b.css"})
    void aNameWithTheHashOfItsContent(String name) {
        assertTrue(HashedName.is(name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "-", "app.js", "index.html", "jquery-3.7.1.min.js", "report-20240131.pdf",
        "a.deadbeef.js",
        "app.3f9a1c2.js", "3f9a1c2b.js", "3f9a1c2b", "app-3f9a1c2b", "app.3f9a1c2b", "jquery-migrated.js",
        "user-guide-introduction.html", "photo-Vacation2024.jpg", "notes-2024January.txt", "app-UserGuide.html",
        "css-web2print.css", "app-ABCDEFGH.js", "app.3f9a1c2b\u00E9.js", "app.3f9a1c2b js", "app-3f9a_1c2b.js",
        "x-________.js",
        "IMG-20240131.jpg", "x-G1234567.js"})
    void aNameWithout(String name) {
        assertFalse(HashedName.is(name));
    }
}
