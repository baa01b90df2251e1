package dev.selvedge.server.transport.nio;

import dev.selvedge.server.transport.FileSource;
import dev.selvedge.server.transport.FileStatus;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * A regular file of any file system; one of the system's own can be sent without passing through the program.
 *
 * <p>A thread whose interrupt flag is set may use it like any other: java.nio would close the file for that, and the
 * socket with it. (An interrupt that comes in the middle of an operation still has this effect.)
 */
final class NioFile implements FileSource {

    /** Bounds the buffers that the JDK keeps for each thread. */
    private static final int CHUNK_BYTES = NioChannel.CHUNK_BYTES;

    private interface Operation {
        long run() throws IOException;
    }

    private final Path path;
    private final SeekableByteChannel bytes;
    private final boolean sendable;
    private final long size;

    private NioFile(Path path, SeekableByteChannel bytes, boolean sendable) throws IOException {
        this.path = path;
        this.bytes = bytes;
        this.sendable = sendable;
        this.size = bytes.size();
    }

    static NioFile open(Path file) throws IOException {
        // asked before opening, since to open a FIFO is to wait for its writer
        if (!Files.readAttributes(file, BasicFileAttributes.class).isRegularFile()) {
            throw new NoSuchFileException(file.toString(), null, "not a regular file");
        }
        SeekableByteChannel bytes = Files.newByteChannel(file, StandardOpenOption.READ);
        try {
            boolean ofTheSystem = file.getFileSystem() == FileSystems.getDefault() && bytes instanceof FileChannel;
            return new NioFile(file, bytes, ofTheSystem);
        } catch (IOException e) {
            bytes.close();
            throw e;
        }
    }

    @Override
    public long size() {
        return size;
    }

    /**
     * Java has no fstat(2), so this is what the name stands for after the file was opened. If that is the file that was
     * looked up before it was opened, so is the open one, unless it was replaced and put back in between; and who does
     * that changes the status of the file.
     */
    @Override
    public FileStatus status() throws IOException {
        return FileStatus.of(path);
    }

    @Override
    public int read(long position, byte[] dst, int from, int length) throws IOException {
        return (int) uninterrupted(() -> readUpTo(position, dst, from, length));
    }

    @Override
    public void close() {
        try {
            bytes.close();
        } catch (IOException e) {
            // nothing was written to it: nothing is lost
        }
    }

    /** Answers whether {@link #transferTo} may be used. */
    boolean sendable() {
        return sendable;
    }

    /** Answers 0 if the target takes nothing or there is nothing at that position. */
    long transferTo(long position, long count, WritableByteChannel target) throws IOException {
        return uninterrupted(() -> ((FileChannel) bytes).transferTo(position, count, target));
    }

    long sizeNow() throws IOException {
        return bytes.size();
    }

    boolean isOpen() {
        return bytes.isOpen();
    }

    /** Tells, after a failed transfer, on which side the failure was. */
    boolean readableAt(long position) {
        try {
            read(position, new byte[1], 0, 1);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private int readUpTo(long position, byte[] dst, int from, int length) throws IOException {
        int total = 0;
        while (total < length) {
            ByteBuffer chunk = ByteBuffer.wrap(dst, from + total, Math.min(length - total, CHUNK_BYTES));
            int n = bytes instanceof FileChannel file
                ? file.read(chunk, position + total)
                : bytes.position(position + total).read(chunk);
            if (n <= 0) {
                break;
            }
            total += n;
        }
        return total;
    }

    private static long uninterrupted(Operation operation) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            return operation.run();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
