package dev.selvedge.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.selvedge.server.engine.BodySource;
import dev.selvedge.server.engine.ConnectionFailedException;
import dev.selvedge.server.engine.FailedCall;
import dev.selvedge.server.engine.RefusedBodyException;
import dev.selvedge.server.http1.FieldSection;
import dev.selvedge.server.http1.Refusal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestBodyTest {

    /** A body that arrives in pieces of 1, 2, 3 … octets, and ends, or fails, when they are used up. */
    private static final class Arriving implements BodySource {

        private final byte[] octets;
        private final long length;
        private final IOException failure;
        private int at;
        private int piece;

        Arriving(byte[] octets, long length, IOException failure) {
            this.octets = octets;
            this.length = length;
            this.failure = failure;
        }

        @Override
        public long length() {
            return length;
        }

        @Override
        public int read(byte[] dst, int from, int count) throws IOException {
            int n = Math.min(Math.min(++piece, count), octets.length - at);
            if (n == 0) {
                if (failure != null) {
                    throw failure;
                }
                return -1;
            }
            System.arraycopy(octets, at, dst, from, n);
            at += n;
            return n;
        }

        @Override
        public FieldSection trailers() {
            return at < octets.length ? FieldSection.EMPTY : FieldSection.builder().add("Sum", "1").build();
        }
    }

    private static RequestBody arriving(byte[] octets, boolean chunked) {
        return new RequestBody(new Arriving(octets, chunked ? -1 : octets.length, null), FieldSection.EMPTY);
    }

    private static byte[] octets(int length) {
        byte[] octets = new byte[length];
        new Random(length).nextBytes(octets);
        return octets;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 5, 16 << 10, (16 << 10) + 1, 300_000})
    void theBodyIsTheSameHoweverItIsReadAndFramed(int length) throws IOException {
        byte[] octets = octets(length);
        for (boolean chunked : new boolean[] {true, false}) {
            RequestBody body = arriving(octets, chunked);
            assertEquals(chunked ? -1 : length, body.length());
            assertArrayEquals(octets, body.bytes());
            assertEquals(length, body.length(), "known by now");
            assertArrayEquals(octets, arriving(octets, chunked).stream().readAllBytes());
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            assertEquals(length, arriving(octets, chunked).transferTo(out));
            assertArrayEquals(octets, out.toByteArray());
            out.reset();
            assertEquals(length, arriving(octets, chunked).stream().transferTo(out));
            assertArrayEquals(octets, out.toByteArray());
        }
    }

    @Test
    void aFileIsReplacedByTheBody(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("upload");
        Files.writeString(file, "something longer than the body");
        assertEquals(3, arriving(new byte[] {1, 2, 3}, true).transferTo(file));
        assertArrayEquals(new byte[] {1, 2, 3}, Files.readAllBytes(file));
    }

    @Test
    void bytesAndTextMayBeReadAgain() throws IOException {
        RequestBody body = arriving("text".getBytes(UTF_8), true);
        assertSame(body.bytes(), body.bytes());
        assertEquals("text", body.text());
        assertEquals("text", new String(body.stream().readAllBytes(), UTF_8));
        assertEquals("text", new String(body.stream().readAllBytes(), UTF_8));
        assertEquals(4, body.transferTo(new ByteArrayOutputStream()));
    }

    @Test
    void aStreamIsReadOnce() {
        RequestBody body = arriving(new byte[3], false);
        body.stream();
        var e = assertThrows(IllegalStateException.class, body::stream);
        assertEquals("the body has been read already, and a stream can't be read twice; use bytes() or text() to"
                + " read it several times", e.getMessage());
        assertThrows(IllegalStateException.class, body::bytes);
        assertThrows(IllegalStateException.class, body::text);
        assertThrows(IllegalStateException.class, () -> body.transferTo(new ByteArrayOutputStream()));
    }

    @Test
    void aBodyInMemoryFollowsTheSameRule() throws IOException {
        RequestBody body = Request.builder("POST", "/").body("text").build().body();
        assertEquals("text", new String(body.stream().readAllBytes(), UTF_8));
        assertThrows(IllegalStateException.class, body::bytes);
    }

    @Test
    void theStreamIsAnOrdinaryOne() throws IOException {
        InputStream in = arriving(new byte[] {(byte) 0xFF, 1, 2}, true).stream();
        assertEquals(0xFF, in.read());
        assertEquals(0, in.read(new byte[0]));
        assertThrows(IndexOutOfBoundsException.class, () -> in.read(new byte[2], 1, 2));
        assertArrayEquals(new byte[] {1, 2}, in.readAllBytes());
        assertEquals(-1, in.read());
        assertEquals(-1, in.read(new byte[1]));
    }

    @ParameterizedTest
    @CsvSource(nullValues = "-", delimiter = '|', value = {
        "- | UTF-8", "text/plain | UTF-8", "text/plain; charset=iso-8859-1 | ISO-8859-1",
        "text/plain;CHARSET=\"ISO-8859-1\" | ISO-8859-1", "text/plain; a=b; charset=ISO-8859-1; c=d | ISO-8859-1",
        "text/plain; charset=nonsense-1 | UTF-8", "text/plain; charset=*** | UTF-8", "text/plain; charset= | UTF-8"})
    void textIsDecodedByTheCharsetThatIsNamed(String contentType, String charset) throws IOException {
        Request.Builder builder = Request.builder("POST", "/").body("é".getBytes(charset));
        if (contentType != null) {
            builder.header("Content-Type", contentType);
        }
        assertEquals("é", builder.build().body().text());
    }

    @Test
    void malformedTextIsReplaced() throws IOException {
        assertEquals("\uFFFD", Request.builder("POST", "/").body("é".getBytes(ISO_8859_1)).build().body().text());
    }

    @Test
    void trailersComeWithTheEnd() throws IOException {
        RequestBody body = arriving(new byte[3], true);
        assertEquals(Headers.of(), body.trailers());
        body.bytes();
        assertEquals(Headers.of("Sum", "1"), body.trailers());
        Request built = Request.builder("POST", "/").trailers(Headers.of("A", "b")).build();
        assertEquals(Headers.of("A", "b"), built.body().trailers());
    }

    @Test
    void aFailureGoesThroughUnchanged() {
        IOException failure = new RefusedBodyException(Refusal.BODY_TOO_LARGE);
        RequestBody body = new RequestBody(new Arriving(new byte[3], 10, failure), FieldSection.EMPTY);
        assertSame(failure, assertThrows(IOException.class, body::bytes));
    }

    @Test
    void aBodyThatEndsTooEarlyIsNeverTakenForAWholeOne() {
        RequestBody body = new RequestBody(new Arriving(new byte[3], 10, null), FieldSection.EMPTY);
        assertThrows(IOException.class, body::bytes);
    }

    @Test
    void theClientsFailuresAreFoundBehindOthers() {
        IOException refused = new RefusedBodyException(Refusal.CHUNK);
        IOException gone = new ConnectionFailedException("gone");
        assertSame(refused, FailedCall.failureBehind(new UncheckedIOException(refused)));
        assertSame(gone, FailedCall.failureBehind(new RuntimeException(new IOException(gone))));
        assertNull(FailedCall.failureBehind(new IOException("disk full")));
        Exception circle = new Exception();
        circle.initCause(new Exception(circle));
        assertNull(FailedCall.failureBehind(circle));
    }
}
