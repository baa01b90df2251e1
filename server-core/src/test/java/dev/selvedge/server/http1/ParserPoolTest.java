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
        for (String begun : List.of("POST /x", "\r\n")) {
            byte home = pool.home();
            RequestParser early = pool.take(home);
            parse(home, early, "X: 0");
            FieldSection fields = read(home, "X: 1");
            early.parse(Spelling.octets(begun), 0, begun.length());
            pool.give(early);

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
    void aLongSectionLeavesNoneBefore() {
        FieldSection before = read((byte) 1, "X: 1");
        read((byte) 1, "X: " + "y".repeat(5000));

        assertNotSame(before, read((byte) 1, "X: 1"));
    }

    @Test
    void aSpareParserHoldsNoSection() {
        RequestParser parser = pool.take((byte) 0);
        byte[] octets = Spelling.octets("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        parser.parse(octets, 0, octets.length);
        parser.head(octets, 0);
        assertNotNull(parser.section());

        pool.give(parser);
        assertNull(parser.section());
    }

    @Test
    void nobodySharesAParserAndNoMoreAreKeptThanAreOftenUsedAtATime() {
        List<RequestParser> taken = takeAll(3 * HOMES);
        assertEquals(3 * HOMES, distinct(taken));

        taken.forEach(pool::give);
        List<RequestParser> again = takeAll(2 * HOMES);

        assertEquals(2 * HOMES, distinct(again));
        assertTrue(taken.containsAll(again.subList(0, HOMES)), "those that are kept are used first");
        assertTrue(Collections.disjoint(taken, again.subList(HOMES, 2 * HOMES)), "the others were not kept");
    }

    @Test
    void theParserThatWasUsedLastIsTakenFirst() {
        List<RequestParser> taken = takeAll(2);
        taken.forEach(pool::give);

        assertSame(taken.get(1), pool.take((byte) 8));
    }

    private FieldSection read(byte home, String line) {
        RequestParser parser = pool.take(home);
        FieldSection fields = parse(home, parser, line);
        pool.give(parser);
        return fields;
    }

    private FieldSection parse(byte home, RequestParser parser, String line) {
        byte[] octets = Spelling.octets("GET / HTTP/1.1\r\nHost: a\r\n" + line + "\r\n\r\n");
        assertEquals(octets.length, parser.parse(octets, 0, octets.length));
        return pool.head(home, parser, octets, 0).fields();
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
