package dev.selvedge.epoll;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvedge.server.transport.ReadinessTarget;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SlotTableTest {

    private final SlotTable slots = new SlotTable();

    @Test
    void aWordFindsItsTarget() {
        ReadinessTarget one = target();
        ReadinessTarget two = target();
        long wordOfOne = slots.take(one);
        long wordOfTwo = slots.take(two);

        assertSame(one, slots.target(wordOfOne));
        assertSame(two, slots.target(wordOfTwo));
    }

    @Test
    void aReleasedWordFindsNobody() {
        long word = slots.take(target());
        slots.release(word);
        assertNull(slots.target(word));
    }

    @Test
    void aReleasedWordDoesNotFindTheNextTargetOfItsSlot() {
        long old = slots.take(target());
        slots.release(old);
        slots.recycle();
        ReadinessTarget next = target();
        long word = slots.take(next);

        assertEquals(slot(old), slot(word), "the slot is meant to be used again");
        assertNull(slots.target(old));
        assertSame(next, slots.target(word));
    }

    @Test
    void aSlotIsNotTakenAgainWithinTheBatch() {
        long old = slots.take(target());
        slots.release(old);
        assertNotEquals(slot(old), slot(slots.take(target())));
    }

    @Test
    void generationsWrapWithoutMakingAWordNegative() {
        long word = slots.take(target());
        for (int i = 0; i < 100_000; i++) {
            slots.release(word);
            slots.recycle();
            word = slots.take(target());
            assertTrue(word >= 0);
        }
    }

    /** Against a map: whatever is done in whatever order, a word finds its target until its release and not after. */
    @Test
    void itIsAMapOfWords() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Map<Long, ReadinessTarget> model = new HashMap<>();
        List<Long> live = new ArrayList<>();
        List<Long> released = new ArrayList<>();
        for (int step = 0; step < 50_000; step++) {
            int choice = random.nextInt(100);
            if (choice < 52) {
                ReadinessTarget target = target();
                long word = slots.take(target);
                assertNull(model.put(word, target), () -> "word given twice, seed " + seed);
                live.add(word);
            } else if (choice < 97 && !live.isEmpty()) {
                long word = live.remove(random.nextInt(live.size()));
                slots.release(word);
                model.remove(word);
                released.add(word);
            } else {
                slots.recycle();
            }
            if (!live.isEmpty()) {
                long word = live.get(random.nextInt(live.size()));
                assertSame(model.get(word), slots.target(word), () -> "seed " + seed);
            }
            if (!released.isEmpty()) {
                assertNull(slots.target(released.get(random.nextInt(released.size()))), () -> "seed " + seed);
            }
        }
    }

    private static int slot(long word) {
        return (int) word;
    }

    /** A new object each time, unlike a lambda that captures nothing. */
    private static ReadinessTarget target() {
        return new ReadinessTarget() {
            @Override
            public void ready(int readiness) { }
        };
    }
}
