package dev.selvedge.server.http1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Damages the vectors at random, and checks that what comes out does not depend on how the bytes are cut, and that no
 * head comes out that a grammar written down independently would not accept.
 */
class CutsTest {

    private static final int ROUNDS = 20_000;

    private static final int LONGEST = 400;

    private static final String TOKEN = "[!#$%&'*+\\-.^_`|~0-9A-Za-z]";

    /** A head as RFC 9112 §2.1, §3 and §5 have it, without what later rules forbid. */
    static final Pattern HEAD = Pattern.compile("(\r\n){0,16}" + TOKEN + "{1,32} [!-~&&[^\"#<>\\\\^`{|}]]+ "
            + "HTTP/1\\.[0-9]\r\n(" + TOKEN + "+:[\t -~\u0080-\u00FF]*\r\n)*\r\n");

    private static final Vector.Limits NARROW = new Vector.Limits(new HeadLimits(40, 60, 3), 5);

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);

    private static List<byte[]> seeds() {
        return VectorTest.vectors().map(Vector::octets).filter(octets -> octets.length <= LONGEST).toList();
    }

    @Test
    void eventsDoNotDependOnCuts() {
        List<byte[]> seeds = seeds();
        for (int round = 0; round < ROUNDS; round++) {
            byte[] octets = damaged(seeds);
            Vector.Limits limits = random.nextInt(4) == 0 ? NARROW : Vector.Limits.DEFAULT;
            int[] cuts = random.ints(random.nextInt(12), 0, octets.length + 1).sorted().toArray();

            Reading.Result whole = Reading.read(octets, limits, Integer.MAX_VALUE);
            Reading.Result cut = Reading.read(octets, limits, Integer.MAX_VALUE, cuts);

            assertEquals(whole.events(), cut.events(), () -> "seed " + seed + ": " + Spelling.text(octets));
        }
    }

    @Test
    void onlyHeadsOfTheGrammarComeOut() {
        RequestParser parser = new RequestParser(Vector.Limits.DEFAULT.head());
        List<byte[]> seeds = seeds();
        int accepted = 0;
        for (int round = 0; round < ROUNDS; round++) {
            byte[] octets = damaged(seeds);
            parser.reset();
            int length = parser.parse(octets, 0, octets.length);
            if (length > 0) {
                accepted++;
                String head = Spelling.text(octets).substring(0, length);
                assertTrue(HEAD.matcher(head).matches(), () -> "seed " + seed + ": " + head);
            }
        }
        int heads = accepted;
        assertTrue(heads > ROUNDS / 20, () -> "seed " + seed + ": only " + heads + " heads came out");
    }

    /** Puts one or two vectors together and changes, removes, doubles or inserts an octet here and there. */
    private byte[] damaged(List<byte[]> seeds) {
        List<Byte> octets = new ArrayList<>();
        for (int part = random.nextInt(2); part >= 0; part--) {
            for (byte octet : seeds.get(random.nextInt(seeds.size()))) {
                octets.add(octet);
            }
        }
        for (int change = random.nextInt(3); change > 0 && !octets.isEmpty(); change--) {
            int at = random.nextInt(octets.size());
            switch (random.nextInt(5)) {
                case 0 -> octets.set(at, (byte) random.nextInt(256));
                case 1 -> octets.remove(at);
                case 2 -> octets.add(at, octets.get(at));
                case 3 -> octets.add(at, (byte) "\r\n\t :;,=\"%/.?#0@[]".charAt(random.nextInt(18)));
                default -> octets.set(at, octets.get(random.nextInt(octets.size())));
            }
        }
        byte[] damaged = new byte[octets.size()];
        for (int index = 0; index < damaged.length; index++) {
            damaged[index] = octets.get(index);
        }
        return damaged;
    }
}
