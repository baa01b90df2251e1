package dev.selvedge.server.http1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OutputTest {

    private final Output out = new Output();
    private final byte[] scratch = new byte[16];

    private static byte[] octets(String text) {
        return text.getBytes(ISO_8859_1);
    }

    private void put(String text) {
        out.put(octets(text), 0, text.length());
    }

    /** Sends at most n octets and returns them. */
    private String send(int n) {
        int count = Math.min(n, out.contiguous());
        String sent = new String(out.array(), out.from(), count, ISO_8859_1);
        out.sent(count);
        return sent;
    }

    private String sendAll() {
        StringBuilder sent = new StringBuilder();
        while (!out.isEmpty()) {
            sent.append(send(3));
        }
        return sent.toString();
    }

    @Test
    void theLentArrayIsUsedAsLongAsItIsLargeEnough() {
        out.lend(scratch, 0);
        put("0123456789");

        assertSame(scratch, out.array());
        assertEquals("0123456789", sendAll());
    }

    @Test
    void nothingIsLentWhileSomethingIsToBeSent() {
        put("abc");
        byte[] own = out.array();

        out.lend(scratch, 0);

        assertSame(own, out.array());
        assertEquals("abc", sendAll());
    }

    @Test
    void ofALentArrayItHasWhatLiesBehindTheIndex() {
        Arrays.fill(scratch, (byte) '#');
        out.lend(scratch, 4);
        put("abcdef");
        assertEquals("abc", send(3));
        put("ghijkl");
        put("m");

        assertEquals("defghijklm", sendAll());
        put("n");
        assertSame(scratch, out.array());
        assertEquals("n", sendAll());
        assertEquals("####", new String(scratch, 0, 4, ISO_8859_1), "others' octets lie before the index");
    }

    @Test
    void behindASealedWindowTheLentArrayIsOthers() {
        Arrays.fill(scratch, (byte) '#');
        out.lend(scratch, 4);
        put("abc");

        assertEquals(7, out.seal(scratch, 4));
        assertEquals("a", send(1));
        put("de");

        assertEquals("bcde", sendAll());
        put("f");
        assertEquals("f", sendAll());
        assertEquals("#########", new String(scratch, 7, 9, ISO_8859_1));
        out.lend(scratch, 7);
        put("gh");
        assertEquals(9, out.seal(scratch, 7));
        assertEquals("gh", sendAll());
    }

    @Test
    void sealingTellsNothingOfAnArrayThatIsItsOwn() {
        put("abc");

        assertEquals(5, out.seal(scratch, 5));

        put("def");
        assertEquals("abcdef", sendAll());
    }

    @Test
    void whatIsLeftAtTheEndOfATurnNoLongerLiesInTheLentArray() {
        out.lend(scratch, 0);
        put("abcdef");
        send(2);

        out.settle();
        Arrays.fill(scratch, (byte) '#');

        assertNotSame(scratch, out.array());
        assertEquals("cdef", sendAll());
    }

    @Test
    void anEmptyOutputKeepsNoArrayAfterATurn() {
        put("abc");
        sendAll();

        out.settle();
        put("d");
        out.settle();

        assertEquals("d", sendAll());
        out.settle();
        assertEquals(0, out.array().length);
    }

    @Test
    void aTailIsSentBehindTheWindowWithoutACopy() {
        byte[] tail = octets("-tail-");
        put("window");
        out.putUncopied(tail, 1, 4);

        assertTrue(out.hasTail());
        assertEquals(10, out.length());
        assertEquals("window", send(100));
        assertSame(tail, out.array());
        assertEquals("ta", send(2));
        out.settle();
        assertEquals("il", send(100));
        assertFalse(out.hasTail());
        assertTrue(out.isEmpty());
    }

    @Test
    void aTailAloneSurvivesTheEndOfATurn() {
        out.lend(scratch, 0);
        out.putUncopied(octets("tail"), 0, 4);

        out.settle();
        out.lend(scratch, 0);

        assertEquals("tail", sendAll());
    }

    @Test
    void truncatingDropsWhatIsBehindTheFirstOctets() {
        put("sent+kept+dropped");
        send(5);

        out.truncate(5);
        put("new");

        assertEquals("kept+new", sendAll());
    }

    @Test
    void clearingDropsEverything() {
        put("abc");
        out.putUncopied(octets("tail"), 0, 4);

        out.clear();

        assertTrue(out.isEmpty());
        put("d");
        assertEquals("d", sendAll());
    }

    /** Against a plain string, over thousands of random steps. */
    @Test
    void octetsAreSentAsTheyWerePutWhateverTheSteps() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        byte[] shared = new byte[80];
        StringBuilder put = new StringBuilder();
        StringBuilder sent = new StringBuilder();
        for (int step = 0; step < 20_000; step++) {
            switch (random.nextInt(8)) {
                case 0, 1 -> {
                    if (!out.hasTail()) {
                        String text = String.valueOf((char) ('a' + step % 26)).repeat(random.nextInt(40));
                        put(text);
                        put.append(text);
                    }
                }
                case 2 -> sent.append(send(random.nextInt(30)));
                case 3 -> out.settle();
                case 4 -> {
                    byte[] lent = new byte[random.nextInt(1, 60)];
                    out.lend(lent, random.nextInt(lent.length));
                }
                case 5 -> Arrays.fill(shared, out.seal(shared, 0), shared.length, (byte) '#');
                case 6 -> out.lend(shared, random.nextInt(shared.length));
                default -> {
                    if (!out.hasTail() && random.nextInt(4) == 0) {
                        String text = "T".repeat(random.nextInt(1, 20));
                        out.putUncopied(octets(text), 0, text.length());
                        put.append(text);
                    }
                }
            }
            assertEquals(put.length() - sent.length(), out.length(), () -> "seed " + seed);
        }
        sent.append(sendAll());
        assertEquals(put.toString(), sent.toString(), () -> "seed " + seed);
    }
}
