package dev.selvedge.server.http1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class InputTest {

    private final Input in = new Input();
    private final byte[] scratch = new byte[16];

    private void put(String text) {
        put(text, scratch, 0);
    }

    private void put(String text, byte[] lent, int at) {
        for (byte octet : text.getBytes(ISO_8859_1)) {
            in.prepare(lent, at);
            in.array()[in.to()] = octet;
            in.added(1);
        }
    }

    private String window() {
        return new String(in.array(), in.from(), in.length(), ISO_8859_1);
    }

    @Test
    void anEmptyInputUsesTheLentArray() {
        in.prepare(scratch, 0);

        assertSame(scratch, in.array());
        assertEquals(scratch.length, in.room());
        assertTrue(in.isEmpty());
    }

    @Test
    void whatIsLeftAtTheEndOfATurnNoLongerLiesInTheLentArray() {
        put("abcdef");
        in.skip(2);

        in.settle();
        java.util.Arrays.fill(scratch, (byte) '#');

        assertNotSame(scratch, in.array());
        assertEquals("cdef", window());
    }

    @Test
    void anEmptyInputKeepsNoArrayAfterATurn() {
        put("abc");
        in.skip(3);

        in.settle();

        assertEquals(0, in.array().length);
    }

    @Test
    void theWindowGrowsWhenTheLentArrayIsFull() {
        String text = "0123456789abcdefghijklmnopqrstuvwxyz";

        put(text);

        assertEquals(text, window());
        assertNotSame(scratch, in.array());
    }

    @Test
    void usedOctetsMakeRoomBeforeTheArrayGrows() {
        put("0123456789abcdefg");
        byte[] own = in.array();
        put("x".repeat(own.length - 17));
        in.skip(own.length - 4);

        put("yz");

        assertSame(own, in.array());
        assertEquals("xxxxyz", window());
    }

    @Test
    void ofALentArrayItHasWhatLiesBehindTheIndex() {
        java.util.Arrays.fill(scratch, (byte) '#');

        in.prepare(scratch, 10);
        assertEquals(6, in.room());
        put("abcdef", scratch, 10);
        in.skip(5);
        put("ghi", scratch, 10);

        assertEquals("fghi", window());
        assertEquals("##########abcdef", new String(scratch, ISO_8859_1), "others' octets lie before the index");
        assertEquals(10, in.seal(scratch, 10), "what it needed more is its own");
    }

    @Test
    void behindASealedWindowTheLentArrayIsOthers() {
        java.util.Arrays.fill(scratch, (byte) '#');
        put("abc", scratch, 4);

        assertEquals(7, in.seal(scratch, 4));
        put("def", scratch, 7);

        assertEquals("abcdef", window());
        assertEquals("####abc#########", new String(scratch, ISO_8859_1));
        in.clear();
        in.settle();
        put("gh", scratch, 7);
        assertEquals(9, in.seal(scratch, 7));
    }

    @Test
    void itTellsWhetherItBeginsWithAMethod() {
        put("x\r\n\r\nHEAD /");
        in.skip(1);

        assertTrue(in.beginsRequest("HEAD "));
        assertFalse(in.beginsRequest("GET "));
        assertFalse(in.beginsRequest("HEAD / HTTP/1.1"));
    }

    @Test
    void nothingButEmptyLinesMayStandBeforeAMethod() {
        put("\rHEAD /");
        assertFalse(in.beginsRequest("HEAD "));

        in.clear();
        put("\r\n".repeat(RequestParser.MAX_EMPTY_LINES) + "HEAD /");
        assertTrue(in.beginsRequest("HEAD "));

        in.clear();
        put("\r\n".repeat(RequestParser.MAX_EMPTY_LINES + 1) + "HEAD /");
        assertFalse(in.beginsRequest("HEAD "));
    }

    @Test
    void clearingDropsEverything() {
        put("abc");

        in.clear();

        assertTrue(in.isEmpty());
        assertEquals("", window());
    }

    /** Against a plain string, over thousands of random steps. */
    @Test
    void octetsComeOutAsTheyWentInWhateverTheSteps() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        StringBuilder expected = new StringBuilder();
        int next = 0;
        for (int step = 0; step < 20_000; step++) {
            switch (random.nextInt(4)) {
                case 0, 1 -> {
                    byte[] lent = new byte[random.nextInt(1, 40)];
                    int at = random.nextInt(lent.length);
                    for (int n = random.nextInt(30); n > 0; n--) {
                        char octet = (char) ('a' + next++ % 26);
                        put(String.valueOf(octet), lent, at);
                        expected.append(octet);
                    }
                }
                case 2 -> {
                    int n = random.nextInt(expected.length() + 1);
                    in.skip(n);
                    expected.delete(0, n);
                }
                default -> in.settle();
            }
            assertEquals(expected.toString(), window(), () -> "seed " + seed);
        }
    }
}
