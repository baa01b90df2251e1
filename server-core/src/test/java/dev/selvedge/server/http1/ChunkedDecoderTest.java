package dev.selvedge.server.http1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.selvedge.server.http1.ChunkedDecoder.Result;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ChunkedDecoderTest {

    private static final HeadLimits TRAILERS = new HeadLimits(16, 1000, 10);

    private final ChunkedDecoder decoder = new ChunkedDecoder(64, TRAILERS);
    private final byte[] room = new byte[100];

    private Result decode(String coded, int limit) {
        return decoder.decode(Spelling.octets(coded), 0, coded.length(), room, 0, limit);
    }

    private String produced() {
        return Spelling.text(Arrays.copyOf(room, decoder.produced()));
    }

    @Test
    void tellsWhatItUsedAndMade() {
        byte[] coded = Spelling.octets("xx3\r\nabc\r\n0\r\n\r\nyy");
        byte[] dst = Spelling.octets("..........");

        assertSame(Result.END, decoder.decode(coded, 2, coded.length, dst, 4, dst.length));

        assertEquals(coded.length - 4, decoder.consumed());
        assertEquals(3, decoder.produced());
        assertEquals("....abc...", Spelling.text(dst));
        assertSame(FieldSection.EMPTY, decoder.trailers());
    }

    @Test
    void stopsWhenThereIsNoRoomForData() {
        assertSame(Result.NEED_ROOM, decode("5\r\nabcde\r\n", 2));
        assertEquals("ab", produced());
        assertEquals(5, decoder.consumed());
        assertSame(Result.NEED_ROOM, decode("cde\r\n", 0));
        assertEquals(0, decoder.produced());
        assertEquals(0, decoder.consumed());
        assertSame(Result.NEED_INPUT, decode("cde\r\n", 3));
        assertEquals("cde", produced());
        assertEquals(5, decoder.consumed());
    }

    @Test
    void needsNoRoomToSeeTheEnd() {
        assertSame(Result.END, decode("1\r\na\r\n0\r\n\r\n", 1));
        assertEquals("a", produced());
    }

    @Test
    void needsInputWhenBothAreUsedUp() {
        assertSame(Result.NEED_INPUT, decode("3\r\nab", 2));
        assertSame(Result.NEED_INPUT, decode("", 0));
        assertEquals(0, decoder.consumed());
        assertEquals(0, decoder.produced());
    }

    @Test
    void staysAtItsEnd() {
        assertSame(Result.END, decode("0\r\nA: b\r\n\r\n", 0));
        assertSame(Result.END, decode("3\r\nabc\r\n", 100));
        assertEquals(0, decoder.consumed());
        assertEquals(0, decoder.produced());
        assertEquals("b", decoder.trailers().first("a"));
    }

    @Test
    void staysRefused() {
        assertSame(Result.REFUSED, decode("3\r\nabcX", 100));
        assertEquals("abc", produced());
        assertSame(Refusal.CHUNK, decoder.refusal());
        assertSame(Result.REFUSED, decode("\r\n0\r\n\r\n", 100));
        assertEquals(0, decoder.consumed());
    }

    @Test
    void rule92_aChunkBeyondTheLimitIsRefusedBeforeItComes() {
        decoder.limit(5);
        assertSame(Result.NEED_INPUT, decode("2\r\nab\r\n3\r\n", 100));
        assertSame(Result.END, decode("cde\r\n0\r\n\r\n", 100));

        for (String size : new String[] {"6", "100000002", "7fffffffffffffff"}) {
            ChunkedDecoder limited = new ChunkedDecoder(100, TRAILERS);
            limited.limit(5);
            byte[] line = Spelling.octets(size + "\r\n");
            assertSame(Result.REFUSED, limited.decode(line, 0, line.length, room, 0, 0));
            assertSame(Refusal.BODY_TOO_LARGE, limited.refusal());
        }
    }

    @Test
    void decodesInPlace() {
        byte[] bytes = Spelling.octets("4;x=y\r\nabcd\r\nA\r\n0123456789\r\n1\r\n!\r\n0\r\n\r\n");

        assertSame(Result.END, decoder.decode(bytes, 0, bytes.length, bytes, 0, bytes.length));

        assertEquals("abcd0123456789!", Spelling.text(Arrays.copyOf(bytes, decoder.produced())));
    }

    @Test
    void trailersAreTheirOwnOctets() {
        byte[] coded = Spelling.octets("0\r\nA: b\r\n\r\nG: h\r\n");
        assertSame(Result.END, decoder.decode(coded, 0, coded.length, room, 0, 0));
        Arrays.fill(coded, (byte) 0);

        assertEquals("b", decoder.trailers().first("A"));
        assertEquals(1, decoder.trailers().size());
        assertEquals(11, decoder.consumed());
    }

    @Test
    void longTrailersFit() {
        String coded = "0\r\nA: " + "b".repeat(400) + "\r\nC: " + "d".repeat(585) + "\r\n\r\n";

        assertSame(Result.END, decode(coded, 0));
        assertEquals("d".repeat(585), decoder.trailers().first("C"));
    }

    @Test
    void decodingAllocatesNothing() {
        byte[] coded = Spelling.octets("3;a=\"b\"\r\nabc\r\n00A\r\n0123456789\r\n");
        ChunkedDecoder decoder = new ChunkedDecoder(1000, TRAILERS);

        assertEquals(0, RequestParserTest.allocatedBy(() -> {
            assertSame(Result.NEED_INPUT, decoder.decode(coded, 0, coded.length, room, 0, room.length));
        }));
    }
}
