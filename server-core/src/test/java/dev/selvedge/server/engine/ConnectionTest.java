package dev.selvedge.server.engine;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyInt;
import static org.mockito.ArgumentMatchers.anyLong;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import dev.selvedge.server.http1.Content;
import dev.selvedge.server.transport.Channel;
import dev.selvedge.server.transport.FileSource;
import dev.selvedge.server.transport.Readiness;
import dev.selvedge.server.transport.ReadinessTarget;
import dev.selvedge.server.transport.Transport;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ConnectionTest {

    private static final byte[] REQUEST = "GET / HTTP/1.1\r\nHost: h\r\n\r\n".getBytes(ISO_8859_1);

    private final EngineBench bench = new EngineBench(10);
    private final Channel channel = mock(Channel.class);
    private int sent;

    /** A client that sends requests for ever, and takes every answer. */
    private ReadinessTarget endless() {
        when(channel.read(any(), anyInt(), anyInt())).thenAnswer(call -> {
            byte[] dst = call.getArgument(0);
            int from = call.getArgument(1);
            int length = call.getArgument(2);
            for (int i = 0; i < length; i++) {
                dst[from + i] = REQUEST[sent++ % REQUEST.length];
            }
            return length;
        });
        when(channel.write(any(), anyInt(), anyInt())).thenAnswer(call -> call.getArgument(2));
        return bench.adopt(channel);
    }

    @Test
    void oneThatNeverEndsLetsOthersHaveTheirTurn() {
        ReadinessTarget connection = endless();

        bench.turn(() -> connection.ready(Readiness.READABLE)).run();

        long requests = bench.shared.statistics().requests();
        assertTrue(requests > 0 && requests < 1000, requests + " in one turn");
        assertEquals(0, bench.waits.get(1), "the loop only looks what is ready");
    }

    /** A part of a file is more work than a read or a write. */
    @Test
    void aLargeFileForAFastClientLetsOthersHaveTheirTurn() throws IOException {
        long length = 1L << 40;
        Transport transport = mock(Transport.class);
        FileSource file = mock(FileSource.class);
        when(transport.open(any())).thenReturn(file);
        when(file.size()).thenReturn(length);
        EngineBench files = new EngineBench(10,
                EngineBench.answering(new Content.FileRange(Path.of("large"), 0, length)), transport);
        long[] moved = new long[1];
        when(channel.read(any(), anyInt(), anyInt())).thenAnswer(call -> {
            System.arraycopy(REQUEST, 0, call.getArgument(0), call.getArgument(1), REQUEST.length);
            return REQUEST.length;
        });
        when(channel.write(any(), anyInt(), anyInt())).thenAnswer(call -> call.getArgument(2));
        when(channel.sendFile(any(), anyLong(), anyLong())).thenAnswer(call -> {
            moved[0] += (long) call.getArgument(2);
            return call.getArgument(2);
        });
        ReadinessTarget connection = files.adopt(channel);

        files.turn(() -> connection.ready(Readiness.READABLE)).run();

        assertTrue(moved[0] > 0 && moved[0] <= 32 << 20, moved[0] + " octets in a few turns");
        assertEquals(0, files.waits.get(1), "the loop only looks what is ready");
    }

    /** Else each edge would give it one more turn of every round, for ever. */
    @Test
    void oneThatWaitsForItsTurnIsQueuedOnce() {
        ReadinessTarget connection = endless();
        long[] requests = new long[3];

        bench.turn(() -> {
            for (int i = 0; i < 3; i++) {
                connection.ready(Readiness.READABLE);
            }
        }).turn(() -> {
            requests[0] = bench.shared.statistics().requests();
            for (int i = 0; i < 5; i++) {
                connection.ready(Readiness.READABLE | Readiness.WRITABLE);
            }
        }).turn(() -> requests[1] = bench.shared.statistics().requests())
                .turn(() -> requests[2] = bench.shared.statistics().requests()).run();

        assertEquals(1.5, (double) requests[1] / requests[0], 0.1, "two turns in the first round, then one each");
        assertEquals(2.0, (double) requests[2] / requests[0], 0.1, "two turns in the first round, then one each");
        verify(channel, times(1)).abort();
    }
}
