package dev.selvedge.server.http1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ParserPoolTest {

    private static final int HOMES = 64;

    private final ParserPool pool = new ParserPool(Vector.Limits.DEFAULT.head());

    @Test
    void eachOfTheFirstConnectionsFindsItsParserAgain() {
        List<Byte> homes = new ArrayList<>();
        List<RequestParser> parsers = new ArrayList<>();
        for (int i = 0; i < HOMES; i++) {
            byte home = pool.home();
            homes.add(home);
            parsers.add(pool.take(home));
            if (i % 2 == 0) {
                pool.give(home, parsers.getLast()); // alone, and beside others
            }
        }
        for (int i = 1; i < HOMES; i += 2) {
            pool.give(homes.get(i), parsers.get(i));
        }
        assertEquals(HOMES, distinct(parsers));
        for (int i = HOMES - 1; i >= 0; i--) {
            assertSame(parsers.get(i), pool.take(homes.get(i)));
        }
    }

    @Test
    void nobodySharesAParserAndNoMoreAreKeptThanThereAreHomes() {
        List<RequestParser> taken = takeAll(3 * HOMES);
        assertEquals(3 * HOMES, distinct(taken));

        taken.forEach(parser -> pool.give(pool.home(), parser));
        List<RequestParser> again = takeAll(2 * HOMES);

        assertEquals(2 * HOMES, distinct(again));
        assertTrue(taken.containsAll(again.subList(0, HOMES)), "those that are kept are used first");
        assertTrue(Collections.disjoint(taken, again.subList(HOMES, 2 * HOMES)), "the others were not kept");
    }

    private List<RequestParser> takeAll(int count) {
        List<RequestParser> taken = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            taken.add(pool.take((byte) 7)); // all want the same
        }
        return taken;
    }

    private static int distinct(List<RequestParser> parsers) {
        Set<RequestParser> set = Collections.newSetFromMap(new IdentityHashMap<>());
        set.addAll(parsers);
        return set.size();
    }
}
