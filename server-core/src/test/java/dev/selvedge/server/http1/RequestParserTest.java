package dev.selvedge.server.http1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class RequestParserTest {

    private static final byte[] REQUEST = Spelling.octets("POST /a/b?c HTTP/1.1\r\nHost: localhost\r\n"
            + "Connection: keep-alive\r\nContent-Length: 17\r\nAccept: */*\r\nX:  y \r\n\r\n");

    private final RequestParser parser = new RequestParser(new HeadLimits(8192, 16_384, 100));

    private int parse(String text) {
        return parser.parse(Spelling.octets(text), 0, text.length());
    }

    @Test
    void isIdleUntilARequestBegins() {
        assertTrue(parser.idle());
        assertEquals(RequestParser.INCOMPLETE, parse(""));
        assertTrue(parser.idle());
        assertEquals(RequestParser.INCOMPLETE, parse("\r"));
        assertEquals(RequestParser.INCOMPLETE, parse("\r\n"));
        assertTrue(parser.idle());
        assertEquals(RequestParser.INCOMPLETE, parse("\r\nG"));
        assertFalse(parser.idle());
    }

    @Test
    void isIdleAgainBehindAHead() {
        assertEquals(REQUEST.length, parser.parse(REQUEST, 0, REQUEST.length));
        assertFalse(parser.idle());
        parser.head(REQUEST, 0);
        assertTrue(parser.idle());
    }

    @Test
    void resetForgetsARefusal() {
        assertEquals(RequestParser.REFUSED, parse("?"));
        assertSame(Refusal.METHOD, parser.refusal());
        assertEquals(RequestParser.REFUSED, parser.parse(REQUEST, 0, REQUEST.length), "a refusal is for good");
        parser.reset();
        assertTrue(parser.idle());
        assertEquals(REQUEST.length, parser.parse(REQUEST, 0, REQUEST.length));
    }

    @Test
    void aRefusalOfTheFieldsIsForGoodToo() {
        String noHost = "GET / HTTP/1.1\r\n\r\n";
        assertEquals(RequestParser.REFUSED, parse(noHost));
        assertEquals(RequestParser.REFUSED, parse(noHost + "GET / HTTP/1.0\r\n\r\n"));
        assertSame(Refusal.HOST_MISSING, parser.refusal());
    }

    @Test
    void resetForgetsABeginning() {
        for (int length = 0; length < REQUEST.length; length++) {
            assertEquals(RequestParser.INCOMPLETE, parser.parse(REQUEST, 0, length));
            parser.reset();
            assertTrue(parser.idle());
        }
        assertEquals(REQUEST.length, parser.parse(REQUEST, 0, REQUEST.length));
    }

    @Test
    void aHeadOwnsItsOctets() {
        byte[] bytes = REQUEST.clone();
        parser.parse(bytes, 0, bytes.length);
        RequestHead head = parser.head(bytes, 0);
        Arrays.fill(bytes, (byte) 0);
        byte[] other = Spelling.octets("GET /other?query HTTP/1.1\r\nHost: b\r\nA: b\r\nB: c\r\nC: d\r\nD: e\r\n\r\n");
        parser.parse(other, 0, other.length);
        RequestHead otherHead = parser.head(other, 0);

        assertNotSame(head.octets(), otherHead.octets());
        assertEquals("/a/b?c", head.target());
        assertEquals("localhost", head.authority());
        assertEquals("y", head.fields().value(4));
        assertEquals("/other?query", otherHead.target());
    }

    @Test
    void oneHeadLeavesNothingForTheNext() {
        byte[] first = Spelling.octets("GET http://first/ HTTP/1.0\r\nHost: x\r\nConnection: keep-alive\r\n\r\n");
        assertEquals(first.length, parser.parse(first, 0, first.length));
        assertTrue(parser.head(first, 0).persistent());
        byte[] second = Spelling.octets("GET / HTTP/1.0\r\n\r\n");
        assertEquals(second.length, parser.parse(second, 0, second.length));
        RequestHead head = parser.head(second, 0);

        assertEquals("", head.authority());
        assertSame(TargetForm.ORIGIN, head.form());
        assertFalse(head.persistent());
        assertSame(Framing.NONE, head.framing());
        assertEquals(0, head.fields().size());
    }

    @Test
    void moreFieldsThanTheFirstRoom() {
        StringBuilder text = new StringBuilder("GET / HTTP/1.0\r\n");
        for (int line = 0; line < 100; line++) {
            text.append("N").append(line).append(":").append(line % 2 == 0 ? " " : "").append(line).append("\r\n");
        }
        String request = text + "\r\n";

        assertEquals(request.length(), parse(request));
        FieldSection fields = parser.head(Spelling.octets(request), 0).fields();
        assertEquals(100, fields.size());
        assertEquals("57", fields.first("n57"));
    }

    @Test
    void knownFieldsAreKnownAtTheEndOfAnArray() {
        for (String request : new String[] {"GET / HTTP/1.1\r\nHost:\r\n\r\n", "GET / HTTP/1.1\r\nhost:a\r\n\r\n"}) {
            byte[] bytes = Spelling.octets(request);
            for (int length = 1; length < bytes.length; length++) {
                assertEquals(RequestParser.INCOMPLETE, parser.parse(Arrays.copyOf(bytes, length), 0, length));
            }
            assertEquals(bytes.length, parser.parse(bytes, 0, bytes.length));
            assertEquals(request.contains("a") ? "a" : "", parser.head(bytes, 0).authority());
        }
    }

    @Test
    void theLargestHeadFits() {
        RequestParser large = new RequestParser(new HeadLimits(32_500, 32_500, 10));
        String request = "\r\n".repeat(8) + "GET /" + "a".repeat(32_500 - "GET / HTTP/1.1".length()) + " HTTP/1.1\r\n"
                + "Host: a\r\nX: " + "b".repeat(32_500 - 9 - 5 - 6) + "\r\nY: z\r\n\r\n";
        byte[] bytes = Spelling.octets(request);

        assertEquals(16 + 32_500 + 2 + 32_500 + 2, bytes.length);
        assertEquals(bytes.length, large.parse(bytes, 0, bytes.length));
        RequestHead head = large.head(bytes, 0);
        assertEquals("a", head.authority());
        assertEquals("z", head.fields().first("Y"));
    }

    @Test
    void limitsAreChecked() {
        assertThrows(IllegalArgumentException.class, () -> new HeadLimits(15, 100, 1));
        assertThrows(IllegalArgumentException.class, () -> new HeadLimits(100, 15, 1));
        assertThrows(IllegalArgumentException.class, () -> new HeadLimits(100, 100, 0));
        assertThrows(IllegalArgumentException.class, () -> new HeadLimits(32_501, 32_500, 1));
        assertThrows(IllegalArgumentException.class, () -> new HeadLimits(Integer.MAX_VALUE, Integer.MAX_VALUE, 1));
        assertEquals(1, new HeadLimits(16, 64_984, 1).maxFields());
    }

    @Test
    void parsingAllocatesNothing() {
        assertEquals(0, allocatedBy(() -> {
            parser.parse(REQUEST, 0, REQUEST.length);
            parser.reset();
        }));
        assertEquals(0, allocatedBy(() -> {
            for (int length = 1; length <= REQUEST.length; length++) {
                parser.parse(REQUEST, 0, length);
            }
            parser.reset();
        }));
    }

    /** Returns the least that a call of the action allocates: the first calls load classes. */
    static long allocatedBy(Runnable action) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        for (int round = 0; round < 50; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            action.run();
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        return least;
    }

    @Test
    void rule89_aMethodThatFillsTheRequestLineLeavesNoRoomForATarget() {
        for (int max = 16; max <= RequestParser.MAX_METHOD_BYTES; max++) {
            RequestParser parser = new RequestParser(new HeadLimits(max, 100, 5));
            byte[] octets = Spelling.octets("M".repeat(max) + " ");

            assertEquals(RequestParser.REFUSED, parser.parse(octets, 0, octets.length));
            assertEquals(Refusal.TARGET_TOO_LONG, parser.refusal());

            parser = new RequestParser(new HeadLimits(max, 100, 5));
            octets = Spelling.octets("M".repeat(max - 1) + " /");
            assertEquals(RequestParser.INCOMPLETE, parser.parse(octets, 0, max), "one octet less leaves room so far");
            assertEquals(RequestParser.REFUSED, parser.parse(octets, 0, max + 1));
            assertEquals(Refusal.TARGET_TOO_LONG, parser.refusal());
        }
    }
}
