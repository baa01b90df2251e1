package dev.selvedge.server.http1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ParserPoolTest {

    private static final int HOMES = 64;

    private final ParserPool pool = new ParserPool(Vector.Limits.DEFAULT.head());

    @Test
    void eachOfTheFirstConnectionsFindsItsSectionAgain() {
        List<FieldSection> fields = new ArrayList<>();
        for (int i = 0; i < HOMES; i++) {
            assertEquals(i, pool.home());
            fields.add(read((byte) i, "X: " + i));
        }
        for (int i = HOMES - 1; i >= 0; i--) {
            assertSame(fields.get(i), read((byte) i, "X: " + i));
        }
    }

    @Test
    void whoeverSharesAHomeFindsTheSectionThatCameLast() {
        byte home = pool.home();
        FieldSection first = read(home, "X: 1");
        FieldSection second = read(home, "X: 2");

        assertSame(second, read(home, "X: 2"));
        assertNotSame(first, read(home, "X: 1"));
    }

    @Test
    void aHeadThatIsBegunAndForgottenLeavesTheSectionWhereItIs() {
        for (String before : List.of("", "X: 0")) {
            byte home = pool.home();
            if (!before.isEmpty()) {
                read(home, before);
            }
            RequestParser early = pool.take(home);
            FieldSection fields = read(home, "X: 1");
            early.parse(Spelling.octets("POST /x"), 0, 7);
            pool.give(home, early);

            assertSame(fields, read(home, "X: 1"));
        }
    }

    @Test
    void noLongSectionIsKept() {
        for (int length : new int[] {4096, 4097}) {
            String line = "X: " + "y".repeat(length - "Host: a\r\nX: \r\n\r\n".length());
            byte home = pool.home();
            FieldSection fields = read(home, line);

            assertEquals(length == 4096, fields == read(home, line), length + " octets");
        }
    }

    @Test
    void aSpareParserHoldsNoSection() {
        RequestParser parser = pool.take((byte) 0);
        byte[] octets = Spelling.octets("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        parser.parse(octets, 0, octets.length);
        parser.head(octets, 0);
        assertNotNull(parser.section());

        pool.give((byte) 0, parser);
        assertNull(parser.section());
    }

    @Test
    void nobodySharesAParserAndNoMoreAreKeptThanAreOftenUsedAtATime() {
        List<RequestParser> taken = takeAll(3 * HOMES);
        assertEquals(3 * HOMES, distinct(taken));

        taken.forEach(parser -> pool.give(pool.home(), parser));
        List<RequestParser> again = takeAll(2 * HOMES);

        assertEquals(2 * HOMES, distinct(again));
        assertTrue(taken.containsAll(again.subList(0, HOMES)), "those that are kept are used first");
        assertTrue(Collections.disjoint(taken, again.subList(HOMES, 2 * HOMES)), "the others were not kept");
    }

    @Test
    void theParserThatWasUsedLastIsTakenFirst() {
        List<RequestParser> taken = takeAll(2);
        taken.forEach(parser -> pool.give((byte) 7, parser));

        assertSame(taken.get(1), pool.take((byte) 8));
    }

    private FieldSection read(byte home, String line) {
        byte[] octets = Spelling.octets("GET / HTTP/1.1\r\nHost: a\r\n" + line + "\r\n\r\n");
        RequestParser parser = pool.take(home);
        assertEquals(octets.length, parser.parse(octets, 0, octets.length));
        RequestHead head = parser.head(octets, 0);
        pool.give(home, parser);
        return head.fields();
    }

    private List<RequestParser> takeAll(int count) {
        return Stream.generate(() -> pool.take((byte) 7)).limit(count).toList(); // all have the same home
    }

    private static int distinct(List<RequestParser> parsers) {
        Set<RequestParser> set = Collections.newSetFromMap(new IdentityHashMap<>());
        set.addAll(parsers);
        return set.size();
    }
}
