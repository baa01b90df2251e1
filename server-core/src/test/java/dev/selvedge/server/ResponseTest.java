package dev.selvedge.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvedge.server.http1.Content;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResponseTest {

    private static String type(Response response) {
        return response.headers().first("Content-Type").orElse("none");
    }

    @Test
    void onlyStreamsOfUnknownLengthHaveTrailers() {
        Response stream = Response.stream("a/b", out -> out.write('x'));
        assertEquals(-1, stream.withTrailer("Digest", () -> "a").withHeader("A", "b").bodyLength());
        assertThrows(IllegalArgumentException.class, () -> stream.withTrailer("Content-Length", () -> "1"));
        assertThrows(IllegalArgumentException.class, () -> stream.withTrailer("a b", () -> "1"));
        assertThrows(NullPointerException.class, () -> stream.withTrailer("Digest", null));
        for (Response other : new Response[] {Response.text("x"), Response.empty(),
            Response.stream("a/b", 1, out -> out.write('x'))}) {
            assertThrows(IllegalStateException.class, () -> other.withTrailer("Digest", () -> "a"));
        }
    }

    @Test
    void eachKindOfBodyHasItsType() throws IOException {
        assertEquals("text/plain; charset=utf-8", type(Response.text("é")));
        assertEquals("text/html; charset=utf-8", type(Response.html("é")));
        assertEquals("application/json", type(Response.json("{}")));
        assertEquals("image/png", type(Response.bytes("image/png", new byte[1])));
        for (Response response : List.of(Response.text("é"), Response.html("é"), Response.json("é"))) {
            assertEquals(200, response.status());
            assertEquals(2, response.bodyLength());
            assertArrayEquals("é".getBytes(UTF_8), response.bodyBytes());
            assertEquals("é", response.bodyText());
        }
    }

    @Test
    void aStatusAloneHasAnEmptyBody() throws IOException {
        assertEquals(204, Response.empty().status());
        assertEquals(202, Response.status(202).status());
        assertEquals(0, Response.status(202).bodyLength());
        assertEquals(Headers.of(), Response.status(202).headers());
        assertEquals("", Response.empty().bodyText());
    }

    @Test
    void errorsSayWhatTheyMean() throws IOException {
        assertEquals("404 Not Found\n", Response.notFound().bodyText());
        assertEquals(404, Response.notFound().status());
        assertEquals("text/plain; charset=utf-8", type(Response.notFound()));
        assertEquals("503 Service Unavailable\n", Response.error(503).bodyText());
        assertEquals("499\n", Response.error(499).bodyText());
        assertThrows(IllegalArgumentException.class, () -> Response.error(200));
        assertThrows(IllegalArgumentException.class, () -> Response.error(600));
    }

    @Test
    void redirectionsHaveALocation() {
        assertEquals(302, Response.redirect("/a").status());
        assertEquals(308, Response.permanentRedirect("/a").status());
        assertEquals(201, Response.created("/a").status());
        assertEquals(Optional.of("/a%20%C3%A9"), Response.created("/a é").headers().first("Location"));
        for (int status : new int[] {301, 302, 303, 307, 308}) {
            assertEquals(status, Response.redirect(status, "/").status());
        }
        assertThrows(IllegalArgumentException.class, () -> Response.redirect(300, "/"));
        assertThrows(IllegalArgumentException.class, () -> Response.redirect(200, "/"));
        assertThrows(IllegalArgumentException.class, () -> Response.redirect("/\r\nSet-Cookie: a=b"));
        assertThrows(IllegalArgumentException.class, () -> Response.created(""));
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 99, 100, 101, 199, 600, 1000})
    void anIllegalStatusIsRefused(int status) {
        assertThrows(IllegalArgumentException.class, () -> Response.status(status));
        assertThrows(IllegalArgumentException.class, () -> Response.text("").withStatus(status));
    }

    @ParameterizedTest
    @ValueSource(ints = {204, 205, 304})
    void rule83_aStatusWithoutContentRefusesABody(int status) {
        Response text = Response.text("x");
        assertThrows(IllegalStateException.class, () -> text.withStatus(status));
        assertThrows(IllegalStateException.class, () -> Response.stream("a/b", out -> { }).withStatus(status));
        assertEquals(status, text.withoutBody().withStatus(status).status());
        assertEquals(Headers.of(), text.withoutBody().headers());
    }

    @Test
    void changingMakesAnotherResponse() throws IOException {
        Response original = Response.text("x");
        Response changed = original.withStatus(201).withHeader("A", "1").withAddedHeader("A", "2").withAddedHeader("a",
                "3");
        assertEquals(200, original.status());
        assertEquals(1, original.headers().size());
        assertEquals(List.of("1", "2", "3"), changed.headers().all("A"));
        assertEquals("x", changed.bodyText());
        assertEquals(List.of("4"), changed.withHeader("a", "4").headers().all("A"));
        assertEquals(original.headers(), changed.withoutHeader("A").headers());
        assertEquals(List.of("text/x"), original.withHeader("content-type", "text/x").headers().all("Content-Type"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length", "content-length", "Transfer-Encoding", "TRANSFER-ENCODING", "Connection",
        "Keep-Alive", "Trailer", "Upgrade", "TE", "Proxy-Connection"})
    void fieldsOfTheServerAreRefused(String name) {
        Response response = Response.text("x");
        var e = assertThrows(IllegalArgumentException.class, () -> response.withHeader(name, "1"));
        assertTrue(e.getMessage().startsWith(name + " is "), e.getMessage());
        assertThrows(IllegalArgumentException.class, () -> response.withAddedHeader(name, "1"));
    }

    @Test
    void theRefusalOfALengthSaysWhoSetsIt() {
        var e = assertThrows(IllegalArgumentException.class,
                () -> Response.text("x").withHeader("Content-Length", "1"));
        assertEquals("Content-Length is set by the server from the body", e.getMessage());
    }

    @ParameterizedTest
    @CsvSource({"'A B', c", "'', c", "A, 'b\r\nC: d'", "A, 'b\n'", "A, 'b\0'", "A, 'b\u007F'", "A, '\u0100'"})
    void rule42_aHeaderThatCouldBreakALineIsRefused(String name, String value) {
        Response response = Response.text("x");
        assertThrows(IllegalArgumentException.class, () -> response.withHeader(name, value));
        assertThrows(IllegalArgumentException.class, () -> response.withAddedHeader(name, value));
        assertThrows(IllegalArgumentException.class, () -> Response.bytes("a/b\r\n", new byte[0]));
        assertThrows(IllegalArgumentException.class, () -> Response.stream("a/b\r\nC: d", out -> { }));
    }

    @Test
    void aFileIsLookedUpWhenTheResponseIsMade(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("page.HTML"), "0123456789");
        Response response = Response.file(file);
        assertEquals(10, response.bodyLength());
        assertEquals("text/html; charset=utf-8", type(response));
        assertEquals("0123456789", response.bodyText());
        Files.writeString(file, "012");
        assertThrows(IOException.class, response::bodyBytes);
        assertThrows(NoSuchFileException.class, () -> Response.file(directory.resolve("missing")));
        assertThrows(NoSuchFileException.class, () -> Response.file(directory));
    }

    @Test
    void onlyAResponseOfAFileDependsOnOne() {
        FileVersion version = new FileVersion(1, FileTime.fromMillis(0), null, 0);
        var e = assertThrows(IllegalStateException.class,
                () -> Response.text("x").whileUnchanged(version, Response::empty));
        assertEquals("only a response made by file(...) can depend on a file", e.getMessage());
    }

    @Test
    void whatIsDoneToAResponseIsDoneToTheOneInItsPlace(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("f"), "content");
        Response response = Response.file(file)
                .whileUnchanged(FileVersion.of(file), () -> Response.html("other").withHeader("A", "0"))
                .withHeader("A", "1").withAddedHeader("A", "2").withoutHeader("Content-Type")
                .withCookie(Cookie.of("c", "v")).withStatus(203);

        assertEquals("content", response.bodyText());
        Content.FileRange range = (Content.FileRange) response.answer().content();
        Response other = ((WhileUnchanged) range.expectation()).otherwise().call();
        assertEquals(203, other.status());
        assertEquals(List.of("1", "2"), other.headers().all("A"));
        assertEquals(response.headers().all("Set-Cookie"), other.headers().all("Set-Cookie"));
        assertFalse(other.headers().contains("Content-Type"));
        assertEquals("other", other.bodyText());
        assertEquals(0, response.withoutBody().bodyLength());
    }

    @Test
    void theBodyOfAFileThatHasChangedIsNotTakenForWhatItWas(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("f"), "content");
        Response response = Response.file(file).whileUnchanged(FileVersion.of(file), Response::empty);

        Files.writeString(file, "content and more");

        var e = assertThrows(IOException.class, response::bodyBytes);
        assertEquals("the file is another one than it was", e.getMessage());
    }

    @Test
    void aPartOfAFileIsNotLookedUp(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("data");
        Response response = Response.file("a/b", file, 2, 3);
        Files.writeString(file, "0123456789");
        assertEquals("234", response.bodyText());
        assertThrows(IllegalArgumentException.class, () -> Response.file("a/b", file, -1, 3));
        assertThrows(IllegalArgumentException.class, () -> Response.file("a/b", file, 0, -1));
        assertThrows(IllegalArgumentException.class, () -> Response.file("a/b", file, Long.MAX_VALUE, 1));
    }

    @Test
    void aStreamIsWrittenEachTimeItIsRead() throws IOException {
        Response response = Response.stream("text/plain", out -> out.write("abc".getBytes(UTF_8)));
        assertEquals(-1, response.bodyLength());
        assertEquals("abc", response.bodyText());
        assertEquals("abc", response.bodyText());
        assertEquals(3, Response.stream("text/plain", 3, out -> out.write(new byte[3])).bodyLength());
        assertThrows(IllegalArgumentException.class, () -> Response.stream("text/plain", -1, out -> { }));
        assertThrows(IOException.class, () -> Response.stream("a/b", 3, out -> out.write(1)).bodyBytes());
    }

    @Test
    void whatTheWriterThrowsIsTheCause() {
        Exception thrown = new Exception("no");
        Response response = Response.stream("a/b", out -> {
            throw thrown;
        });
        assertSame(thrown, assertThrows(IOException.class, response::bodyBytes).getCause());
        IOException direct = new IOException("no");
        assertSame(direct, assertThrows(IOException.class, () -> Response.stream("a/b", out -> {
            throw direct;
        }).bodyBytes()));
    }

    @Test
    void nullIsRefusedWhereTheValueIsMade() {
        assertThrows(NullPointerException.class, () -> Response.text(null));
        assertThrows(NullPointerException.class, () -> Response.bytes("a/b", null));
        assertThrows(NullPointerException.class, () -> Response.bytes(null, new byte[0]));
        assertThrows(NullPointerException.class, () -> Response.stream("a/b", null));
        assertThrows(NullPointerException.class, () -> Response.file("a/b", null, 0, 0));
        assertThrows(NullPointerException.class, () -> Response.text("x").withCookie(null));
    }

    @Test
    void textShowsWhatItIs() {
        assertEquals("Response[200, Content-Type: text/plain; charset=utf-8, 1 bytes]", Response.text("x").toString());
    }
}
