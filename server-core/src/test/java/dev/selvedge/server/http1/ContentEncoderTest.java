package dev.selvedge.server.http1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContentEncoderTest {

    private final Output out = new Output();

    private String sent() {
        StringBuilder text = new StringBuilder();
        while (!out.isEmpty()) {
            text.append(new String(out.array(), out.from(), out.contiguous(), ISO_8859_1));
            out.sent(out.contiguous());
        }
        return text.toString();
    }

    private void write(ContentEncoder encoder, String text) {
        byte[] octets = text.getBytes(ISO_8859_1);
        for (int at = 0; at < octets.length;) {
            int n = encoder.write(octets, at, octets.length - at);
            assertTrue(n > 0);
            at += n;
        }
    }

    private ContentEncoder chunked() {
        return new ContentEncoder(out, true, Content.UNKNOWN_LENGTH);
    }

    @Test
    void smallWritesAreGatheredIntoOneChunk() {
        var encoder = chunked();
        write(encoder, "one");
        write(encoder, "two");
        assertEquals("", sent());

        encoder.end(FieldSection.EMPTY);

        assertEquals("6\r\nonetwo\r\n0\r\n\r\n", sent());
    }

    @Test
    void aFlushEndsTheChunk() {
        var encoder = chunked();
        write(encoder, "one");
        encoder.flush();
        encoder.flush();
        assertEquals("3\r\none\r\n", sent());

        write(encoder, "two");
        encoder.end(FieldSection.EMPTY);

        assertEquals("3\r\ntwo\r\n0\r\n\r\n", sent());
    }

    @Test
    void noContentIsOnlyTheLastChunk() {
        var encoder = chunked();
        encoder.flush();
        encoder.end(FieldSection.EMPTY);

        assertEquals("0\r\n\r\n", sent());
    }

    @Test
    void aLargeWriteIsAChunkOfItsOwnBehindWhatWasGathered() {
        var encoder = chunked();
        write(encoder, "ab");
        write(encoder, "x".repeat(512));
        encoder.end(FieldSection.EMPTY);

        assertEquals("2\r\nab\r\n200\r\n" + "x".repeat(512) + "\r\n0\r\n\r\n", sent());
    }

    @Test
    void aVeryLargeWriteIsSeveralChunks() {
        var encoder = chunked();
        write(encoder, "x".repeat(20_000));
        encoder.end(FieldSection.EMPTY);

        String chunk = "2000\r\n" + "x".repeat(8192) + "\r\n";
        assertEquals(chunk + chunk + "e20\r\n" + "x".repeat(3616) + "\r\n0\r\n\r\n", sent());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 15, 16, 255, 256, 511, 512, 513, 4095, 4096, 8191, 8192})
    void rule82_theSizeOfAChunkIsExact(int size) {
        var encoder = chunked();
        write(encoder, "y".repeat(size));
        encoder.flush();

        assertEquals(Integer.toHexString(size) + "\r\n" + "y".repeat(size) + "\r\n", sent());
    }

    @Test
    void withoutChunksTheContentIsSentAsItIs() {
        var encoder = new ContentEncoder(out, false, 10_000);
        assertEquals(10_000, encoder.room());
        write(encoder, "z".repeat(9_999));
        assertEquals(1, encoder.room());
        write(encoder, "!");
        assertEquals(0, encoder.room());
        assertTrue(encoder.end(FieldSection.EMPTY));

        assertEquals("z".repeat(9_999) + "!", sent());
    }

    @Test
    void rule82_lessThanWasPromisedIsNoEnd() {
        var encoder = new ContentEncoder(out, false, 3);
        write(encoder, "ab");
        assertFalse(encoder.end(FieldSection.EMPTY));

        write(encoder, "c");

        assertTrue(encoder.end(FieldSection.EMPTY));
        assertEquals("abc", sent());
    }

    @Test
    void anUnknownLengthHasRoomWithoutEnd() {
        var encoder = new ContentEncoder(out, false, Content.UNKNOWN_LENGTH);
        write(encoder, "abc");
        encoder.end(FieldSection.EMPTY);

        assertEquals(Long.MAX_VALUE, encoder.room());
        assertEquals("abc", sent());
    }

    @Test
    void trailersComeBehindTheLastChunkOnly() {
        FieldSection trailers = FieldSection.builder().add("A", "b").add("C", "").build();
        var encoder = chunked();
        write(encoder, "x");
        encoder.end(trailers);
        assertEquals("1\r\nx\r\n0\r\nA: b\r\nC: \r\n\r\n", sent());

        var unchunked = new ContentEncoder(out, false, Content.UNKNOWN_LENGTH);
        write(unchunked, "x");
        unchunked.end(trailers);
        assertEquals("x", sent());
    }

    /** What the decoder of requests finds in it is what was written. */
    @Test
    void anyWritesDecodeToWhatWasWritten() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            var encoder = chunked();
            StringBuilder written = new StringBuilder();
            for (int writes = random.nextInt(30); writes > 0; writes--) {
                int bound = random.nextBoolean() ? 30 : 10_000;
                String text = String.valueOf((char) ('a' + writes % 26)).repeat(random.nextInt(bound));
                write(encoder, text);
                written.append(text);
                if (random.nextInt(5) == 0) {
                    encoder.flush();
                }
            }
            encoder.end(FieldSection.EMPTY);
            byte[] coded = sent().getBytes(ISO_8859_1);
            byte[] content = new byte[coded.length];
            var decoder = new ChunkedDecoder(0, new HeadLimits(16, 16, 1));

            var result = decoder.decode(coded, 0, coded.length, content, 0, content.length);

            assertEquals(ChunkedDecoder.Result.END, result, () -> "seed " + seed);
            assertEquals(coded.length, decoder.consumed(), () -> "seed " + seed);
            assertEquals(written.toString(), new String(content, 0, decoder.produced(), ISO_8859_1),
                    () -> "seed " + seed);
        }
    }
}
