package dev.selvedge.server.engine;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyInt;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import dev.selvedge.server.transport.Channel;
import dev.selvedge.server.transport.Errno;
import dev.selvedge.server.transport.Readiness;
import dev.selvedge.server.transport.ReadinessTarget;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a connection does when an edge tells of something else than a request. */
class ConnectionEdgesTest {

    private static final String REQUEST = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
    private static final int END = 0;
    private static final long NO_DEADLINE = -1;

    private final EngineBench bench = new EngineBench(10);
    private final Channel channel = mock(Channel.class);

    /** A client of whom each read answers the next of these, octets or a number, and who takes every answer. */
    private ReadinessTarget client(Object... reads) {
        Iterator<Object> next = List.of(reads).iterator();
        when(channel.read(any(), anyInt(), anyInt())).thenAnswer(call -> {
            Object read = next.hasNext() ? next.next() : -Errno.EAGAIN;
            if (read instanceof Integer n) {
                return n;
            }
            byte[] octets = ((String) read).getBytes(ISO_8859_1);
            System.arraycopy(octets, 0, call.getArgument(0), call.getArgument(1), octets.length);
            return octets.length;
        });
        when(channel.write(any(), anyInt(), anyInt())).thenAnswer(call -> call.getArgument(2));
        return bench.adopt(channel);
    }

    /** Keeps the loop from waiting, and so the time from going on. */
    private void keepTheLoopBusy() {
        bench.loop.later(this::keepTheLoopBusy);
    }

    private void reads(int count) {
        verify(channel, times(count)).read(any(), anyInt(), anyInt());
    }

    private void writes(int count) {
        verify(channel, times(count)).write(any(), anyInt(), anyInt());
    }

    @Test
    void theEndBetweenRequestsClosesAtOnce() {
        ReadinessTarget connection = client(END);

        bench.turn(() -> {
            connection.ready(Readiness.READABLE | Readiness.HANG_UP);
            verify(channel).close();
        }).run();

        reads(1);
        verify(channel, never()).abort();
        assertEquals(NO_DEADLINE, bench.waits.get(1));
    }

    @Test
    void theEndBehindEmptyLinesClosesAtOnce() {
        ReadinessTarget connection = client("\r\n", END);

        bench.turn(() -> connection.ready(Readiness.READABLE)).turn(() -> {
            connection.ready(Readiness.READABLE | Readiness.HANG_UP);
            verify(channel).close();
        }).run();

        verify(channel, never()).abort();
    }

    @Test
    void theEndInAHeadClosesWithoutAnAnswer() {
        ReadinessTarget connection = client("GET / HT", END);

        bench.turn(() -> connection.ready(Readiness.READABLE))
                .turn(() -> connection.ready(Readiness.READABLE | Readiness.HANG_UP))
                .turn(() -> verify(channel).close()).run();

        writes(0);
        assertEquals(0, bench.shared.statistics().requests());
    }

    @Test
    void aResetBetweenRequestsEndsTheConnectionAtOnce() {
        ReadinessTarget connection = client(-Errno.ECONNRESET);

        bench.turn(() -> {
            connection.ready(Readiness.READABLE | Readiness.WRITABLE | Readiness.HANG_UP);
            verify(channel).abort();
        }).run();

        reads(1);
    }

    /** They may share an edge, and no other follows. */
    @Test
    void aRequestAndTheEndBehindItAreBothFound() {
        ReadinessTarget connection = client(REQUEST, END);

        bench.turn(() -> connection.ready(Readiness.READABLE | Readiness.HANG_UP))
                .turn(() -> verify(channel).close()).run();

        writes(1);
        verify(channel, never()).abort();
        assertEquals(NO_DEADLINE, bench.waits.get(1));
    }

    @Test
    void roomToWriteIsNoReasonToRead() {
        ReadinessTarget connection = client();

        bench.turn(() -> {
            connection.ready(Readiness.WRITABLE);
            reads(0);
        }).run();

        assertEquals(EngineBench.IDLE_NANOS, bench.waits.get(1));
    }

    /** An edge of its own tells of room: that the client has ended its side says nothing about it. */
    @Test
    void theClientsEndIsNoRoomToWrite() {
        ReadinessTarget connection = client(REQUEST, END);
        when(channel.write(any(), anyInt(), anyInt())).thenReturn(-Errno.EAGAIN);
        keepTheLoopBusy();

        bench.turn(() -> connection.ready(Readiness.READABLE))
                .turn(() -> connection.ready(Readiness.READABLE | Readiness.HANG_UP))
                .turn(() -> {
                    writes(1);
                    when(channel.write(any(), anyInt(), anyInt())).thenAnswer(call -> call.getArgument(2));
                    connection.ready(Readiness.WRITABLE);
                })
                .turn(() -> verify(channel).close()).run();
    }
}
