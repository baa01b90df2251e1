package dev.selvedge.server.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class DeadlineQueueTest {

    private final DeadlineQueue queue = new DeadlineQueue();
    private final List<String> expired = new ArrayList<>();

    private Deadline deadline(String name) {
        return new Deadline(() -> expired.add(name));
    }

    @Test
    void anEmptyQueueHasNoNextMoment() {
        queue.expire(Long.MAX_VALUE);

        assertEquals(Deadline.NEVER, queue.next());
    }

    @Test
    void deadlinesExpireInTheirOrderAndNotBeforeTheirMoment() {
        queue.set(deadline("c"), 30);
        queue.set(deadline("a"), 10);
        queue.set(deadline("b"), 20);

        assertEquals(10, queue.next());
        queue.expire(9);
        assertEquals(List.of(), expired);
        queue.expire(20);
        assertEquals(List.of("a", "b"), expired);
        queue.expire(30);
        assertEquals(List.of("a", "b", "c"), expired);
        assertEquals(Deadline.NEVER, queue.next());
    }

    @Test
    void aDeadlineThatMovesAwayExpiresAtItsNewMomentOnly() {
        Deadline moving = deadline("moving");
        queue.set(moving, 10);
        queue.set(moving, 50);

        queue.expire(49);
        assertEquals(List.of(), expired);
        assertEquals(50, queue.next());
        queue.expire(50);

        assertEquals(List.of("moving"), expired);
    }

    @Test
    void aDeadlineThatComesNearerExpiresAtItsNewMoment() {
        Deadline moving = deadline("moving");
        queue.set(deadline("other"), 20);
        queue.set(moving, 50);
        queue.set(moving, 5);

        assertEquals(5, queue.next());
        queue.expire(5);

        assertEquals(List.of("moving"), expired);
    }

    @Test
    void aDeadlineThatIsSetToNeverDoesNotExpire() {
        Deadline never = deadline("never");
        queue.set(never, Deadline.NEVER);
        assertEquals(Deadline.NEVER, queue.next());
        queue.set(never, 10);
        queue.set(never, Deadline.NEVER);

        queue.expire(Long.MAX_VALUE - 1);

        assertEquals(List.of(), expired);
        assertEquals(Deadline.NEVER, queue.next());
    }

    @Test
    void aRemovedDeadlineDoesNotExpireAndMayBeSetAgain() {
        Deadline removed = deadline("removed");
        queue.set(removed, 10);
        queue.remove(removed);
        queue.remove(removed);
        queue.expire(20);
        assertEquals(List.of(), expired);

        queue.set(removed, 30);
        queue.expire(30);

        assertEquals(List.of("removed"), expired);
    }

    @Test
    void aTargetMaySetItselfAgainAndRemoveOthers() {
        Deadline victim = deadline("victim");
        Deadline[] again = new Deadline[1];
        again[0] = new Deadline(() -> {
            expired.add("again");
            queue.remove(victim);
            queue.set(again[0], 10 + 15 * expired.size());
        });
        queue.set(again[0], 10);
        queue.set(victim, 10);

        queue.expire(20);
        queue.expire(30);

        // Which of two deadlines of one moment is first is not said; the victim may have gone before.
        expired.remove("victim");
        assertEquals(List.of("again", "again"), expired);
    }

    /** Against a map that is searched, over thousands of random steps. */
    @RepeatedTest(20)
    void itDoesWhatAPlainMapDoes() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Map<Deadline, Long> reference = new HashMap<>();
        Set<Deadline> called = new HashSet<>();
        List<Deadline> all = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            Deadline[] self = new Deadline[1];
            self[0] = new Deadline(() -> called.add(self[0]));
            all.add(self[0]);
        }
        long now = 0;
        for (int step = 0; step < 5_000; step++) {
            Deadline deadline = all.get(random.nextInt(all.size()));
            switch (random.nextInt(8)) {
                case 0 -> {
                    queue.remove(deadline);
                    reference.remove(deadline);
                }
                case 1 -> {
                    now += random.nextInt(100);
                    long moment = now;
                    Set<Deadline> due = reference.keySet().stream().filter(each -> reference.get(each) <= moment)
                            .collect(Collectors.toSet());
                    called.clear();
                    queue.expire(now);
                    assertEquals(due, called, () -> "seed " + seed);
                    reference.keySet().removeAll(due);
                }
                default -> {
                    long at = random.nextInt(20) == 0 ? Deadline.NEVER : now + random.nextInt(1_000);
                    queue.set(deadline, at);
                    reference.put(deadline, at);
                }
            }
            long soonest = reference.values().stream().mapToLong(Long::longValue).min().orElse(Deadline.NEVER);
            assertEquals(true, queue.next() <= soonest, () -> "seed " + seed + ": the loop would sleep too long");
        }
    }
}
