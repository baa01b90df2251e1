package dev.selvedge.server.transport.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class SchedulerTest {

    private static final long SECOND = 1_000_000_000L;

    private final Scheduler scheduler = new Scheduler(Instant.EPOCH);
    private final MemoryThreads threads = scheduler.threads();
    private final List<String> story = Collections.synchronizedList(new ArrayList<>());

    private void tell(String what) {
        story.add(what + " at " + scheduler.now() / SECOND);
    }

    private void sleep(long seconds) {
        try {
            threads.sleep(seconds * SECOND);
        } catch (InterruptedException e) {
            tell("interrupted");
        }
    }

    private void advance(long seconds) {
        scheduler.drive(() -> {
            scheduler.waitFor(() -> false, scheduler.now() + seconds * SECOND);
        });
    }

    /** Such as one that sets a world up: nobody is there who would let the time pass until then. */
    @Test
    void aGuestIsNotHeldUp() {
        Scheduler unlucky = new Scheduler(Instant.EPOCH, new Chance() {
            @Override
            public boolean happens(Mishap mishap) {
                return true;
            }

            @Override
            public long below(long bound) {
                return bound - 1;
            }
        }, Witness.NONE, Duration.ofSeconds(1), Duration.ofSeconds(1));

        for (int i = 0; i < 10; i++) {
            unlucky.step();
        }
        assertTrue(unlucky.now() > 0);
    }

    @Test
    void threadsGoOnInTheOrderInWhichTheyBecameReady() {
        scheduler.drive(() -> {
            scheduler.enter();
            for (String name : List.of("a", "b", "c")) {
                threads.newThread(name, () -> {
                    tell(name);
                    sleep(2);
                    tell(name);
                    sleep(name.equals("a") ? 2 : 1);
                    tell(name);
                }).start();
            }
            scheduler.exit();
        });
        advance(10);
        assertEquals(List.of("a at 0", "b at 0", "c at 0", "a at 2", "b at 2", "c at 2", "b at 3", "c at 3", "a at 4"),
                story);
        assertEquals(List.of(), scheduler.living());
    }

    @Test
    void timePassesOnlyWhileATestWaitsForIt() {
        threads.newThread("sleeper", () -> {
            sleep(5);
            tell("awake");
        }).start();
        scheduler.drive(scheduler::settle);
        assertEquals(0, scheduler.now());

        advance(4);
        assertEquals(List.of(), story);
        advance(4);

        assertEquals(List.of("awake at 5"), story);
        assertEquals(8 * SECOND, scheduler.nanos());
        assertEquals(8_000, scheduler.epochMillis());
    }

    /** What is due at the very moment to which the clock is advanced is done before the test goes on. */
    @Test
    void aTestGoesOnWhenNobodyElseCan() {
        threads.newThread("worker", () -> {
            sleep(3);
            for (int i = 0; i < 3; i++) {
                scheduler.step();
                sleep(0);
                tell("work");
            }
        }).start();
        advance(3);
        assertEquals(List.of("work at 3", "work at 3", "work at 3"), story);
    }

    @Test
    void aWaitThatNothingEndsIsOver() {
        assertFalse(scheduler.drive(() -> scheduler.waitFor(() -> false, Scheduler.NEVER)));
        assertEquals(0, scheduler.now());
    }

    @Test
    void twoTestsMayWaitAtOnce() throws InterruptedException {
        Thread other = Thread.startVirtualThread(() -> advance(2));
        advance(3);
        other.join();
        assertTrue(scheduler.now() >= 3 * SECOND && scheduler.now() <= 5 * SECOND, "at " + scheduler.now());
    }

    // ---- parking

    @Test
    void unparkingBeforeParkingIsNotLost() {
        Thread[] parked = new Thread[1];
        parked[0] = threads.newThread("parked", () -> {
            sleep(1);
            threads.park(100 * SECOND);
            tell("first");
            threads.park(100 * SECOND);
            tell("second");
        });
        parked[0].start();
        scheduler.drive(scheduler::settle);
        threads.unpark(parked[0]);
        advance(50);
        assertEquals(List.of("first at 1"), story);
        advance(51);
        assertEquals(List.of("first at 1", "second at 101"), story);
    }

    /** A thread that does not belong here, such as one to which a handler has given its stream. */
    @Test
    void aGuestParksAndIsUnparked() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        Thread guest = Thread.startVirtualThread(() -> {
            begun.countDown();
            threads.park(100 * SECOND);
            tell("guest");
        });
        begun.await();
        threads.unpark(guest); // before or while it parks
        guest.join();
        assertEquals(List.of("guest at 0"), story);
    }

    /** A thread that comes and goes keeps the permit that it was given while it was here for something else. */
    @Test
    void aPermitOutlivesAVisit() {
        Thread test = Thread.currentThread();
        scheduler.drive(() -> {
            scheduler.enter();
            threads.newThread("unparker", () -> threads.unpark(test)).start();
            scheduler.settle();
            scheduler.exit();
            threads.park(100 * SECOND);
            assertEquals(0, scheduler.now());
            threads.park(100 * SECOND);
            assertEquals(100 * SECOND, scheduler.now());
        });
    }

    @Test
    void anInterruptionEndsASleepAndAWait() {
        Thread sleeper = threads.newThread("sleeper", () -> sleep(10));
        Thread parked = threads.newThread("parked", () -> {
            threads.park(10 * SECOND);
            tell("parked, interrupted: " + Thread.interrupted());
        });
        sleeper.start();
        parked.start();
        threads.start(() -> {
            sleep(1);
            sleeper.interrupt();
            parked.interrupt();
        });
        advance(5);
        assertEquals(List.of("interrupted at 1", "parked, interrupted: true at 1"), story);
    }

    // ---- what is not of this world

    @Test
    void aThreadThatIsHeldUpIsSetAsideAndComesBack() throws InterruptedException {
        CountDownLatch latch = new CountDownLatch(1);
        Thread held = threads.newThread("held", () -> {
            try {
                latch.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            sleep(1);
            tell("held");
        });
        held.start();
        threads.start(() -> tell("another"));

        advance(3);
        assertEquals(List.of("another at 0"), story);
        assertTrue(scheduler.hasThreadsAside());

        latch.countDown();
        while (scheduler.hasThreadsAside()) {
            Thread.onSpinWait();
        }
        advance(3);
        assertEquals(List.of("another at 0", "held at 4"), story);
        held.join();
    }

    @Test
    void aThreadThatComputesWithoutEndDoesNotHoldUpTheOthers() {
        Scheduler impatient = new Scheduler(Instant.EPOCH, Chance.NONE, Witness.NONE, Duration.ofMillis(1),
                Duration.ofMillis(20));
        AtomicBoolean enough = new AtomicBoolean();
        impatient.threads().start(() -> {
            while (!enough.get()) {
                Thread.onSpinWait();
            }
        });
        impatient.drive(impatient::settle);
        assertTrue(impatient.hasThreadsAside());
        enough.set(true);
    }

    // ---- the end

    @Test
    void anEndedWorldEndsItsThreads() throws InterruptedException {
        Thread waiting = threads.newThread("waiting", () -> {
            try {
                sleep(1);
            } finally {
                story.add("ended");
            }
        });
        waiting.start();
        scheduler.drive(scheduler::settle);
        scheduler.end();
        waiting.join();
        assertEquals(List.of("ended"), story);
        assertThrows(Scheduler.Ended.class, scheduler::step);
    }

    @Test
    void whatAThreadThrowsIsTold() throws InterruptedException {
        List<Throwable> told = Collections.synchronizedList(new ArrayList<>());
        Thread failing = threads.newThread("failing", () -> {
            throw new IllegalStateException("of a test");
        });
        failing.setUncaughtExceptionHandler((thread, thrown) -> told.add(thrown));
        failing.start();
        failing.join();
        assertEquals("of a test", told.getFirst().getMessage());
        assertEquals(List.of(), scheduler.living());
    }

    @Test
    void actorsActWhenTheyAreDue() {
        scheduler.add(new Actor() {
            private long next = 2 * SECOND;

            @Override
            public long due(long now) {
                return next;
            }

            @Override
            public void act() {
                tell("act");
                next = next == 2 * SECOND ? 7 * SECOND : Scheduler.NEVER;
            }
        });
        advance(10);
        assertEquals(List.of("act at 2", "act at 7"), story);
    }
}
