package dev.selvedge.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.selvedge.contract.TransportBench.Connection;
import dev.selvedge.server.transport.Errno;
import dev.selvedge.server.transport.FileSource;
import dev.selvedge.server.transport.FileStatus;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rules for files: which are opened, and how they are read and sent. */
abstract class TransportFileRules extends TransportRules {

    @TempDir
    Path folder;

    @Test
    void aFileIsSentWhole() throws Exception {
        byte[] content = content(5000);
        Connection connection = bench.connect();
        try (FileSource file = open(content)) {
            assertEquals(content.length, file.size());
            assertEquals(content.length, bench.owner(connection).sendFile(file, 0, content.length));
        }
        assertArrayEquals(content, connection.client().getInputStream().readNBytes(content.length));
    }

    @Test
    void aFileIsSentInPart() throws Exception {
        byte[] content = content(5000);
        Connection connection = bench.connect();
        try (FileSource file = open(content)) {
            assertEquals(2000, bench.owner(connection).sendFile(file, 1000, 2000));
        }
        connection.channel().shutdownOutput();
        byte[] part = Arrays.copyOfRange(content, 1000, 3000);
        assertArrayEquals(part, connection.client().getInputStream().readAllBytes());
    }

    @Test
    void sendingStopsAtTheEndOfTheFile() throws Exception {
        byte[] content = content(5000);
        Connection connection = bench.connect();
        try (FileSource file = open(content)) {
            assertEquals(1000, bench.owner(connection).sendFile(file, 4000, 5000));
            assertEquals(0, connection.channel().sendFile(file, 5000, 1));
            assertEquals(0, connection.channel().sendFile(file, 1L << 40, 1L << 40));
        }
        connection.channel().shutdownOutput();
        assertEquals(1000, connection.client().getInputStream().readAllBytes().length);
    }

    @Test
    void aFileThatWasTruncatedEndsThere() throws Exception {
        byte[] content = content(5000);
        Path path = Files.write(folder.resolve("shrinking"), content);
        Connection connection = bench.connect();
        try (FileSource file = bench.transport.open(path); RandomAccessFile scissors = new RandomAccessFile(
                path.toFile(), "rw")) {
            scissors.setLength(10);
            assertEquals(10, bench.owner(connection).sendFile(file, 0, content.length));
            assertEquals(0, connection.channel().sendFile(file, 100, 100));
            assertEquals(0, file.read(10, new byte[1], 0, 1));
            scissors.setLength(0);
            assertEquals(0, connection.channel().sendFile(file, 0, 100));
            assertEquals(content.length, file.size());
        }
    }

    @Test
    void aFileLargerThanTheSocketsBufferIsSentInTurns() throws Exception {
        byte[] content = content(16 << 20);
        Connection connection = bench.connect();
        try (FileSource file = open(content)) {
            FutureTask<byte[]> received = new FutureTask<>(
                () -> connection.client().getInputStream().readNBytes(content.length));
            Thread.startVirtualThread(received);
            assertEquals(content.length, bench.owner(connection).sendFile(file, 0, content.length));
            byte[] got = received.get(TransportBench.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            assertArrayEquals(content, got);
        }
    }

    @Test
    void aFileForAPeerThatIsGoneFails() throws Exception {
        Connection connection = bench.connect();
        connection.client().setSoLinger(true, 0);
        connection.client().close();
        try (FileSource file = open(content(100))) {
            long deadline = System.nanoTime() + TransportBench.PATIENCE.toNanos();
            long answer = 0;
            while (answer >= 0 || answer == -Errno.EAGAIN) {
                assertTrue(System.nanoTime() < deadline, "the failure was never told");
                answer = connection.channel().sendFile(file, 0, 100);
                bench.poll(0);
            }
            assertTrue(answer == -Errno.EPIPE || answer == -Errno.ECONNRESET, "answer " + answer);
        }
    }

    @Test
    void aClosedChannelSendsNoFile() throws Exception {
        Connection connection = bench.connect();
        connection.channel().close();
        try (FileSource file = open(content(100))) {
            assertEquals(-Errno.EBADF, connection.channel().sendFile(file, 0, 100));
        }
    }

    @Test
    void aFileIsReadAtAnyPosition() throws Exception {
        byte[] content = content(200_000);
        try (FileSource file = open(content)) {
            byte[] buffer = new byte[content.length + 2];
            assertEquals(100, file.read(1000, buffer, 1, 100));
            assertArrayEquals(Arrays.copyOfRange(content, 1000, 1100), Arrays.copyOfRange(buffer, 1, 101));
            assertEquals(0, buffer[0]);
            assertEquals(0, buffer[101]);
            assertArrayEquals(content, readAll(file));
            assertEquals(0, file.read(content.length, buffer, 0, 1));
            assertEquals(0, file.read(1L << 40, buffer, 0, 1));
        }
    }

    @Test
    void anEmptyFileIsAFile() throws Exception {
        Connection connection = bench.connect();
        try (FileSource file = open(new byte[0])) {
            assertEquals(0, file.size());
            assertEquals(0, connection.channel().sendFile(file, 0, 1));
            assertEquals(0, file.read(0, new byte[1], 0, 1));
        }
    }

    @Test
    void aLinkLeadsToItsFile() throws Exception {
        Path target = Files.write(folder.resolve("target"), content(10));
        Path link = Files.createSymbolicLink(folder.resolve("link"), target);
        try (FileSource file = bench.transport.open(link)) {
            assertEquals(10, file.size());
        }
    }

    /** By this a server knows that it has opened the file which it has looked up. */
    @Test
    void anOpenFileIsToldFromOthersOfItsName() throws Exception {
        Path path = Files.write(folder.resolve("file"), content(10));
        FileStatus status = FileStatus.of(path);
        try (FileSource file = bench.transport.open(path)) {
            assertEquals(status, file.status());
        }
        Path link = Files.createSymbolicLink(folder.resolve("link"), path);
        try (FileSource file = bench.transport.open(link)) {
            assertEquals(status, file.status());
        }

        Path other = Files.write(folder.resolve("other"), content(10));
        Files.setLastModifiedTime(other, status.lastModified());
        Files.move(other, path, StandardCopyOption.ATOMIC_MOVE);

        assumeTrue(status.inode() != 0);
        try (FileSource file = bench.transport.open(path)) {
            assertEquals(status.size(), file.status().size());
            assertEquals(status.lastModified(), file.status().lastModified());
            assertNotEquals(status.inode(), file.status().inode());
            assertEquals(FileStatus.of(path), file.status());
        }
    }

    @Test
    void aFileWithATimeBeforeOrFarBehindOursHasThatTime() throws Exception {
        Path path = Files.write(folder.resolve("file"), content(10));
        for (String time : List.of("1965-03-04T05:06:07.123456789Z", "2200-01-01T00:00:00Z")) {
            Files.setLastModifiedTime(path, FileTime.from(Instant.parse(time)));
            try (FileSource file = bench.transport.open(path)) {
                assertEquals(FileStatus.of(path), file.status());
                assertEquals(Files.getLastModifiedTime(path), file.status().lastModified());
            }
        }
    }

    @Test
    void closingTwiceIsAllowedAndUseAfterwardsFails() throws Exception {
        Connection connection = bench.connect();
        FileSource file = open(content(10));
        file.close();
        file.close();
        assertThrows(IOException.class, () -> file.read(0, new byte[1], 0, 1));
        assertEquals(-Errno.EBADF, connection.channel().sendFile(file, 0, 10)); // the connection is well
        assertEquals(1, connection.channel().write(new byte[1], 0, 1));
    }

    @Test
    void aMissingFileIsTold() {
        assertThrows(NoSuchFileException.class, () -> bench.transport.open(folder.resolve("missing")));
    }

    @Test
    void aDirectoryIsRefused() {
        assertThrows(NoSuchFileException.class, () -> bench.transport.open(folder));
    }

    @Test
    void aFifoIsRefusedWithoutWaiting() throws Exception {
        assumeTrue(System.getProperty("os.name").equals("Linux"));
        Path fifo = folder.resolve("fifo");
        assertEquals(0, new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor());

        assertThrows(NoSuchFileException.class, () -> bench.transport.open(fifo));
    }

    @Test
    void aDeviceIsRefused() {
        Path device = Path.of("/dev/zero");
        assumeTrue(Files.exists(device));
        assertThrows(NoSuchFileException.class, () -> bench.transport.open(device));
    }

    @Test
    void aFileOfAnotherFileSystemIsSentOneWayOrTheOther() throws Exception {
        byte[] content = content(100_000);
        URI archive = URI.create("jar:" + folder.resolve("archive.zip").toUri());
        try (FileSystem zip = FileSystems.newFileSystem(archive, Map.of("create", "true"))) {
            Path inside = Files.write(zip.getPath("/inside"), content);
            Connection connection = bench.connect();
            try (FileSource file = bench.transport.open(inside)) {
                assertEquals(content.length, file.size());
                assertArrayEquals(content, readAll(file));
                assertEquals(FileStatus.of(inside), file.status());
                long answer = connection.channel().sendFile(file, 0, 1);
                assertTrue(answer == 1 || answer == -Errno.EINVAL, "answer " + answer);
            }
            assertThrows(NoSuchFileException.class, () -> bench.transport.open(zip.getPath("/missing")));
            assertThrows(NoSuchFileException.class, () -> bench.transport.open(zip.getPath("/")));
        }
    }

    private FileSource open(byte[] content) throws IOException {
        return bench.transport.open(Files.write(folder.resolve("file"), content));
    }

    private static byte[] readAll(FileSource file) throws IOException {
        byte[] all = new byte[(int) file.size()];
        int got = 0;
        while (got < all.length) {
            int n = file.read(got, all, got, all.length - got);
            assertTrue(n > 0, "ends at " + got);
            got += n;
        }
        return all;
    }

    private static byte[] content(int count) {
        byte[] bytes = new byte[count];
        new Random(count).nextBytes(bytes);
        return bytes;
    }
}
