package dev.selvedge.server.http1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestHeadTest {

    private static RequestHead of(String method, String target) {
        return RequestHead.of(method, target, FieldSection.EMPTY);
    }

    private static String path(RequestHead head) {
        return new String(head.octets(), head.pathFrom(), head.pathTo() - head.pathFrom());
    }

    @Test
    void aMadeHeadNeedsNoHost() {
        RequestHead head = of("GET", "/a/b?c=d");

        assertEquals("GET", head.method());
        assertEquals("/a/b?c=d", head.target());
        assertSame(TargetForm.ORIGIN, head.form());
        assertSame(Version.HTTP_1_1, head.version());
        assertEquals("", head.authority());
        assertEquals("/a/b", path(head));
        assertTrue(head.pathIsPlain());
        assertEquals("c=d", new String(head.octets(), head.queryFrom(), head.queryTo() - head.queryFrom()));
        assertEquals(0, head.fields().size());
        assertSame(Framing.NONE, head.framing());
        assertTrue(head.persistent());
        assertFalse(head.expectsContinue());
    }

    @Test
    void aMadeHeadFollowsItsFields() {
        FieldSection fields = FieldSection.builder().add("host", "a:1").add("Content-Length", "5")
                .add("Expect", "100-continue").add("Connection", "close").add("X", "").build();

        RequestHead head = RequestHead.of("ODD", "/", fields);

        assertEquals("ODD", head.method());
        assertEquals("a:1", head.authority());
        assertEquals(new Framing.Length(5), head.framing());
        assertTrue(head.expectsContinue());
        assertFalse(head.persistent());
        assertEquals(5, head.fields().size());
        assertEquals("", head.fields().first("x"));
        assertEquals(-1, head.queryFrom());
        assertEquals(-1, head.queryTo());
    }

    @Test
    void theOtherForms() {
        RequestHead absolute = of("GET", "http://a/b");
        assertSame(TargetForm.ABSOLUTE, absolute.form());
        assertEquals("a", absolute.authority());
        assertEquals("/b", path(absolute));

        RequestHead asterisk = of("OPTIONS", "*");
        assertSame(TargetForm.ASTERISK, asterisk.form());
        assertEquals("", path(asterisk));
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH"})
    void registeredMethodsAreAlwaysTheSameString(String method) {
        RequestHead head = of(method, "/");

        assertEquals(method, head.method());
        assertSame(head.method(), of(method, "/a").method());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "G T|/|the request target is malformed: G T /",
        "''|/|the request line is malformed:  /",
        "G(T|/|the method is not a token: G(T /",
        "CONNECT|a:80|CONNECT is not supported: CONNECT a:80",
        "GET|a|the request target is malformed: GET a",
        "GET|''|'the request line is malformed: GET '",
        "GET|/ HTTP/1.1|the request line is malformed: GET / HTTP/1.1",
        "GET|/a b|the protocol version is malformed: GET /a b",
        "GET|/..|the path leads above the root: GET /..",
        "GET|https://a/|this server does not serve that scheme: GET https://a/",
        "GET|/#a|the request target is malformed: GET /#a",
        "GET|/%zz|the request target is malformed: GET /%zz",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA|/|the method is not known: AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA /"
    })
    void whatAParserRefusesIsRefused(String method, String target, String message) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> of(method, target));
        assertEquals(message, e.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/ HTTP/1.1\r\nHost: b\r\n\r\n", "/ HTTP/1.1\r\nX:", "/ HTTP/1.1\r\n\r\nGET /",
        "/ HTTP/1.1\r\nA: b\r\nX: y"})
    void aTargetCannotBringLinesWithIt(String target) {
        assertThrows(IllegalArgumentException.class, () -> of("GET", target));
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET / HTTP/1.1\r\nA: b\r\n\r\nGET", "\r\nGET", "GET\r\n"})
    void aMethodCannotBringLinesWithIt(String method) {
        assertThrows(IllegalArgumentException.class, () -> of(method, "/"));
    }

    @Test
    void charactersBeyondAsciiAreNamed() {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> of("GET", "/\u012F"));
        assertEquals("the target has U+012F at index 1: /?", e.getMessage());
        assertThrows(IllegalArgumentException.class, () -> of("G\u0145T", "/"));
    }

    @Test
    void fieldsThatAParserRefusesAreRefused() {
        FieldSection fields = FieldSection.builder().add("Content-Length", "1").add("Content-Length", "1").build();

        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> RequestHead.of("GET", "/", fields));
        assertEquals("Content-Length is malformed or repeated: GET /", e.getMessage());
    }

    @Test
    void aHeadHasALargestSize() {
        String longest = "/" + "a".repeat(HeadLimits.MAX_HEAD_BYTES - 16 - "GET / HTTP/1.1".length());

        assertEquals(longest, of("GET", longest).target());
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> of("GET", longest + "a"));
        assertEquals("method, target and fields have 64985 bytes together, but a request head has at most 65000",
                e.getMessage());
    }

    @Test
    void aHundredAndMoreFieldsCanBeMade() {
        FieldSection.Builder fields = FieldSection.builder();
        for (int line = 0; line < 200; line++) {
            fields.add("A", "b");
        }

        assertEquals(200, RequestHead.of("GET", "/", fields.build()).fields().size());
    }
}
