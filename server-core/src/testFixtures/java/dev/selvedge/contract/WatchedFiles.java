package dev.selvedge.contract;

import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.spi.FileSystemProvider;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** A file system that is not the default one, whose files are real ones; somebody looks on at whatever is done. */
final class WatchedFiles {

    private final AtomicInteger count = new AtomicInteger();
    private final Runnable watch;

    WatchedFiles(Runnable watch) {
        this.watch = watch;
    }

    /** Returns how often a file was looked up, opened or read. */
    int count() {
        return count.get();
    }

    private void touched() {
        count.incrementAndGet();
        watch.run();
    }

    /** Returns a path of this file system that stands for a real file. */
    Path watched(Path real) throws IOException {
        FileSystemProvider provider = mock(FileSystemProvider.class);
        FileSystem fileSystem = mock(FileSystem.class);
        Path path = mock(Path.class);
        when(path.getFileSystem()).thenReturn(fileSystem);
        when(fileSystem.provider()).thenReturn(provider);
        when(fileSystem.supportedFileAttributeViews()).thenReturn(Set.of("basic"));
        when(provider.readAttributes(eq(path), eq(BasicFileAttributes.class))).thenAnswer(call -> {
            touched();
            return Files.readAttributes(real, BasicFileAttributes.class);
        });
        when(provider.newByteChannel(eq(path), any())).thenAnswer(call -> {
            touched();
            return watched(Files.newByteChannel(real));
        });
        return path;
    }

    private SeekableByteChannel watched(SeekableByteChannel real) throws IOException {
        SeekableByteChannel channel = mock(SeekableByteChannel.class);
        when(channel.size()).thenAnswer(call -> real.size());
        when(channel.position(any(Long.class))).thenAnswer(call -> {
            real.position(call.getArgument(0));
            return channel;
        });
        when(channel.read(any())).thenAnswer(call -> {
            touched();
            return real.read(call.<ByteBuffer>getArgument(0));
        });
        return channel;
    }
}
