package dev.selvedge.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeadersTest {

    private static final Headers HEADERS = Headers.of("Accept", "text/html", "X-Id", "1", "accept", "", "x-ID", "2");

    @Test
    void namesAreFoundInAnyCaseAndKeepTheirSpelling() {
        assertEquals(Optional.of("1"), HEADERS.first("X-ID"));
        assertEquals(List.of("1", "2"), HEADERS.all("x-id"));
        assertTrue(HEADERS.contains("ACCEPT"));
        List<String> names = new ArrayList<>();
        HEADERS.forEach(header -> names.add(header.name()));
        assertEquals(List.of("Accept", "X-Id", "accept", "x-ID"), names);
    }

    @Test
    void anEmptyValueIsNotAMissingLine() {
        Headers headers = Headers.of("X-Empty", "");
        assertEquals(Optional.of(""), headers.first("x-empty"));
        assertEquals(Optional.empty(), headers.first("x-other"));
        assertEquals(List.of(), headers.all("x-other"));
        assertFalse(headers.contains("x-other"));
    }

    @Test
    void sizeCountsLines() {
        assertEquals(4, HEADERS.size());
        assertFalse(HEADERS.isEmpty());
        assertTrue(Headers.of().isEmpty());
        assertEquals(0, Headers.of().size());
    }

    @Test
    void theBuilderAddsSetsAndRemoves() {
        Headers.Builder builder = HEADERS.toBuilder().set("X-ID", "3").remove("ACCEPT").add("B", "b");
        assertEquals(Headers.of("X-Id", "3", "B", "b"), builder.build());
        builder.add("C", "c");
        assertEquals(3, builder.build().size());
        assertEquals(4, HEADERS.size(), "the original stays as it was");
    }

    @Test
    void equalHeadersHaveTheSameLinesInTheSameOrder() {
        Headers same = Headers.of("ACCEPT", "text/html", "x-id", "1", "Accept", "", "X-Id", "2");
        assertEquals(HEADERS, same);
        assertEquals(HEADERS.hashCode(), same.hashCode());
        assertNotEquals(Headers.of("A", "1", "B", "2"), Headers.of("B", "2", "A", "1"));
        assertNotEquals(Headers.of("A", "v"), Headers.of("A", "V"));
        assertNotEquals(Headers.of("A", "v"), Headers.of());
    }

    @Test
    void textShowsLines() {
        assertEquals("A: 1\nB: 2", Headers.of("A", "1", "B", "2").toString());
    }

    @Test
    void theIteratorEnds() {
        Iterator<Header> lines = Headers.of("A", "1").iterator();
        assertEquals(new Header("A", "1"), lines.next());
        assertFalse(lines.hasNext());
        assertThrows(NoSuchElementException.class, lines::next);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a:", "a\r", "a\n", "a\0", "ä", "a\"", "(a)"})
    void aNameThatIsNoTokenIsRefused(String name) {
        assertThrows(IllegalArgumentException.class, () -> Headers.of(name, "v"));
        assertThrows(IllegalArgumentException.class, () -> Headers.builder().set(name, "v"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\rb", "a\nb", "a\r\nSet-Cookie: b=c", "a\0b", "a\u0001b", "a\u007Fb", "a\u0100b", " a",
        "a "})
    void aValueThatCouldBreakALineIsRefused(String value) {
        assertThrows(IllegalArgumentException.class, () -> Headers.of("A", value));
        assertThrows(IllegalArgumentException.class, () -> Headers.builder().set("A", value));
    }

    @Test
    void namesAndValuesComeInPairs() {
        var e = assertThrows(IllegalArgumentException.class, () -> Headers.of("A", "1", "B"));
        assertEquals("names and values must come in pairs, but there are 3 strings", e.getMessage());
    }
}
