package dev.selvedge.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.selvedge.contract.TransportBench.Connection;
import dev.selvedge.server.transport.Channel;
import dev.selvedge.server.transport.Errno;
import dev.selvedge.server.transport.Listener;
import dev.selvedge.server.transport.Poller;
import java.io.IOException;
import java.net.BindException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules for the bytes of a connection, and for how it ends. */
abstract class TransportStreamRules extends TransportRules {

    private static final int MEBIBYTE = 1 << 20;
    private static final int LARGEST_SEGMENT_BYTES = 1 << 16;
    private static final int PEER_BUFFER_BYTES = 1 << 16;

    @Test
    void bytesArriveUnchangedInBothDirections() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        byte[] up = new byte[MEBIBYTE];
        byte[] down = new byte[MEBIBYTE];
        random.nextBytes(up);
        random.nextBytes(down);
        Connection connection = bench.connect();
        Socket client = connection.client();

        FutureTask<byte[]> downloaded = new FutureTask<>(() -> client.getInputStream().readNBytes(MEBIBYTE));
        Thread.startVirtualThread(downloaded);
        Thread.startVirtualThread(() -> {
            try {
                client.getOutputStream().write(up);
                client.shutdownOutput();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        TransportOwner owner = bench.owner(connection);
        byte[] received = owner.receive(MEBIBYTE / 2, 1 + random.nextInt(300_000));
        owner.send(down);
        byte[] rest = owner.receiveAll();

        String replay = "seed " + seed;
        assertArrayEquals(up, join(received, rest), replay);
        byte[] got = downloaded.get(TransportBench.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        assertArrayEquals(down, got, replay);
    }

    @Test
    void onlyTheGivenRangeIsUsed() throws IOException {
        Connection connection = bench.connect();
        assertEquals(2, connection.channel().write(new byte[] {1, 2, 3, 4}, 1, 2));
        assertArrayEquals(new byte[] {2, 3}, connection.client().getInputStream().readNBytes(2));

        connection.client().getOutputStream().write(new byte[] {7, 8, 9});
        bench.pollUntil(connection.edges().readable::tryAcquire);
        byte[] buffer = new byte[5];
        assertEquals(2, connection.channel().read(buffer, 2, 2));
        assertArrayEquals(new byte[] {0, 0, 7, 8, 0}, buffer);
    }

    @Test
    void aPeerThatHasEndedItsSideStillReads() throws IOException {
        Connection connection = bench.connect();
        connection.client().shutdownOutput();

        TransportOwner owner = bench.owner(connection);
        assertEquals(0, owner.receiveAll().length);
        owner.send(new byte[] {1, 2});

        assertArrayEquals(new byte[] {1, 2}, connection.client().getInputStream().readNBytes(2));
    }

    @Test
    void aChannelThatHasEndedItsSideStillReads() throws IOException {
        Connection connection = bench.connect();
        Channel channel = connection.channel();
        bench.owner(connection).send(new byte[] {1, 2});

        assertEquals(0, channel.shutdownOutput());

        assertArrayEquals(new byte[] {1, 2}, connection.client().getInputStream().readAllBytes());
        connection.client().getOutputStream().write(3);
        assertArrayEquals(new byte[] {3}, bench.owner(connection).receive(1, 16));
        assertEquals(-Errno.EPIPE, channel.write(new byte[1], 0, 1));
    }

    @ParameterizedTest
    @CsvSource({"1, true", "1, false", "70000, true", "3000000, true", "3000000, false"})
    void whatIsWrittenLastArrivesBeforeTheEnd(int length, boolean inTwoSteps) throws Exception {
        Connection connection = bench.connect();
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        FutureTask<byte[]> downloaded = new FutureTask<>(() -> connection.client().getInputStream().readAllBytes());
        Thread.startVirtualThread(downloaded);

        bench.owner(connection).sendLast(bytes);
        if (inTwoSteps) {
            assertEquals(0, connection.channel().shutdownOutput());
        } else {
            connection.channel().close();
        }
        bench.poll(0);

        assertArrayEquals(bytes, downloaded.get(TransportBench.PATIENCE.toMillis(), TimeUnit.MILLISECONDS));
    }

    @Test
    void abortIsAResetForThePeer() throws IOException {
        Connection connection = bench.connect();
        byte[] block = new byte[MEBIBYTE];
        while (connection.channel().write(block, 0, block.length) > 0) {
            bench.poll(0);
        }

        connection.channel().abort();
        connection.channel().abort();
        connection.channel().close();
        bench.poll(0);

        SocketException told = assertThrows(SocketException.class,
            () -> connection.client().getInputStream().readAllBytes());
        assertTrue(told.getMessage().toLowerCase().contains("reset"), told.getMessage());
    }

    @Test
    void abortOfAChannelInNoPollerIsAReset() throws IOException {
        Connection connection = bench.connectOnly();

        connection.channel().abort();

        assertThrows(SocketException.class, () -> connection.client().getInputStream().readAllBytes());
    }

    /** A peer that has been fast has made the system's buffers grow: that must not count once it stops. */
    @ParameterizedTest
    @ValueSource(ints = {0, 32 * MEBIBYTE})
    void onlySoMuchIsHeldForAPeerThatDoesNotRead(int readBefore) throws Exception {
        Connection connection = bench.connect(PEER_BUFFER_BYTES);
        Thread reader = Thread.startVirtualThread(() -> {
            try {
                connection.client().getInputStream().skipNBytes(readBefore);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        bench.owner(connection).send(new byte[readBefore]);
        TransportBench.join(reader);

        byte[] block = new byte[MEBIBYTE];
        long held = 0;
        do {
            connection.edges().forget();
            for (int n = 0; n >= 0; n = connection.channel().write(block, 0, block.length)) {
                held += n;
            }
            bench.pollIdly();
        } while (connection.edges().writable.tryAcquire());

        long bound = 2 * TransportBench.MAX_UNSENT_BYTES + LARGEST_SEGMENT_BYTES + 2 * PEER_BUFFER_BYTES;
        assertTrue(held <= bound, held + " octets held, with " + bound + " allowed");
        assertTrue(held >= TransportBench.MAX_UNSENT_BYTES / 2, held + " octets held");
    }

    @Test
    void closeIsTheEndBehindAllBytes() throws Exception {
        Connection connection = bench.connect();
        byte[] block = new byte[MEBIBYTE];
        long written = 0;
        for (int n = 0; n >= 0; n = connection.channel().write(block, 0, block.length)) {
            written += n;
        }

        connection.channel().close();
        connection.channel().close();
        bench.poll(0);

        long received = 0;
        byte[] buffer = new byte[MEBIBYTE];
        for (int n = 0; n >= 0; n = connection.client().getInputStream().read(buffer)) {
            received += n;
        }
        assertEquals(written, received);
    }

    @Test
    void writingToAPeerThatHasClosedFails() throws IOException {
        Connection connection = bench.connect();
        connection.client().close();

        assertGone(writeUntilFailure(connection));
        assertGone(connection.channel().write(new byte[1], 0, 1));
    }

    @Test
    void writingToAPeerThatHasResetFails() throws IOException {
        Connection connection = bench.connect();
        connection.client().setSoLinger(true, 0);
        connection.client().close();

        assertGone(writeUntilFailure(connection));
    }

    @Test
    void readingFromAPeerThatHasResetFails() throws IOException {
        Connection connection = bench.connect();
        assertEquals(-Errno.EAGAIN, connection.channel().read(new byte[1], 0, 1));
        connection.client().setSoLinger(true, 0);
        connection.client().close();

        bench.pollUntil(connection.edges().readable::tryAcquire);

        assertEquals(-Errno.ECONNRESET, connection.channel().read(new byte[1], 0, 1));
        int again = connection.channel().read(new byte[1], 0, 1);
        assertTrue(again <= 0 && again != -Errno.EAGAIN, "read " + again);
        bench.pollIdly();
    }

    @Test
    void aClosedChannelSaysSo() throws IOException {
        for (Connection connection : new Connection[] {bench.connect(), bench.connectOnly()}) {
            Channel channel = connection.channel();
            connection.client().getOutputStream().write(1);
            channel.close();
            bench.poll(0);
            assertEquals(-Errno.EBADF, channel.read(new byte[1], 0, 1));
            assertEquals(-Errno.EBADF, channel.write(new byte[1], 0, 1));
            assertEquals(-Errno.EBADF, channel.shutdownOutput());
            channel.abort();
        }
    }

    @Test
    void noDescriptorIsLeaked() throws Exception {
        assumeTrue(Files.isDirectory(Path.of("/proc/self/fd")));
        serveAndEnd(20); // loads classes and fills caches
        long before = descriptors();
        serveAndEnd(200);
        long after = descriptors();
        assertTrue(after <= before + 5, before + " descriptors before, " + after + " after");
    }

    @Test
    void theNextPollLetsClosedDescriptorsGo() throws IOException {
        assumeTrue(Files.isDirectory(Path.of("/proc/self/fd")));
        Connection[] connections = new Connection[50];
        for (int i = 0; i < connections.length; i++) {
            connections[i] = bench.connect();
        }
        long before = descriptors();
        for (Connection connection : connections) {
            connection.channel().close();
        }
        bench.poll(0);
        long after = descriptors();
        assertTrue(after <= before - connections.length + 5, before + " descriptors before, " + after + " after");
    }

    private void serveAndEnd(int connections) throws Exception {
        try (Poller poller = bench.transport.poller(); Listener listener = bench.transport.listen(
                TransportBench.loopback(0), 16, TransportBench.MAX_UNSENT_BYTES)) {
            poller.add(listener, new TransportEdges());
            for (int i = 0; i < connections; i++) {
                assertThrows(BindException.class, () -> bench.transport.listen(listener.address(), 16,
                    TransportBench.MAX_UNSENT_BYTES));
                try (Socket client = new Socket(listener.address().getAddress(), listener.address().getPort())) {
                    Channel channel = bench.accept(listener);
                    poller.add(channel, new TransportEdges());
                    client.getOutputStream().write(1);
                    poller.poll(0);
                    switch (i % 3) {
                        case 0 -> channel.close();
                        case 1 -> channel.abort();
                        default -> {
                            client.shutdownOutput();
                            channel.write(new byte[1], 0, 1);
                            channel.close();
                        }
                    }
                }
            }
        }
    }

    private static long descriptors() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        }
    }

    private int writeUntilFailure(Connection connection) {
        long deadline = System.nanoTime() + TransportBench.PATIENCE.toNanos();
        while (true) {
            int n = connection.channel().write(new byte[100], 0, 100);
            if (n < 0 && n != -Errno.EAGAIN) {
                return n;
            }
            assertTrue(System.nanoTime() < deadline, "the failure was never told");
            bench.poll(0);
        }
    }

    private static void assertGone(int answer) {
        assertTrue(answer == -Errno.EPIPE || answer == -Errno.ECONNRESET, "answer " + answer);
    }

    private static byte[] join(byte[] head, byte[] tail) {
        byte[] both = new byte[head.length + tail.length];
        System.arraycopy(head, 0, both, 0, head.length);
        System.arraycopy(tail, 0, both, head.length, tail.length);
        return both;
    }
}
