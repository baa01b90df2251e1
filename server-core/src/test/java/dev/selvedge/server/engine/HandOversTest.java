package dev.selvedge.server.engine;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyInt;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.inOrder;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.verifyNoInteractions;
import static org.mockito.Mockito.verifyNoMoreInteractions;
import static org.mockito.Mockito.when;

import dev.selvedge.contract.HttpLog;
import dev.selvedge.server.transport.Channel;
import dev.selvedge.server.transport.Errno;
import dev.selvedge.server.transport.Readiness;
import dev.selvedge.server.transport.ReadinessTarget;
import dev.selvedge.server.transport.ServerThreads;
import dev.selvedge.server.transport.TimeSource;
import dev.selvedge.server.transport.Transport;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.mockito.ArgumentCaptor;
import org.mockito.InOrder;

/** Whoever has handed over a request is served, by one thread that starts the others, or is told by an end. */
class HandOversTest {

    private static final OutOfMemoryError NO_THREAD = new OutOfMemoryError("of a test");
    private static final String TEXT = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
    private static final byte[] REQUEST = TEXT.getBytes(ISO_8859_1);
    private static final byte[] TWO_REQUESTS = TEXT.repeat(2).getBytes(ISO_8859_1);

    private final ServerThreads threads = mock(ServerThreads.class);
    private final Shared shared = new Shared(
            new EngineSettings(List.of(), 50, 1 << 18, 1, EngineBench.LIMITS, 10, 10_000, 0, "test", Duration.ZERO),
            mock(Transport.class), mock(Application.class), mock(TimeSource.class), threads);
    private final HandOvers handOvers = new HandOvers(shared);
    private final List<HandlerTurn> turns = Stream.generate(() -> mock(HandlerTurn.class)).limit(3).toList();

    private final List<Channel> answered = new ArrayList<>();
    private final List<Channel> aborted = new ArrayList<>();

    // ---- how they are started ----------------------------------------------------------------------------------

    @Test
    void theLoopStartsOneThreadAndThatStartsTheOthersBeforeItsOwnWork() {
        turns.forEach(handOvers::add);
        verifyNoInteractions(threads);

        handOvers.start();
        var started = ArgumentCaptor.forClass(Runnable.class);
        verify(threads).start(started.capture());
        verifyNoMoreInteractions(threads);
        started.getValue().run();

        InOrder order = inOrder(threads, turns.get(0));
        order.verify(threads).start(turns.get(1));
        order.verify(threads).start(turns.get(2));
        order.verify(turns.get(0)).run();
    }

    @Test
    void noneIsStartedTwice() {
        handOvers.add(turns.getFirst());
        handOvers.start();
        handOvers.start();

        verify(threads, times(1)).start(turns.getFirst());
    }

    @Test
    void nobodyWaitsForMoreThanABatch() {
        List<HandlerTurn> many = Stream.generate(() -> mock(HandlerTurn.class))
                .limit(Batch.CONNECTIONS_MAX + 1).toList();

        many.forEach(handOvers::add);
        var started = ArgumentCaptor.forClass(Runnable.class);
        verify(threads).start(started.capture());
        started.getValue().run();
        many.subList(1, Batch.CONNECTIONS_MAX).forEach(turn -> verify(threads).start(turn));
        verifyNoMoreInteractions(threads);

        handOvers.start();
        verify(threads).start(many.getLast());
    }

    @Test
    void oneThatFindsNoThreadEndsAndTheOthersBegin() {
        doThrow(NO_THREAD).when(threads).start(turns.get(1));
        turns.forEach(handOvers::add);
        handOvers.start();
        var started = ArgumentCaptor.forClass(Runnable.class);
        verify(threads).start(started.capture());

        started.getValue().run();

        verify(turns.get(1)).endUnstarted(NO_THREAD);
        verify(threads).start(turns.get(2));
        verify(turns.get(0)).run();
    }

    /** It can't even be ended: so little memory is there. */
    @Test
    void theOthersBeginAlsoIfTheFirstCannotBeEnded() {
        doThrow(NO_THREAD).doNothing().when(threads).start(any());
        doThrow(NO_THREAD).when(turns.get(0)).endUnstarted(any());
        turns.forEach(handOvers::add);

        try (HttpLog log = new HttpLog()) {
            handOvers.start();
            assertEquals(1, log.records().size());
        }

        verify(threads).start(turns.get(1));
        verify(threads).start(turns.get(2));
    }

    @Test
    void theOthersBeginAlsoIfItIsTheFirstThatFindsNone() {
        doThrow(NO_THREAD).doNothing().when(threads).start(any());
        turns.forEach(handOvers::add);

        handOvers.start();

        verify(turns.get(0)).endUnstarted(NO_THREAD);
        verify(threads).start(turns.get(1));
        verify(threads).start(turns.get(2));
    }

    // ---- how the loop gives way --------------------------------------------------------------------------------

    private void begin(int calls) {
        for (int i = 0; i < calls; i++) {
            assertTrue(shared.beginBlockingCall());
        }
        handOvers.add(turns.getFirst());
        handOvers.start();
    }

    @Test
    void theLoopGivesWayToMoreCallsThanProcessorsOnce() {
        begin(Runtime.getRuntime().availableProcessors() + 1);

        handOvers.giveWay();
        handOvers.giveWay();

        verify(threads, times(1)).giveWay();
    }

    @Test
    void itDoesNotWhileAllCanRunAtOnce() {
        begin(Runtime.getRuntime().availableProcessors());

        handOvers.giveWay();

        verify(threads, never()).giveWay();
    }

    private void startAndGiveWay() {
        handOvers.add(turns.getFirst());
        handOvers.start();
        handOvers.giveWay();
    }

    /** At first it looks again soon, then more and more rarely. */
    @Test
    void toCallsThatTakeLongItGivesWayOnlyNowAndThen() {
        begin(Runtime.getRuntime().availableProcessors() + 1);
        when(threads.giveWay()).thenReturn(HandOvers.SHORT_CALL_NANOS + 1);
        handOvers.giveWay();
        int looks = 1;

        for (int rest = HandOvers.REST_MIN; rest <= 4 * HandOvers.REST_MAX; rest *= 2) {
            for (int i = 0; i < Math.min(rest, HandOvers.REST_MAX); i++) {
                startAndGiveWay();
            }
            verify(threads, times(looks)).giveWay();
            startAndGiveWay();
            verify(threads, times(++looks)).giveWay();
        }
    }

    @Test
    void afterShortCallsItLooksAgainSoon() {
        begin(Runtime.getRuntime().availableProcessors() + 1);
        long tooLong = HandOvers.SHORT_CALL_NANOS + 1;
        when(threads.giveWay()).thenReturn(tooLong, tooLong, 0L, tooLong, 0L);

        handOvers.giveWay();
        for (int i = 0; i < 3 * HandOvers.REST_MIN + 2 + 1 + HandOvers.REST_MIN + 1; i++) {
            startAndGiveWay();
        }

        verify(threads, times(5)).giveWay();
    }

    @Test
    void toManyShortCallsItGivesWayAgainAndAgain() {
        begin(Runtime.getRuntime().availableProcessors() + 1);
        when(threads.giveWay()).thenAnswer(call -> {
            for (int i = 0; i < 10; i++) {
                handOvers.ended();
            }
            return 11 * HandOvers.SHORT_CALL_NANOS;
        });

        handOvers.giveWay();
        startAndGiveWay();

        verify(threads, times(2)).giveWay();
    }

    // ---- in a loop ---------------------------------------------------------------------------------------------

    private static final Call BLOCKING = EngineBench.answeringOnThread("fine");

    /** Runs on the loop's thread what is to be started; the one of this number can't be. */
    private EngineBench bench(int failing) {
        int[] number = new int[1];
        var inPlace = mock(ServerThreads.class, call -> {
            if (call.getMethod().getName().equals("start")) {
                if (number[0]++ == failing) {
                    throw NO_THREAD;
                }
                ((Runnable) call.getArgument(0)).run();
            }
            return null;
        });
        return new EngineBench(10, (head, peer) -> BLOCKING, mock(Transport.class), inPlace);
    }

    /** Of a batch one needs a thread, and more are ready behind it. */
    @Test
    void theyBeginWhenTheirBatchHasRun() {
        int[] number = new int[1];
        EngineBench bench = new EngineBench(100,
                (head, peer) -> number[0]++ == 0 ? BLOCKING : EngineBench.answering("fine"),
                mock(Transport.class), threads);
        List<ReadinessTarget> connections = Stream.generate(() -> bench.adopt(client(REQUEST)))
                .limit(Batch.CONNECTIONS_MAX + 1).toList();

        bench.turn(() -> {
            connections.subList(0, Batch.CONNECTIONS_MAX - 1).forEach(client -> client.ready(Readiness.READABLE));
            verifyNoInteractions(threads);
            connections.get(Batch.CONNECTIONS_MAX - 1).ready(Readiness.READABLE);
            verify(threads).start(any());
            connections.get(Batch.CONNECTIONS_MAX).ready(Readiness.READABLE);
        }).run();
    }

    @Test
    void theLoopGivesWayBeforeItWaits() {
        EngineBench bench = new EngineBench(10, (head, peer) -> BLOCKING, mock(Transport.class), threads);
        for (int i = 0; i <= Runtime.getRuntime().availableProcessors(); i++) {
            assertTrue(bench.shared.beginBlockingCall());
        }

        bench.turn(() -> {
            bench.loop.later(() -> bench.loop.handOvers().add(turns.getFirst()));
            verify(threads, never()).giveWay();
        }).turn(() -> verify(threads).giveWay()).run();
    }

    /** The handlers' threads run when the loop gives way, and answer three requests meanwhile, twice. */
    @Test
    void theLoopSeesHowManyCallsHaveEnded() {
        Deque<Runnable> started = new ArrayDeque<>();
        doAnswer(call -> started.add(call.getArgument(0))).when(threads).start(any());
        when(threads.giveWay()).thenAnswer(call -> {
            while (!started.isEmpty()) {
                started.removeFirst().run();
            }
            return 4 * HandOvers.SHORT_CALL_NANOS;
        });
        EngineBench bench = new EngineBench(10, (head, peer) -> BLOCKING, mock(Transport.class), threads);
        for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
            assertTrue(bench.shared.beginBlockingCall());
        }
        List<ReadinessTarget> connections = Stream.generate(() -> bench.adopt(client(REQUEST, REQUEST)))
                .limit(3).toList();
        Runnable ready = () -> connections.forEach(connection -> connection.ready(Readiness.READABLE));

        bench.turn(ready).turn(ready).turn(() -> verify(threads, times(2)).giveWay()).run();

        assertEquals(6, answered.size());
    }

    @Test
    void theyBeginAlsoIfTheLoopMeetsADefect() {
        EngineBench bench = new EngineBench(10, (head, peer) -> BLOCKING, mock(Transport.class), threads);

        bench.expectDefects(1).turn(() -> bench.loop.later(() -> {
            bench.loop.handOvers().add(turns.getFirst());
            throw new IllegalStateException("a defect, for a test");
        })).turn(() -> verify(threads).start(turns.getFirst())).run();
    }

    @Test
    void theyBeginBeforeTheLoopWaits() {
        EngineBench bench = new EngineBench(10, (head, peer) -> BLOCKING, mock(Transport.class), threads);

        bench.turn(() -> bench.loop.later(() -> bench.loop.handOvers().add(turns.getFirst())))
                .turn(() -> verify(threads).start(turns.getFirst())).run();
    }

    /** A client whose reads come one by one, and that takes every answer. */
    private Channel client(byte[]... reads) {
        Channel channel = mock(Channel.class);
        Deque<byte[]> left = new ArrayDeque<>(List.of(reads));
        when(channel.read(any(), anyInt(), anyInt())).thenAnswer(call -> {
            byte[] octets = left.poll();
            if (octets == null) {
                return -Errno.EAGAIN;
            }
            System.arraycopy(octets, 0, call.getArgument(0), call.getArgument(1), octets.length);
            return octets.length;
        });
        when(channel.write(any(), anyInt(), anyInt())).thenAnswer(call -> {
            answered.add(channel);
            return call.getArgument(2);
        });
        doAnswer(call -> aborted.add(channel)).when(channel).abort();
        return channel;
    }

    @Test
    void aConnectionWhoseTurnFindsNoThreadIsClosedAndItsPlaceIsFree() {
        for (int failing = 0; failing < 3; failing++) {
            answered.clear();
            aborted.clear();
            EngineBench bench = bench(failing).expectDefects(1);
            List<Channel> channels = Stream.generate(() -> client(REQUEST)).limit(3).toList();
            List<ReadinessTarget> connections = channels.stream().map(bench::adopt).toList();

            bench.turn(() -> connections.forEach(connection -> connection.ready(Readiness.READABLE))).turn(() -> { })
                    .turn(() -> {
                        assertEquals(1, aborted.size());
                        assertEquals(2, answered.size());
                        assertTrue(Collections.disjoint(aborted, answered));
                    }).run();

            EngineBench.allPlacesAreFree(bench.shared);
        }
    }

    /** Answers the first of two requests on the loop, and hands over the second one. */
    private EngineBench promptAndBlocking() {
        int[] number = new int[1];
        return new EngineBench(10, (head, peer) -> number[0]++ == 0 ? EngineBench.answering("fine") : BLOCKING,
                mock(Transport.class), threads);
    }

    @Test
    void anEarlierAnswerDoesNotWaitForAHandler() {
        EngineBench bench = promptAndBlocking();
        ReadinessTarget connection = bench.adopt(client(TWO_REQUESTS));

        bench.turn(() -> connection.ready(Readiness.READABLE)).turn(() -> {
            verify(threads).start(any());
            assertEquals(1, answered.size());
        }).run();
    }

    @Test
    void thePlaceOfACallIsFreeAgainIfAnEarlierAnswerMeetsADefect() {
        EngineBench bench = promptAndBlocking().expectDefects(1);
        Channel channel = client(TWO_REQUESTS);
        ReadinessTarget connection = bench.adopt(channel);
        when(channel.write(any(), anyInt(), anyInt())).thenThrow(new IllegalStateException("a defect, for a test"));

        bench.turn(() -> connection.ready(Readiness.READABLE)).turn(() -> verify(threads, never()).start(any())).run();

        EngineBench.allPlacesAreFree(bench.shared);
    }

    /** As a virtual thread's start does if there is no carrier to make, and one that is there takes what was queued. */
    @Test
    void aTurnThatBeginsAlthoughItsStartHasThrownIsTakenOnce() {
        int[] number = new int[1];
        var late = mock(ServerThreads.class, call -> {
            if (call.getMethod().getName().equals("start")) {
                boolean isFirst = number[0]++ == 0;
                ((Runnable) call.getArgument(0)).run();
                if (isFirst) {
                    throw NO_THREAD;
                }
            }
            return call.getMethod().getReturnType() == long.class ? 0L : null;
        });
        EngineBench bench = new EngineBench(10, (head, peer) -> BLOCKING, mock(Transport.class), late);
        List<ReadinessTarget> connections = Stream.generate(() -> bench.adopt(client(REQUEST))).limit(3).toList();

        bench.turn(() -> connections.forEach(connection -> connection.ready(Readiness.READABLE))).turn(() -> { })
                .turn(() -> {
                    assertEquals(3, answered.size());
                    assertEquals(List.of(), aborted);
                }).run();

        EngineBench.allPlacesAreFree(bench.shared);
    }

    /** The thread that has answered leaves the time of an idle client behind, which is much more. */
    @Test
    void aHeadThatIsBegunBehindABlockingCallHasTheTimeOfAHead() {
        EngineBench bench = bench(-1);
        Channel channel = client(REQUEST, "GET /".getBytes(ISO_8859_1));
        ReadinessTarget connection = bench.adopt(channel);

        bench.turn(() -> {
            connection.ready(Readiness.READABLE);
            bench.loop.later(() -> bench.loop.later(() -> { })); // so that no time passes before the next turn
        }).turn(() -> connection.ready(Readiness.READABLE))
                .turn(() -> { }).turn(() -> verify(channel).writeLast(any(), anyInt(), anyInt())).run();

        assertEquals(EngineBench.LIMITS.headNanos(), bench.waits.get(2));
    }
}
