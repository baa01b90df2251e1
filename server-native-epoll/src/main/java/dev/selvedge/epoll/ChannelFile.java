package dev.selvedge.epoll;

import dev.selvedge.server.transport.FileSource;
import dev.selvedge.server.transport.FileStatus;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** A regular file that open(2) can't name, such as one in a zip file: it is read and copied, never sent by the kernel. */
final class ChannelFile implements FileSource {

    private final Path path;
    private final SeekableByteChannel channel;
    private final long size;

    private ChannelFile(Path path, SeekableByteChannel channel, long size) {
        this.path = path;
        this.channel = channel;
        this.size = size;
    }

    static ChannelFile open(Path file) throws IOException {
        // Asked before it is opened: opening a FIFO would wait for a writer.
        if (!Files.readAttributes(file, BasicFileAttributes.class).isRegularFile()) {
            throw new NoSuchFileException(file.toString(), null, "not a regular file");
        }
        SeekableByteChannel channel = Files.newByteChannel(file);
        try {
            return new ChannelFile(file, channel, channel.size());
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public long size() {
        return size;
    }

    /** Java has no fstat(2): what the name stands for after the file was opened. */
    @Override
    public FileStatus status() throws IOException {
        return FileStatus.of(path);
    }

    @Override
    public int read(long position, byte[] dst, int from, int length) throws IOException {
        return Math.max(0, channel.position(position).read(ByteBuffer.wrap(dst, from, length)));
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // It was only read: nothing is lost.
        }
    }
}
