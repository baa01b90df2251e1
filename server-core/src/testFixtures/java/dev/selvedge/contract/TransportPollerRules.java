package dev.selvedge.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvedge.contract.TransportBench.Connection;
import dev.selvedge.server.transport.Listener;
import dev.selvedge.server.transport.Poller;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules for waiting: time, wake-ups, and batches in which channels are closed. */
abstract class TransportPollerRules extends TransportRules {

    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

    @Test
    void zeroDoesNotWait() {
        long start = System.nanoTime();
        for (int i = 0; i < 100; i++) {
            assertEquals(0, bench.poll(0));
        }
        assertTrue(System.nanoTime() - start < TimeUnit.SECONDS.toNanos(10));
    }

    @Test
    void aTimeoutIsWaitedFor() {
        long start = System.nanoTime();
        assertEquals(0, bench.poll(30 * MILLI));
        assertTrue(System.nanoTime() - start >= 29 * MILLI, "too early"); // clocks may differ by their steps
    }

    @Test
    void theShortestTimeoutEnds() {
        assertEquals(0, bench.poll(1));
    }

    @Test
    void theLongestTimeoutWaitsLikeAnyOther() {
        bench.poller.wakeUp();
        assertEquals(0, bench.poll(Long.MAX_VALUE));
    }

    @Test
    void aWakeUpBeforeThePollEndsIt() {
        bench.poller.wakeUp();
        assertEquals(0, bench.poll(-1));
    }

    @Test
    void wakeUpsAreCoalesced() {
        for (int i = 0; i < 1000; i++) {
            bench.poller.wakeUp();
        }
        assertEquals(0, bench.poll(-1));

        long start = System.nanoTime();
        assertEquals(0, bench.poll(30 * MILLI));
        assertTrue(System.nanoTime() - start >= 29 * MILLI, "one wake-up was kept");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void noWakeUpIsLost(int threads) {
        int rounds = 2000;
        Queue<CountDownLatch> orders = new ConcurrentLinkedQueue<>();
        AtomicInteger running = new AtomicInteger(threads);
        AtomicInteger served = new AtomicInteger();
        for (int t = 0; t < threads; t++) {
            Thread.ofPlatform().daemon().start(() -> {
                try {
                    for (int i = 0; i < rounds; i++) {
                        CountDownLatch order = new CountDownLatch(1);
                        orders.add(order);
                        bench.poller.wakeUp();
                        awaitOrder(order);
                        served.incrementAndGet();
                    }
                } finally {
                    running.decrementAndGet();
                    bench.poller.wakeUp();
                }
            });
        }
        while (running.get() > 0) {
            assertEquals(0, bench.poll(2 * TransportBench.PATIENCE.toNanos()));
            for (CountDownLatch order = orders.poll(); order != null; order = orders.poll()) {
                order.countDown();
            }
        }
        assertEquals(threads * rounds, served.get(), "a wake-up was lost");
    }

    @Test
    void aTargetMayWakeUpThePoller() throws IOException {
        Connection connection = bench.connectOnly();
        bench.poller.add(connection.channel(), readiness -> bench.poller.wakeUp());
        assertEquals(1, bench.poll(-1));
        assertEquals(0, bench.poll(-1));
    }

    @Test
    void wakeUpAfterClosingHasNoEffect() throws IOException {
        for (int round = 0; round < 50; round++) {
            Poller poller = bench.transport.poller();
            CountDownLatch storming = new CountDownLatch(100);
            AtomicLong failures = new AtomicLong();
            Thread storm = Thread.ofPlatform().daemon().start(() -> {
                for (int i = 0; i < 1000; i++) {
                    storming.countDown();
                    try {
                        poller.wakeUp();
                    } catch (RuntimeException | Error e) {
                        failures.incrementAndGet();
                    }
                }
            });
            awaitOrder(storming);
            poller.close();
            poller.close();
            poller.wakeUp();
            TransportBench.join(storm);
            assertEquals(0, failures.get());
        }
    }

    @Test
    void manyChannelsAreToldEach() throws IOException {
        int count = 300;
        List<Connection> connections = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            connections.add(bench.connect());
        }
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < count; i++) {
                connections.get(i).client().getOutputStream().write(i);
            }
            for (int i = 0; i < count; i++) {
                byte[] received = bench.owner(connections.get(i)).receive(1, 8);
                assertEquals((byte) i, received[0]);
            }
        }
    }

    @Test
    void aChannelClosedInTheSameBatchIsNotTold() throws IOException {
        for (int round = 0; round < 20; round++) {
            Connection one = bench.connectOnly();
            Connection other = bench.connectOnly();
            AtomicInteger told = new AtomicInteger();
            // both are writable at once: they come in one batch
            bench.poller.add(one.channel(), readiness -> {
                told.incrementAndGet();
                other.channel().close();
            });
            bench.poller.add(other.channel(), readiness -> {
                told.incrementAndGet();
                one.channel().abort();
            });
            assertEquals(1, bench.poll(-1));
            bench.pollIdly();
            assertEquals(1, told.get());
        }
    }

    @Test
    void aListenerClosedInTheSameBatchIsNotTold() throws IOException {
        for (int round = 0; round < 20; round++) {
            Connection connection = bench.connectOnly();
            Listener listener = bench.listen();
            AtomicBoolean closed = new AtomicBoolean();
            AtomicBoolean toldAfterwards = new AtomicBoolean();
            bench.poller.add(connection.channel(), readiness -> {
                listener.close();
                closed.set(true);
            });
            bench.poller.add(listener, readiness -> toldAfterwards.set(closed.get()));
            bench.client(listener.address());

            bench.pollUntil(closed::get);
            bench.pollIdly();
            assertFalse(toldAfterwards.get());
        }
    }

    @Test
    void aChannelMayCloseItselfAndItsPlaceMayBeTaken() throws IOException {
        Connection first = bench.connectOnly();
        Connection next = bench.connectOnly();
        AtomicInteger told = new AtomicInteger();
        TransportEdges nextEdges = next.edges();
        bench.poller.add(first.channel(), readiness -> {
            told.incrementAndGet();
            first.channel().close();
            bench.poller.add(next.channel(), nextEdges);
        });
        first.client().getOutputStream().write(1);

        assertEquals(1, bench.poll(-1));
        bench.pollUntil(nextEdges.writable::tryAcquire);
        bench.pollIdly();

        assertEquals(1, told.get());
        assertEquals(0, nextEdges.readable.availablePermits(), "told of another's bytes");
    }

    @Test
    void aClosedChannelIsNotAdded() throws IOException {
        Connection connection = bench.connectOnly();
        connection.channel().close();
        assertTrue(bench.poller.add(connection.channel(), connection.edges()) < 0);
        bench.pollIdly();
        assertEquals(0, connection.edges().writable.availablePermits());
    }

    private static void awaitOrder(CountDownLatch order) {
        try {
            assertTrue(order.await(TransportBench.PATIENCE.toMillis(), TimeUnit.MILLISECONDS), "a wake-up was lost");
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
