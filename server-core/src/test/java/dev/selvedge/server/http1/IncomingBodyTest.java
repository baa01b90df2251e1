package dev.selvedge.server.http1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IncomingBodyTest {

    private static final ConnectionLimits LIMITS = DrivenConnection.LIMITS;

    private static final String CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n";

    private final Input in = new Input();
    private final Output out = new Output();
    private final byte[] dst = new byte[1000];

    private void put(String text) {
        for (byte octet : text.getBytes(ISO_8859_1)) {
            in.prepare(new byte[100], 0);
            in.array()[in.to()] = octet;
            in.added(1);
        }
    }

    private String rest() {
        return new String(in.array(), in.from(), in.length(), ISO_8859_1);
    }

    private IncomingBody length(long octets) {
        return body("Content-Length: " + octets + "\r\n");
    }

    private IncomingBody chunked() {
        return body("Transfer-Encoding: chunked\r\n");
    }

    private IncomingBody body(String fields) {
        byte[] octets = ("POST / HTTP/1.1\r\nHost: h\r\n" + fields + "\r\n").getBytes(ISO_8859_1);
        var parser = new RequestParser(LIMITS.head());
        assertEquals(octets.length, parser.parse(octets, 0, octets.length));
        return IncomingBody.of(parser.head(octets, 0), in, out, LIMITS);
    }

    private String sent() {
        String sent = new String(out.array(), out.from(), out.contiguous(), ISO_8859_1);
        out.clear();
        return sent;
    }

    private String read(IncomingBody body, int room) {
        StringBuilder text = new StringBuilder();
        for (int n = body.read(dst, 3, room); n > 0; n = body.read(dst, 3, room)) {
            text.append(new String(dst, 3, n, ISO_8859_1));
        }
        return text.toString();
    }

    @Test
    void rule43_withoutFramingThereIsNoBody() {
        assertNull(body(""));
    }

    @Test
    void rule43_aBodyHasExactlyTheLengthThatItSays() {
        IncomingBody body = length(5);
        put("hello GET /next");

        assertEquals(5, body.declared());
        assertEquals("hello", read(body, 1000));
        assertTrue(body.ended());
        assertEquals(IncomingBody.END, body.read(dst, 0, 10));
        assertEquals(" GET /next", rest());
    }

    @Test
    void rule43_aLengthOfZeroHasEnded() {
        IncomingBody body = length(0);

        assertTrue(body.ended());
        assertEquals(IncomingBody.END, body.read(dst, 0, 10));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 997})
    void rule93_itMayComeAndGoInPiecesOfAnySize(int room) {
        IncomingBody body = length(6);
        StringBuilder text = new StringBuilder();
        for (String piece : new String[] {"a", "", "bc", "def"}) {
            put(piece);
            text.append(read(body, room));
        }

        assertEquals("abcdef", text.toString());
        assertTrue(body.ended());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 997})
    void rule54_chunksAreJoined(int room) {
        IncomingBody body = chunked();
        put("3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\nX: y\r\n\r\nGET");

        assertEquals(-1, body.declared());
        assertEquals(FieldSection.EMPTY, body.trailers());
        assertEquals("abc0123456789", read(body, room));
        assertTrue(body.ended());
        assertEquals("y", body.trailers().first("x"));
        assertEquals("GET", rest());
    }

    @Test
    void withoutInputMoreIsNeeded() {
        IncomingBody body = chunked();
        assertEquals(IncomingBody.NEED_INPUT, body.read(dst, 0, 10));
        put("5\r\n");
        assertEquals(IncomingBody.NEED_INPUT, body.read(dst, 0, 10));
        put("a");
        assertEquals(1, body.read(dst, 0, 10));
        assertEquals(IncomingBody.NEED_INPUT, body.read(dst, 0, 10));
    }

    @Test
    void rule92_aLengthBeyondTheLimitIsRefusedAtOnce() {
        IncomingBody body = length(11);
        body.limit(10);

        assertEquals(Refusal.BODY_TOO_LARGE, body.refusal());
        assertEquals(IncomingBody.REFUSED, body.read(dst, 0, 10));
    }

    @Test
    void rule92_aLengthAtTheLimitIsNot() {
        IncomingBody body = length(10);
        body.limit(10);
        put("0123456789");

        assertEquals("0123456789", read(body, 1000));
        assertNull(body.refusal());
    }

    @Test
    void rule92_chunksAreCountedWhileTheyCome() {
        IncomingBody body = chunked();
        body.limit(10);
        put("5\r\nabcde\r\n5\r\nfghij\r\n");
        assertEquals("abcdefghij", read(body, 4));
        assertNull(body.refusal());

        put("1\r\nk\r\n");

        assertEquals(IncomingBody.REFUSED, body.read(dst, 0, 10));
        assertEquals(Refusal.BODY_TOO_LARGE, body.refusal());
    }

    @Test
    void rule92_chunksUpToTheLimitAreRead() {
        IncomingBody body = chunked();
        body.limit(10);
        put("a\r\n0123456789\r\n0\r\n\r\n");

        assertEquals("0123456789", read(body, 1000));
        assertTrue(body.ended());
    }

    @Test
    void rule57_aBrokenChunkIsRefused() {
        IncomingBody body = chunked();
        put("3\r\nabcX\r\n");

        int first = body.read(dst, 0, 1);
        int last = first;
        while (last > 0) {
            last = body.read(dst, 0, 1);
        }

        assertEquals(IncomingBody.REFUSED, last);
        assertEquals(Refusal.CHUNK, body.refusal());
        assertFalse(body.ended());
    }

    @Test
    void theFirstReasonToRefuseIsKept() {
        IncomingBody body = length(5);
        body.refuse(Refusal.BODY_TIMEOUT);
        body.refuse(Refusal.BODY_INCOMPLETE);

        assertEquals(Refusal.BODY_TIMEOUT, body.refusal());
    }

    @Test
    void rule67_whatIsShortEnoughCanBeDrained() {
        IncomingBody body = length(1010);
        assertFalse(body.canBeDiscarded(1000));
        put("0123456789");
        read(body, 1000);
        assertTrue(body.canBeDiscarded(1000));
        assertFalse(body.canBeDiscarded(999));

        assertTrue(length(0).canBeDiscarded(0));
    }

    @Test
    void rule64_ofChunksNobodyKnowsWhatTheyWillComeTo() {
        IncomingBody body = chunked();
        assertFalse(body.canBeDiscarded(1000));
        put("3\r\nabc\r\n0\r\n\r\n");
        assertFalse(body.canBeDiscarded(1000), "the answer does not depend on how it is cut");

        assertEquals(3, body.read(dst, 0, 10));

        assertTrue(body.canBeDiscarded(0));
    }

    @Test
    void rule67_whatIsRefusedOrCutShortCannotBeDrained() {
        IncomingBody refused = length(10);
        refused.refuse(Refusal.BODY_TIMEOUT);
        assertFalse(refused.canBeDiscarded(1000));

        IncomingBody tooLong = chunked();
        tooLong.limit(2);
        put("3\r\nabc\r\n0\r\n\r\n");
        assertEquals(IncomingBody.REFUSED, tooLong.read(dst, 0, 10));
        assertFalse(tooLong.canBeDiscarded(1000), "it does not matter that its end came, too");

        IncomingBody cut = length(10);
        in.end();
        assertFalse(cut.canBeDiscarded(1000));
    }

    @Test
    void rule73_aBodyThatMayNeverComeCannotBeDrained() {
        IncomingBody waiting = body("Expect: 100-continue\r\nContent-Length: 5\r\n");
        assertFalse(waiting.canBeDiscarded(1000));

        put("h");

        assertTrue(waiting.canBeDiscarded(1000), "the client does not wait");
    }

    @Test
    void rule71_theClientIsAskedForItsBodyOnceWhenItIsNeeded() {
        IncomingBody body = body("Expect: 100-continue\r\nContent-Length: 5\r\n");
        assertEquals("", sent());

        assertEquals(IncomingBody.NEED_INPUT, body.read(dst, 0, 10));
        assertEquals(CONTINUE, sent());
        assertEquals(IncomingBody.NEED_INPUT, body.read(dst, 0, 10));

        assertEquals("", sent());
        assertTrue(body.canBeDiscarded(1000), "it was asked, so it will come");
    }

    @Test
    void rule71_collectingAsksToo() {
        IncomingBody body = body("Expect: 100-continue\r\nTransfer-Encoding: chunked\r\n");

        assertEquals(IncomingBody.NEED_INPUT, body.collect());

        assertEquals(CONTINUE, sent());
    }

    @Test
    void rule75_aClientThatHasBegunToSendIsNotAsked() {
        IncomingBody body = body("Expect: 100-continue\r\nContent-Length: 5\r\n");
        put("h");

        assertEquals(1, body.read(dst, 0, 10));
        assertEquals(IncomingBody.NEED_INPUT, body.read(dst, 0, 10));

        assertEquals("", sent());
    }

    @Test
    void rule75_afterTheFinalResponseNobodyIsAsked() {
        IncomingBody body = body("Expect: 100-continue\r\nContent-Length: 5\r\n");
        body.answered();

        assertFalse(body.canBeDiscarded(1000), "it was not asked, so it may come or not");
        assertEquals(IncomingBody.TOO_MUCH, body.discard(1000));
        assertEquals(IncomingBody.NEED_INPUT, body.read(dst, 0, 10));

        assertEquals("", sent());
    }

    @Test
    void rule96_theEndOfInputWithinABodyIsNotItsEnd() {
        for (IncomingBody body : new IncomingBody[] {length(5), chunked()}) {
            put("2\r\n");
            in.end();
            while (body.read(dst, 0, 10) > 0) {
                assertFalse(body.ended());
            }

            assertEquals(Refusal.BODY_INCOMPLETE, body.refusal());
            assertFalse(body.ended());
            in.clear();
        }
    }

    @Test
    void rule96_aBodyThatIsCompleteAtTheEndOfInputIsComplete() {
        IncomingBody body = length(5);
        put("hello");
        in.end();

        assertEquals("hello", read(body, 2));
        assertTrue(body.ended());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 511, 512, 513, 65_535, 65_536, 65_537, 200_000})
    void aBodyOfAnyLengthIsCollectedAsItCame(int length) {
        String text = "x".repeat(length);
        for (boolean coded : new boolean[] {false, true}) {
            IncomingBody body = coded ? chunked() : length(length);
            String wire = !coded ? text : (length == 0 ? "" : Integer.toHexString(length) + "\r\n" + text + "\r\n")
                    + "0\r\n\r\n";
            int at = 0;
            int result = body.collect();
            for (int piece = 1; result == IncomingBody.NEED_INPUT; piece = 2 * piece + 1) {
                int n = Math.min(piece, wire.length() - at);
                put(wire.substring(at, at + n));
                at += n;
                result = body.collect();
            }
            byte[] collected = body.takeCollected();

            assertEquals(IncomingBody.END, result);
            assertEquals(text, new String(collected, ISO_8859_1));
        }
    }

    @Test
    void aLengthThatIsOnlyClaimedIsGivenLittleMemory() {
        IncomingBody body = length(1L << 40);
        put("abc");

        assertEquals(IncomingBody.NEED_INPUT, body.collect());

        assertEquals(3, body.takeCollected().length, "and no OutOfMemoryError");
    }

    @Test
    void rule67_discardingFindsTheEndOfALength() {
        IncomingBody body = length(5);
        assertEquals(IncomingBody.NEED_INPUT, body.discard(1000));
        put("helloGET /");

        assertEquals(IncomingBody.END, body.discard(1000));
        assertEquals("GET /", rest());
    }

    @Test
    void rule67_discardingFindsTheEndOfChunks() {
        IncomingBody body = chunked();
        put("5\r\nhello\r\n1;a=b\r\n!\r\n0\r\nA: b\r\n\r\nGET /");

        assertEquals(IncomingBody.END, body.discard(1000));
        assertEquals("GET /", rest());
    }
}
