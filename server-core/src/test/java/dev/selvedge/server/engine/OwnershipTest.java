package dev.selvedge.server.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvedge.server.transport.Readiness;
import dev.selvedge.server.transport.ServerThreads;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OwnershipTest {

    private static final int READABLE = Readiness.READABLE;
    private static final int WRITABLE = Readiness.WRITABLE;
    private static final long LONG = TimeUnit.SECONDS.toNanos(30);

    private final ServerThreads threads = ServerThreads.system();
    private final Ownership ownership = new Ownership();

    @AfterEach
    void noInterruptIsLeft() {
        Thread.interrupted();
    }

    @Test
    void theLoopOwnsANewConnection() {
        assertFalse(ownership.handedOver());
        assertEquals(READABLE, ownership.edge(READABLE, threads));
    }

    @Test
    void edgesAreNotedWhileAnotherThreadOwnsAndFoundAtTheReturn() {
        ownership.handOver();

        assertTrue(ownership.handedOver());
        assertEquals(Ownership.NOT_MINE, ownership.edge(READABLE, threads));
        assertEquals(Ownership.NOT_MINE, ownership.edge(WRITABLE, threads));

        assertFalse(ownership.release(), "an edge waits, so it can't be given back without a word");
        assertEquals(READABLE | WRITABLE, ownership.takeBack());
        assertFalse(ownership.handedOver());
        assertEquals(Ownership.NOT_MINE, ownership.takeBack(), "only once");
    }

    @Test
    void withoutAnEdgeItIsGivenBackQuietly() {
        ownership.handOver();

        assertTrue(ownership.release());

        assertFalse(ownership.handedOver());
        assertEquals(READABLE, ownership.edge(READABLE, threads));
    }

    @Test
    void waitingForAnEdgeThatHasComeDoesNotWait() {
        ownership.handOver();
        ownership.edge(READABLE, threads);

        assertEquals(READABLE, ownership.await(READABLE, LONG, threads));
        assertTrue(ownership.release(), "it was taken");
    }

    @Test
    void anEdgeEndsTheWait() throws InterruptedException {
        ownership.handOver();
        AtomicInteger edges = new AtomicInteger();
        Thread waiting = Thread.ofVirtual().start(() -> edges.set(awaitAll(WRITABLE)));

        ownership.edge(READABLE, threads);
        ownership.edge(WRITABLE, threads);

        assertTrue(waiting.join(Duration.ofSeconds(30)));
        assertEquals(WRITABLE, edges.get() & WRITABLE);
    }

    /** Waits through wake-ups for no reason. */
    private int awaitAll(int wanted) {
        int edges = 0;
        while (edges == 0) {
            edges = ownership.await(wanted, LONG, threads);
        }
        return edges;
    }

    @Test
    void theWaitEndsWhenItsTimeIsOver() {
        ownership.handOver();
        ownership.edge(READABLE, threads);

        assertEquals(0, ownership.await(WRITABLE, 1, threads));
        assertEquals(READABLE, ownership.takeBack(), "an edge that nobody wanted is not lost");
    }

    @Test
    void killingEndsTheWait() throws InterruptedException {
        ownership.handOver();
        AtomicInteger answer = new AtomicInteger();
        Thread waiting = Thread.ofVirtual().start(() -> answer.set(awaitAll(READABLE)));

        assertTrue(ownership.kill(threads));

        assertTrue(waiting.join(Duration.ofSeconds(30)));
        assertEquals(Ownership.KILLED, answer.get());
        assertTrue(ownership.killed());
        assertFalse(ownership.release());
    }

    @Test
    void killingInterruptsTheHandlerWhateverItDoes() {
        ownership.handOver();
        ownership.thread(Thread.currentThread());

        ownership.kill(threads);

        assertTrue(Thread.interrupted());
    }

    @Test
    void aConnectionOfTheLoopHasNoThreadToBeKilled() {
        assertFalse(ownership.kill(threads));
    }

    @Test
    void anInterruptionEndsTheWait() {
        ownership.handOver();
        Thread.currentThread().interrupt();

        assertEquals(Ownership.INTERRUPTED, ownership.await(READABLE, LONG, threads));
    }

    /** An edge must reach the owner or, at the return, the loop: none may get lost between the two. */
    @Test
    void noEdgeIsLostBetweenTwoOwners() throws InterruptedException {
        int rounds = 20_000;
        AtomicInteger taken = new AtomicInteger();
        for (int round = 0; round < rounds; round++) {
            Ownership contested = new Ownership();
            contested.handOver();
            AtomicBoolean released = new AtomicBoolean();
            Thread handler = Thread.ofVirtual().start(() -> released.set(contested.release()));
            int edge = contested.edge(READABLE, threads);
            handler.join();
            if (edge == READABLE) {
                assertTrue(released.get());
                taken.incrementAndGet();
            } else {
                assertFalse(released.get());
                assertEquals(READABLE, contested.takeBack());
                taken.incrementAndGet();
            }
            assertEquals(WRITABLE, contested.edge(WRITABLE, threads), "the loop owns it cleanly");
        }
        assertEquals(rounds, taken.get());
    }

    /** One thread hands out edges as fast as it can, the other waits for each. */
    @Test
    void noWakeUpIsLost() throws InterruptedException {
        int rounds = 20_000;
        ownership.handOver();
        AtomicInteger got = new AtomicInteger();
        Thread handler = Thread.ofVirtual().start(() -> {
            while (got.get() < rounds) {
                awaitAll(READABLE);
                got.incrementAndGet();
            }
        });

        for (int round = 0; round < rounds; round++) {
            ownership.edge(READABLE, threads);
            while (got.get() <= round) {
                Thread.onSpinWait();
            }
        }

        assertTrue(handler.join(Duration.ofSeconds(30)));
    }
}
