package dev.selvedge.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvedge.contract.TransportBench.Connection;
import dev.selvedge.server.transport.Channel;
import dev.selvedge.server.transport.Errno;
import dev.selvedge.server.transport.FileSource;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Rules for owners on another thread than the loop's, which waits without end meanwhile: nobody wakes it but what the
 * owner does.
 */
abstract class TransportOwnerRules extends TransportRules {

    private static final int LARGE_BYTES = 8 << 20;
    private static final int ROUNDS = 200;

    @Test
    void aFullChannelIsWritableAgain() throws Exception {
        Connection connection = bench.connect();
        byte[] sent = randomBytes(LARGE_BYTES);
        try (TransportBench.Loop _ = bench.loop()) {
            FutureTask<Void> owner = start(() -> {
                bench.ownerElsewhere(connection).send(sent);
                return null;
            });
            byte[] received = connection.client().getInputStream().readNBytes(sent.length);
            finish(owner);
            assertArrayEquals(sent, received);
        }
    }

    @Test
    void aFullChannelIsWritableAgainForAFile(@TempDir Path folder) throws Exception {
        Connection connection = bench.connect();
        byte[] content = randomBytes(LARGE_BYTES);
        Path path = Files.write(folder.resolve("large"), content);
        try (FileSource file = bench.transport.open(path); TransportBench.Loop _ = bench.loop()) {
            FutureTask<Long> owner = start(
                () -> bench.ownerElsewhere(connection).sendFile(file, 0, content.length));
            byte[] received = connection.client().getInputStream().readNBytes(content.length);
            assertEquals(content.length, finish(owner));
            assertArrayEquals(content, received);
        }
    }

    @Test
    void bytesAreToldAgainThoughOldOnesWaitedWhileTheLoopPolled() throws Exception {
        Connection connection = bench.connect();
        TransportEdges edges = connection.edges();
        OutputStream toOwner = connection.client().getOutputStream();
        try (TransportBench.Loop _ = bench.loop()) {
            FutureTask<Void> owner = start(() -> {
                byte[] buffer = new byte[16];
                for (int round = 0; round < 500; round++) {
                    toOwner.write(1);
                    TransportBench.await(edges.readable); // and the loop polls on, with the byte unread
                    toOwner.write(2);
                    int n = 0;
                    while (n < 2) {
                        n += Math.max(connection.channel().read(buffer, 0, buffer.length), 0);
                    }
                    edges.forget(); // before the answer that makes the next edge, not behind it
                    assertEquals(-Errno.EAGAIN, connection.channel().read(buffer, 0, buffer.length));
                }
                return null;
            });
            finish(owner);
        }
    }

    @Test
    void noEdgeIsLostInADialogue() throws Exception {
        Connection connection = bench.connect();
        byte[] message = randomBytes(3000);
        try (TransportBench.Loop _ = bench.loop()) {
            FutureTask<Void> owner = start(() -> {
                TransportOwner echo = bench.ownerElsewhere(connection);
                for (int size = 1; size <= message.length; size++) {
                    echo.send(echo.receive(size, 4096));
                }
                return null;
            });
            InputStream in = connection.client().getInputStream();
            OutputStream out = connection.client().getOutputStream();
            for (int size = 1; size <= message.length; size++) {
                out.write(message, 0, size);
                byte[] back = in.readNBytes(size);
                assertEquals(size, back.length);
                assertEquals(message[size - 1], back[size - 1]);
            }
            finish(owner);
        }
    }

    @Test
    void ownersDoNotDisturbEachOther() throws Exception {
        List<Connection> connections = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            connections.add(bench.connect());
        }
        try (TransportBench.Loop _ = bench.loop()) {
            List<FutureTask<Void>> tasks = new ArrayList<>();
            for (Connection connection : connections) {
                byte[] block = randomBytes(40_000 + tasks.size());
                tasks.add(start(() -> echo(bench.ownerElsewhere(connection), block.length)));
                tasks.add(start(() -> converse(connection.client(), block)));
            }
            for (FutureTask<Void> task : tasks) {
                finish(task);
            }
        }
    }

    private static Void echo(TransportOwner owner, int blockBytes) {
        for (int round = 0; round < ROUNDS; round++) {
            owner.send(owner.receive(blockBytes, blockBytes));
        }
        return null;
    }

    private static Void converse(Socket client, byte[] block) throws IOException {
        for (int round = 0; round < ROUNDS; round++) {
            client.getOutputStream().write(block);
            assertArrayEquals(block, client.getInputStream().readNBytes(block.length));
        }
        return null;
    }

    @Test
    void theEndIsFound() throws Exception {
        Connection connection = bench.connect();
        byte[] sent = randomBytes(1 << 20);
        try (TransportBench.Loop _ = bench.loop()) {
            FutureTask<byte[]> owner = start(() -> bench.ownerElsewhere(connection).receiveAll());
            connection.client().getOutputStream().write(sent);
            connection.client().shutdownOutput();
            assertArrayEquals(sent, finish(owner));
        }
    }

    @Test
    void anInterruptedThreadIsAnOwnerLikeAnother(@TempDir Path folder) throws Exception {
        Connection connection = bench.connect();
        Path path = Files.write(folder.resolve("file"), new byte[] {3, 4, 5});
        try (FileSource file = bench.transport.open(path); TransportBench.Loop _ = bench.loop()) {
            connection.client().getOutputStream().write(9);
            TransportBench.await(connection.edges().readable);
            FutureTask<Boolean> owner = start(() -> {
                Channel channel = connection.channel();
                byte[] bytes = {1, 2, 0};
                Thread.currentThread().interrupt();
                assertEquals(2, channel.write(bytes, 0, 2));
                assertEquals(2, channel.sendFile(file, 0, 2));
                assertEquals(1, file.read(2, bytes, 2, 1));
                assertEquals(1, channel.write(bytes, 2, 1));
                assertEquals(1, channel.read(bytes, 0, 3));
                return Thread.currentThread().isInterrupted();
            });
            assertTrue(finish(owner), "the flag is gone");
            assertArrayEquals(new byte[] {1, 2, 3, 4, 5}, connection.client().getInputStream().readNBytes(5));
        }
    }

    @Test
    void anOwnerOfAClosedChannelNeverReachesAnother() throws Exception {
        for (int round = 0; round < 100; round++) {
            Connection old = bench.connect();
            FutureTask<Integer> owner = start(() -> writeUntilFailure(old.channel()));
            if (round % 2 == 0) {
                old.client().getInputStream().read(); // so that it is in the middle of it
            }
            old.channel().abort();
            bench.poll(0);

            Connection next = bench.connect(); // likely with the same descriptor
            bench.owner(next).send(new byte[] {2});
            next.channel().shutdownOutput();
            assertArrayEquals(new byte[] {2}, next.client().getInputStream().readAllBytes());

            assertEquals(-Errno.EBADF, finish(owner));
            old.client().close();
            next.client().close();
            next.channel().close();
        }
    }

    private static int writeUntilFailure(Channel channel) {
        byte[] ones = new byte[1024];
        Arrays.fill(ones, (byte) 1);
        while (true) {
            int n = channel.write(ones, 0, ones.length);
            if (n < 0 && n != -Errno.EAGAIN) {
                return n;
            }
            Thread.yield();
        }
    }

    private static byte[] randomBytes(int count) {
        byte[] bytes = new byte[count];
        new Random(count).nextBytes(bytes);
        return bytes;
    }

    private static <T> FutureTask<T> start(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        Thread.startVirtualThread(task);
        return task;
    }

    private static <T> T finish(FutureTask<T> task) throws Exception {
        return task.get(2 * TransportBench.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    }
}
