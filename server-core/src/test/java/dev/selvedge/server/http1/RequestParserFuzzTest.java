package dev.selvedge.server.http1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Reads any octets as requests: what comes out does not depend on how they are cut, a head that comes out is one of
 * the grammar that {@link CutsTest} has, and a refusal is for good.
 */
class RequestParserFuzzTest {

    private static final Vector.Limits NARROW = new Vector.Limits(new HeadLimits(60, 120, 4), 8);

    static Stream<byte[]> vectors() {
        return VectorTest.vectors().map(Vector::octets).filter(octets -> octets.length <= 1000);
    }

    @MethodSource("vectors")
    @FuzzTest
    void readsRequests(byte[] octets) {
        parse(octets);
        Random random = Pieces.random(octets);
        Vector.Limits limits = random.nextInt(4) == 0 ? NARROW : Vector.Limits.DEFAULT;

        Reading.Result whole = Reading.read(octets, limits, Integer.MAX_VALUE);
        Reading.Result cut = Reading.read(octets, limits, Integer.MAX_VALUE, Pieces.cuts(octets, random));

        assertEquals(whole.events(), cut.events());
    }

    private static void parse(byte[] octets) {
        RequestParser parser = new RequestParser(Vector.Limits.DEFAULT.head());
        int length = parser.parse(octets, 0, octets.length);

        assertTrue(length >= RequestParser.REFUSED && length <= octets.length, () -> "length " + length);
        if (length > 0) {
            assertTrue(CutsTest.HEAD.matcher(Spelling.text(octets).substring(0, length)).matches());
            RequestHead head = parser.head(octets, 0);
            int end = Math.max(head.pathTo(), head.queryTo());
            assertTrue(head.target().endsWith(Spelling.text(head.octets()).substring(head.pathFrom(), end))
                    || head.form() == TargetForm.ASTERISK);
        } else if (length == RequestParser.REFUSED) {
            assertEquals(RequestParser.REFUSED, parser.parse(octets, 0, octets.length));
        }
    }
}
