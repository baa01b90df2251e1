package dev.selvedge.server.http1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrailersTest {

    @Test
    void namesAreAnnouncedOnceAndValuesMadeInOrder() {
        Trailers trailers = Trailers.NONE.with("Digest", () -> "a").with("X-Time", () -> "1").with("Digest", () -> "b");

        assertEquals("Digest, X-Time", trailers.announcement());
        FieldSection lines = trailers.values();
        byte[] wire = new byte[lines.wireLength()];
        lines.writeTo(wire, 0);
        assertEquals("Digest: a\r\nX-Time: 1\r\nDigest: b\r\n", Spelling.text(wire));
        assertEquals("", Trailers.NONE.announcement());
        assertEquals(0, Trailers.NONE.values().size());
    }

    @Test
    void aNullLeavesTheLineOut() {
        assertEquals(0, Trailers.NONE.with("A", () -> null).values().size());
    }

    @Test
    void aValueThatCouldSplitTheMessageIsRefused() {
        Trailers trailers = Trailers.NONE.with("A", () -> "b\r\nC: d");
        assertThrows(IllegalArgumentException.class, trailers::values);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length", "transfer-encoding", "HOST", "Trailer", "Connection", "TE", "Set-Cookie",
        "Content-Type", "Content-Encoding", "Content-Range", "Cache-Control", "Date", "Location", "WWW-Authenticate",
        "Authorization", "Upgrade", "Vary", "Expires", "Age", "Retry-After"})
    void fieldsThatAreNeededBeforeTheContentAreRefused(String name) {
        String message = assertThrows(IllegalArgumentException.class, () -> Trailers.NONE.with(name, () -> "a"))
                .getMessage();
        assertTrue(message.startsWith(name + " can't be a trailer"), message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a:", "a\r\nB", "\u00E9"})
    void aNameIsAToken(String name) {
        assertThrows(IllegalArgumentException.class, () -> Trailers.NONE.with(name, () -> "a"));
    }
}
