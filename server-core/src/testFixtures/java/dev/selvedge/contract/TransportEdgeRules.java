package dev.selvedge.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvedge.contract.TransportBench.Connection;
import dev.selvedge.server.transport.Channel;
import dev.selvedge.server.transport.Errno;
import java.io.IOException;
import java.net.Socket;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Rules for readiness: it is told once, and again after it was used up. */
abstract class TransportEdgeRules extends TransportRules {

    private static final int MEBIBYTE = 1 << 20;

    @Test
    void aNewChannelIsWritable() throws IOException {
        Connection connection = bench.connectOnly();

        assertEquals(0, bench.poller.add(connection.channel(), connection.edges()));
        int told = bench.poll(TransportBench.PATIENCE.toNanos());

        assertEquals(1, told);
        assertEquals(1, connection.edges().writable.availablePermits());
    }

    @Test
    void bytesThatCameBeforeAddingAreTold() throws IOException {
        Connection connection = bench.connectOnly();
        connection.client().getOutputStream().write(7);

        assertEquals(0, bench.poller.add(connection.channel(), connection.edges()));

        bench.pollUntil(connection.edges().readable::tryAcquire);
        assertArrayEquals(new byte[] {7}, bench.owner(connection).receive(1, 16));
    }

    @Test
    void unreadBytesAreToldOnce() throws IOException {
        Connection connection = bench.connect();

        connection.client().getOutputStream().write(7);
        bench.pollUntil(connection.edges().readable::tryAcquire);
        bench.pollIdly();

        assertEquals(0, connection.edges().readable.availablePermits(), "the edge was repeated");
    }

    @Test
    void newBytesAfterAShortReadAreTold() throws IOException {
        Connection connection = bench.connect();
        for (int round = 0; round < 50; round++) {
            connection.client().getOutputStream().write(round);
            bench.pollUntil(connection.edges().readable::tryAcquire);
            byte[] buffer = new byte[2];
            assertEquals(1, connection.channel().read(buffer, 0, 2));
            assertEquals(round, buffer[0]);
        }
    }

    @Test
    void newBytesAfterAShortReadAreToldThoughTheOldOnesWaitedLong() throws IOException {
        Connection connection = bench.connect();
        for (int round = 0; round < 5; round++) {
            connection.client().getOutputStream().write(round);
            bench.pollUntil(connection.edges().readable::tryAcquire);
            bench.pollIdly();
            assertEquals(1, connection.channel().read(new byte[2], 0, 2));
        }
    }

    @Test
    void newBytesAfterEagainAreTold() throws IOException {
        Connection connection = bench.connect();
        for (int round = 0; round < 5; round++) {
            connection.client().getOutputStream().write(new byte[10]);
            assertEquals(10, bench.owner(connection).receive(10, 10).length);
            assertEquals(-Errno.EAGAIN, connection.channel().read(new byte[10], 0, 10));
            bench.pollIdly();
            connection.edges().forget();
        }
    }

    @Test
    void aFullReadLeavesTheRestThere() throws IOException {
        Connection connection = bench.connect();
        connection.client().getOutputStream().write(new byte[30]);
        bench.pollUntil(connection.edges().readable::tryAcquire);

        assertEquals(10, connection.channel().read(new byte[10], 0, 10));
        bench.pollIdly();
        assertEquals(10, connection.channel().read(new byte[10], 0, 10));
        assertEquals(10, connection.channel().read(new byte[20], 0, 20));

        connection.edges().forget();
        connection.client().getOutputStream().write(new byte[5]);
        bench.pollUntil(connection.edges().readable::tryAcquire);
        assertEquals(5, connection.channel().read(new byte[20], 0, 20));
    }

    @Test
    void theEndBehindBytesIsFound() throws IOException {
        for (int round = 0; round < 100; round++) {
            Connection connection = bench.connect();
            connection.client().getOutputStream().write(new byte[] {1, 2, 3});
            connection.client().shutdownOutput();

            assertArrayEquals(new byte[] {1, 2, 3}, bench.owner(connection).receiveAll());

            connection.channel().close();
            connection.client().close();
        }
    }

    @Test
    void theEndBehindBytesIsFoundByAReaderWithASmallBuffer() throws IOException {
        Connection connection = bench.connect();
        connection.client().getOutputStream().write(new byte[] {1, 2, 3, 4});
        connection.client().shutdownOutput();

        assertArrayEquals(new byte[] {1, 2, 3, 4}, bench.owner(connection).receive(Integer.MAX_VALUE, 2));
    }

    @Test
    void theEndAloneIsTold() throws IOException {
        Connection connection = bench.connect();
        assertEquals(-Errno.EAGAIN, connection.channel().read(new byte[1], 0, 1));

        connection.client().shutdownOutput();
        bench.pollUntil(connection.edges().readable::tryAcquire);

        assertEquals(0, connection.channel().read(new byte[1], 0, 1));
        assertEquals(0, connection.channel().read(new byte[1], 0, 1));
    }

    @Test
    void whatNobodyTakesDoesNotKeepThePollerBusy() throws IOException {
        Connection unread = bench.connect();
        unread.client().getOutputStream().write(7);
        bench.pollUntil(unread.edges().readable::tryAcquire);
        Connection ended = bench.connect();
        ended.client().shutdownOutput();
        bench.pollUntil(ended.edges().readable::tryAcquire);
        assertEquals(0, ended.channel().read(new byte[1], 0, 1));
        Connection writable = bench.connect();
        long sent = fill(writable.channel(), new byte[MEBIBYTE]);
        Thread reader = Thread.startVirtualThread(() -> readExactly(writable.client(), sent));
        bench.pollUntil(writable.edges().writable::tryAcquire);
        TransportBench.join(reader);
        bench.pollIdly();

        long slice = TimeUnit.MILLISECONDS.toNanos(20);
        long start = System.nanoTime();
        for (int i = 0; i < 5; i++) {
            assertEquals(0, bench.poll(slice));
        }
        assertTrue(System.nanoTime() - start >= 4 * slice, "poll does not wait");
    }

    @Test
    void aFullChannelIsWritableAgainWhenThePeerReads() throws IOException {
        Connection connection = bench.connect();
        Channel channel = connection.channel();
        byte[] block = new byte[MEBIBYTE];
        for (int round = 0; round < 3; round++) {
            long sent = fill(channel, block);
            connection.edges().forget();

            Socket client = connection.client();
            Thread reader = Thread.startVirtualThread(() -> readExactly(client, sent));
            bench.pollUntil(connection.edges().writable::tryAcquire);

            TransportBench.join(reader);
            assertTrue(channel.write(block, 0, 1) == 1);
            readExactly(client, 1);
        }
    }

    @Test
    void aChannelThatWasFullBeforeAddingIsWritableLater() throws IOException {
        Connection connection = bench.connectOnly();
        long sent = fill(connection.channel(), new byte[MEBIBYTE]);

        assertEquals(0, bench.poller.add(connection.channel(), connection.edges()));
        Thread reader = Thread.startVirtualThread(() -> readExactly(connection.client(), sent));

        bench.pollUntil(connection.edges().writable::tryAcquire);
        TransportBench.join(reader);
    }

    private static long fill(Channel channel, byte[] block) {
        long sent = 0;
        while (true) {
            int n = channel.write(block, 0, block.length);
            if (n == -Errno.EAGAIN) {
                return sent;
            }
            assertTrue(n > 0, () -> "write: " + Errno.describe(-n));
            sent += n;
        }
    }

    private static void readExactly(Socket client, long count) {
        try {
            client.getInputStream().skipNBytes(count);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
