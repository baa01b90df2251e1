package dev.selvedge.server.fake.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyInt;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import dev.selvedge.server.transport.Channel;
import dev.selvedge.server.transport.Errno;
import dev.selvedge.server.transport.Poller;
import dev.selvedge.server.transport.Readiness;
import dev.selvedge.server.transport.ReadinessTarget;
import dev.selvedge.server.transport.TimeSource;
import java.net.InetSocketAddress;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A connection whose client takes whatever it is given. */
class FaultChannelTest {

    private static final byte[] REQUEST = "GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(ISO_8859_1);
    private static final byte[] RESPONSE = "HTTP/1.1 204 No Content\r\n\r\n".getBytes(ISO_8859_1);

    private static final TimeSource STANDING_TIME = new TimeSource() {
        @Override
        public long nanos() {
            return 0;
        }

        @Override
        public long epochMillis() {
            return 0;
        }
    };

    private final Channel below = mock(Channel.class);
    private final Poller pollerBelow = mock(Poller.class);
    private final FaultPoller poller = new FaultPoller(pollerBelow, STANDING_TIME);
    private final ReadinessTarget server = mock(ReadinessTarget.class);
    private final WireConnection record =
            new WireConnection(new Wires(1024), 0, new InetSocketAddress("127.0.0.1", 1), Instant.EPOCH);

    @Test
    @Timeout(20)
    void anEndlessReplacementMakesRoomForOthersAndForItsEnd() {
        when(below.read(any(), anyInt(), anyInt())).thenAnswer(call -> {
            System.arraycopy(REQUEST, 0, call.getArgument(0), 0, REQUEST.length);
            return REQUEST.length;
        });
        when(below.write(any(), anyInt(), anyInt())).thenAnswer(call -> call.getArgument(2));
        FaultChannel channel = new FaultChannel(below, record, ConnectionPlan.NONE, STANDING_TIME);
        channel.addTo(poller, pollerBelow, server);
        channel.read(new byte[REQUEST.length], 0, REQUEST.length);
        record.handled().plan(ExchangePlan.NONE.withReplacement(new Replacement(RESPONSE, new byte[] {'a'}, null)));

        assertEquals(-Errno.EAGAIN, channel.write(RESPONSE, 0, RESPONSE.length));
        poller.poll(0);
        verify(server).ready(Readiness.WRITABLE);       // and so it goes on

        channel.abort();
        verify(below).abort();
        assertEquals(-Errno.EBADF, channel.write(RESPONSE, 0, RESPONSE.length));
    }

    /** What a client sends to a server that has fallen silent stays with the system, and fills its buffers. */
    @Test
    void behindTheSilentEndOfARequestNothingIsRead() {
        when(below.read(any(), anyInt(), anyInt())).thenAnswer(call -> {
            System.arraycopy(REQUEST, 0, call.getArgument(0), 0, call.<Integer>getArgument(2));
            return call.getArgument(2);
        });
        ConnectionPlan plan = new ConnectionPlan(0, 0, 0, new Stop(10, End.SILENCE), null);
        FaultChannel channel = new FaultChannel(below, record, plan, STANDING_TIME);
        channel.addTo(poller, pollerBelow, server);

        assertEquals(-Errno.ECONNRESET, channel.read(new byte[REQUEST.length], 0, REQUEST.length));
        poller.poll(0);

        verify(below).read(any(), anyInt(), anyInt());
    }

    /** With {@code HANG_UP} alone, no reason to read, the server would keep the connection until a deadline. */
    @Test
    void thatAPlanHasEndedTheConnectionIsAReasonToReadAndToWrite() {
        when(below.read(any(), anyInt(), anyInt())).thenReturn(1);
        ConnectionPlan plan = new ConnectionPlan(0, 0, 0, new Stop(1, End.RESET), null);
        FaultChannel channel = new FaultChannel(below, record, plan, STANDING_TIME);
        channel.addTo(poller, pollerBelow, server);

        channel.read(new byte[1], 0, 1);
        poller.poll(0);

        verify(server).ready(Readiness.READABLE | Readiness.WRITABLE | Readiness.HANG_UP);
    }
}
