package dev.selvedge.server.http1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ParserPoolTest {

    private static final int SPARE = 64;

    private final ParserPool pool = new ParserPool(Vector.Limits.DEFAULT.head());

    @Test
    void whatIsGivenBackIsTakenAgainUpToABound() {
        Set<RequestParser> given = Collections.newSetFromMap(new IdentityHashMap<>());
        Stream.generate(pool::take).limit(SPARE + 1).forEach(given::add);
        assertEquals(SPARE + 1, given.size(), "nobody shares a parser");
        given.forEach(pool::give);

        Set<RequestParser> taken = Collections.newSetFromMap(new IdentityHashMap<>());
        for (int i = 0; i < SPARE; i++) {
            RequestParser parser = pool.take();
            assertTrue(given.contains(parser) && taken.add(parser));
        }
        assertFalse(given.contains(pool.take()), "one too many was kept");
    }
}
