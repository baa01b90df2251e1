package dev.selvedge.server.http1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.selvedge.server.http1.ChunkedDecoder.Result;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Decodes any octets: what comes out does not depend on how they are cut, where they lie and how much room there is,
 * and a body that comes out is the one that a reader which only believes sizes would find.
 */
class ChunkedDecoderFuzzTest {

    private static final HeadLimits LIMITS = new HeadLimits(16, 100, 4);
    private static final int MAX_EXTENSION_BYTES = 32;
    private static final byte FILL = 'f';

    /**
     * What came out.
     *
     * @param end the last answer
     * @param refusal or null
     * @param consumed octets of the input; behind a refusal they mean nothing
     * @param body the content
     * @param trailers the number of trailer lines
     */
    private record Outcome(Result end, Refusal refusal, int consumed, String body, int trailers) { }

    static Stream<byte[]> vectors() {
        return VectorTest.vectors().map(vector -> Spelling.text(vector.octets()))
                .filter(text -> text.contains("chunked\r\n\r\n") && text.length() <= 1000)
                .map(text -> Spelling.octets(text.substring(text.indexOf("\r\n\r\n") + 4)));
    }

    @MethodSource("vectors")
    @FuzzTest
    void decodes(byte[] octets) {
        Random random = Pieces.random(octets);
        Outcome whole = decode(octets, null);
        Outcome cut = decode(octets, random, Pieces.cuts(octets, random));

        assertEquals(whole, cut);
        if (whole.end() == Result.END) {
            assertEquals(believe(Spelling.text(octets).substring(0, whole.consumed())), whole.body());
        }
    }

    /** Decodes piece by piece; without whims, with room for everything. */
    private static Outcome decode(byte[] octets, Random whims, int... cuts) {
        ChunkedDecoder decoder = new ChunkedDecoder(MAX_EXTENSION_BYTES, LIMITS);
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        Result result = Result.NEED_INPUT;
        int at = 0;
        for (int piece = 0; piece <= cuts.length && result == Result.NEED_INPUT; piece++) {
            int to = piece < cuts.length ? cuts[piece] : octets.length;
            do {
                boolean inPlace = whims != null && whims.nextBoolean();
                int room = inPlace ? to - at : whims == null ? octets.length : whims.nextInt(1, 40);
                result = inPlace ? decodeInPlace(decoder, octets, at, to, body)
                        : decodeElsewhere(decoder, octets, at, to, room, body);
                assertTrue(result != Result.NEED_INPUT || decoder.consumed() == to - at, "input is left");
                assertTrue(result != Result.NEED_ROOM || decoder.produced() == room, "room is left");
                at += decoder.consumed();
            } while (result == Result.NEED_ROOM);
        }
        assertTrue(at <= octets.length);
        int consumed = result == Result.REFUSED ? 0 : at;
        return new Outcome(result, decoder.refusal(), consumed, Spelling.text(body.toByteArray()),
                decoder.trailers().size());
    }

    private static Result decodeElsewhere(ChunkedDecoder decoder, byte[] octets, int from, int to, int room,
            ByteArrayOutputStream body) {
        byte[] src = octets.clone();
        byte[] dst = new byte[room + 2];
        Arrays.fill(dst, FILL);
        Result result = decoder.decode(src, from, to, dst, 1, 1 + room);
        assertTrue(Arrays.equals(src, octets), "the input was changed");
        assertTrue(dst[0] == FILL && dst[1 + room] == FILL, "wrote beyond the room");
        body.write(dst, 1, decoder.produced());
        return result;
    }

    /** As bodies are read away: content goes where its coding was. */
    private static Result decodeInPlace(ChunkedDecoder decoder, byte[] octets, int from, int to,
            ByteArrayOutputStream body) {
        byte[] both = octets.clone();
        Result result = decoder.decode(both, from, to, both, from, to);
        assertTrue(Arrays.equals(both, to, both.length, octets, to, octets.length), "wrote beyond the room");
        body.write(both, from, decoder.produced());
        return result;
    }

    /** Reads a well-formed body by its sizes alone. */
    private static String believe(String coded) {
        StringBuilder body = new StringBuilder();
        int at = 0;
        while (true) {
            int line = coded.indexOf("\r\n", at);
            int size = Integer.parseInt(coded.substring(at, line).replaceFirst("(?s)[ \t;].*", ""), 16);
            if (size == 0) {
                return body.toString();
            }
            body.append(coded, line + 2, line + 2 + size);
            at = line + 2 + size + 2;
        }
    }
}
