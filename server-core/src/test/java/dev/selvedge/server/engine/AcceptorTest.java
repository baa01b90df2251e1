package dev.selvedge.server.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import dev.selvedge.contract.HttpLog;
import dev.selvedge.server.transport.Acceptance;
import dev.selvedge.server.transport.Channel;
import dev.selvedge.server.transport.Errno;
import dev.selvedge.server.transport.Listener;
import dev.selvedge.server.transport.Poller;
import dev.selvedge.server.transport.Readiness;
import dev.selvedge.server.transport.ReadinessTarget;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AcceptorTest {

    private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(50);
    private static final int MANY = 100_000;

    private final Listener listener = mock(Listener.class);

    @BeforeEach
    void listen() {
        when(listener.address()).thenReturn(new InetSocketAddress(InetAddress.getLoopbackAddress(), 8080));
    }

    private static Acceptance connected() {
        return new Acceptance.Connected(mock(Channel.class));
    }

    private Acceptor acceptor(EngineBench bench) {
        return new Acceptor(bench.loop, listener, List.of(bench.loop));
    }

    @Test
    void anEdgeMeansAllThatWaitForItIsNotRepeated() {
        EngineBench bench = new EngineBench(MANY);
        when(listener.accept()).thenReturn(connected(), connected(), connected(), Acceptance.EMPTY);
        Acceptor acceptor = acceptor(bench);

        bench.turn(() -> acceptor.ready(Readiness.READABLE)).run();

        verify(listener, times(4)).accept();
        verify(bench.poller, times(3)).add(any(Channel.class), any());
        assertEquals(3, bench.shared.statistics().acceptedConnections());
        assertEquals(List.of(-1L, EngineBench.IDLE_NANOS), bench.waits, "nothing else is looked for");
    }

    @Test
    void loopsGetConnectionsInTurn() {
        EngineBench here = new EngineBench(MANY);
        Poller elsewhere = mock(Poller.class);
        EventLoop other = new EventLoop(here.shared, elsewhere, Thread::new);
        Channel one = mock(Channel.class);
        Channel two = mock(Channel.class);
        Channel three = mock(Channel.class);
        when(listener.accept()).thenReturn(new Acceptance.Connected(one), new Acceptance.Connected(two),
                new Acceptance.Connected(three), Acceptance.EMPTY);
        Acceptor acceptor = new Acceptor(here.loop, listener, List.of(here.loop, other));

        here.turn(() -> acceptor.ready(Readiness.READABLE)).run();

        verify(here.poller).add(eq(one), any());
        verify(here.poller).add(eq(three), any());
        verify(elsewhere, never()).add(any(Channel.class), any()); // its poller belongs to its thread
        verify(elsewhere).wakeUp();
        when(elsewhere.poll(0)).thenAnswer(call -> {
            other.execute(other::kill);
            return 0;
        });
        other.run();
        verify(elsewhere).add(eq(two), any());
    }

    @ParameterizedTest
    @ValueSource(ints = {Errno.EMFILE, Errno.ENFILE, Errno.ENOBUFS, Errno.ENOMEM})
    void whenTheSystemHasNoRoomItComesBackNowAndThenAndSaysSoOnce(int errno) {
        EngineBench bench = new EngineBench(MANY);
        Acceptance none = new Acceptance.None(errno);
        when(listener.accept()).thenReturn(none, none, none, connected(), Acceptance.EMPTY);
        Acceptor acceptor = acceptor(bench);
        try (HttpLog log = new HttpLog()) {
            bench.turn(() -> acceptor.ready(Readiness.READABLE));
            for (int i = 0; i < 4; i++) {
                bench.turn(() -> { });
            }

            bench.run();

            verify(listener, times(5)).accept();
            assertEquals(List.of(-1L, PAUSE, PAUSE, PAUSE), bench.waits.subList(0, 4), "it does not spin");
            assertTrue(bench.waits.get(4) > 10 * EngineBench.SECOND, "and then waits for edges only: " + bench.waits);
            assertEquals(1, bench.shared.statistics().acceptedConnections());
            List<String> warnings = log.messages(Level.WARNING);
            assertEquals(1, warnings.size());
            assertTrue(warnings.getFirst().contains("8080")
                    && warnings.getFirst().contains(Errno.describe(errno)), warnings.getFirst());
        }
    }

    @Test
    void whenThereAreAsManyConnectionsAsMayBeTheNextIsNotEvenAccepted() {
        EngineBench bench = new EngineBench(2);
        when(listener.accept()).thenReturn(connected(), connected(), connected(), Acceptance.EMPTY);
        Acceptor acceptor = acceptor(bench);
        try (HttpLog log = new HttpLog()) {
            bench.turn(() -> acceptor.ready(Readiness.READABLE))
                    .turn(() -> verify(listener, times(2)).accept())
                    .turn(() -> {
                        verify(listener, times(2)).accept();
                        bench.shared.connectionClosed();
                    })
                    .turn(() -> verify(listener, times(3)).accept());

            bench.run();

            assertEquals(3, bench.shared.statistics().acceptedConnections());
            assertEquals(1, log.messages(Level.WARNING).size());
            assertTrue(log.messages(Level.WARNING).getFirst().contains("maxConnections"));
        }
    }

    @Test
    void aStormOfConnectionsLetsOthersHaveTheirTurn() {
        EngineBench bench = new EngineBench(MANY);
        Acceptance connected = connected();
        int[] accepted = new int[3];
        when(listener.accept()).thenAnswer(call -> {
            accepted[0]++;
            return connected;
        });
        Acceptor acceptor = acceptor(bench);

        bench.turn(() -> {
            acceptor.ready(Readiness.READABLE);
            accepted[1] = accepted[0];
            acceptor.ready(Readiness.READABLE); // a new edge does not let it jump the queue
            assertEquals(accepted[1], accepted[0]);
        }).turn(() -> accepted[2] = accepted[0]).run();

        assertTrue(accepted[1] < 1000, accepted[1] + " in one go");
        assertEquals(2 * accepted[1], accepted[2], "once more in the next turn, not twice");
        assertEquals(0, bench.waits.get(1), "there is more to do");
    }

    @Test
    void atTheEndWhatWaitsIsAcceptedForItsClientIsConnectedAlready() {
        EngineBench bench = new EngineBench(MANY);
        when(listener.accept()).thenReturn(connected(), connected(), Acceptance.EMPTY);
        Acceptor acceptor = acceptor(bench);

        bench.turn(acceptor::finish).run();

        assertEquals(2, bench.shared.statistics().acceptedConnections());
        verify(listener).close();
    }

    @Test
    void aClosedOneDoesNotComeBackFromItsPause() {
        EngineBench bench = new EngineBench(MANY);
        when(listener.accept()).thenReturn(new Acceptance.None(Errno.EMFILE));
        Acceptor acceptor = acceptor(bench);
        try (HttpLog log = new HttpLog()) {
            bench.turn(() -> acceptor.ready(Readiness.READABLE)).turn(acceptor::finish)
                    .turn(() -> acceptor.ready(Readiness.READABLE)).turn(acceptor::close).run();

            verify(listener, times(2)).accept();
            verify(listener, times(1)).close();
            assertEquals(List.of(-1L, PAUSE, -1L, -1L, -1L), bench.waits);
            assertEquals(1, log.records().size());
        }
    }

    /** The edge is not repeated, so the loop must come back by itself, and must live to do so. */
    @Test
    void wantOfMemoryWhileAcceptingEndsNothing() {
        EngineBench bench = new EngineBench(MANY).expectDefects(1);
        when(listener.accept()).thenThrow(new OutOfMemoryError("of a test")).thenReturn(connected(), Acceptance.EMPTY);
        Acceptor acceptor = acceptor(bench);
        try (HttpLog log = new HttpLog()) {
            bench.turn(() -> acceptor.ready(Readiness.READABLE)).turn(() -> { }).run();

            assertEquals(1, bench.shared.statistics().acceptedConnections());
            assertEquals(PAUSE, bench.waits.get(1));
            assertEquals(1, log.records().size());
        }
    }

    @Test
    void aConnectionForWhichThereIsNoMemoryIsClosed() {
        EngineBench bench = new EngineBench(MANY).expectDefects(1);
        Channel unlucky = mock(Channel.class);
        when(bench.poller.add(eq(unlucky), any(ReadinessTarget.class))).thenThrow(new OutOfMemoryError("of a test"));
        when(listener.accept()).thenReturn(new Acceptance.Connected(unlucky), connected(), Acceptance.EMPTY);
        Acceptor acceptor = acceptor(bench);
        try (HttpLog log = new HttpLog()) {
            bench.turn(() -> acceptor.ready(Readiness.READABLE)).turn(() -> { })
                    .turn(() -> assertEquals(1, bench.shared.statistics().openConnections())).run();

            verify(unlucky).close();
            assertEquals(2, bench.shared.statistics().acceptedConnections());
            assertEquals(0, bench.shared.statistics().openConnections());
            assertEquals(1, log.records().size());
        }
    }

    /** A listener edge that tells of connections, each of which can't be watched: they are closed, not leaked. */
    @Test
    void connectionsThatCannotBeWatchedAreClosed() {
        EngineBench bench = new EngineBench(MANY);
        Channel unlucky = mock(Channel.class);
        when(bench.poller.add(eq(unlucky), any(ReadinessTarget.class))).thenReturn(-Errno.ENOSPC);
        when(listener.accept()).thenReturn(new Acceptance.Connected(unlucky), Acceptance.EMPTY);
        Acceptor acceptor = acceptor(bench);
        try (HttpLog log = new HttpLog()) {
            bench.turn(() -> acceptor.ready(Readiness.READABLE)).run();

            verify(unlucky).close();
            assertEquals(0, bench.shared.statistics().openConnections());
            assertEquals(1, log.messages(Level.WARNING).size());
        }
    }
}
