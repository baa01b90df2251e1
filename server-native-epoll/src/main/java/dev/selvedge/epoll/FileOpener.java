package dev.selvedge.epoll;

import dev.selvedge.epoll.kernel.Kernel;
import dev.selvedge.epoll.kernel.Linux;
import dev.selvedge.epoll.kernel.Statx;
import dev.selvedge.server.transport.Errno;
import dev.selvedge.server.transport.FileSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Opens files to send: by open(2) if a path of the system's own file system can be told to it, else by java.nio.
 */
final class FileOpener {

    /** {@code O_NONBLOCK} so that a FIFO does not wait for a writer, {@code O_NOCTTY} for the case of a terminal. */
    private static final int FLAGS = Linux.O_RDONLY | Linux.O_CLOEXEC | Linux.O_NONBLOCK | Linux.O_NOCTTY;

    /** What Java shows for bytes of a file name that it can't decode. */
    private static final char UNDECODABLE = '\ufffd';

    private final KernelPool kernels;
    private final Charset fileNameEncoding;

    /**
     * Makes an opener.
     *
     * @param fileNameEncoding how Java has decoded the names of files
     */
    FileOpener(KernelPool kernels, Charset fileNameEncoding) {
        this.kernels = kernels;
        this.fileNameEncoding = fileNameEncoding;
    }

    /** The JVM keeps its encoding of file names in a property of its own, which depends on the locale. */
    static Charset fileNameEncodingOfTheJvm() {
        return Charset.forName(System.getProperty("sun.jnu.encoding"), Charset.defaultCharset());
    }

    FileSource open(Path file) throws IOException {
        if (!isOfTheSystem(file.getFileSystem())) {
            return ChannelFile.open(file);
        }
        byte[] path = encode(file.toAbsolutePath().toString());
        if (path == null) {
            return ChannelFile.open(file);
        }
        Kernel kernel = kernels.take();
        try {
            FileSource opened = open(kernel, file, path);
            return opened != null ? opened : ChannelFile.open(file);
        } finally {
            kernels.give(kernel);
        }
    }

    /** The default file system may be somebody's own (java.nio.file.spi.DefaultFileSystemProvider). */
    private static boolean isOfTheSystem(FileSystem fileSystem) {
        return fileSystem == FileSystems.getDefault()
                && fileSystem.getClass().getModule() == Object.class.getModule();
    }

    /** Returns the bytes of a path, or null if its string does not tell them: Java's path knows them still. */
    private byte[] encode(String path) {
        if (path.indexOf(UNDECODABLE) >= 0) {
            return null;
        }
        try {
            ByteBuffer encoded = fileNameEncoding.newEncoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .encode(CharBuffer.wrap(path));
            byte[] bytes = new byte[encoded.remaining()];
            encoded.get(bytes);
            return bytes;
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    /** Returns null if this system can't say what was opened. */
    private FileSource open(Kernel kernel, Path file, byte[] path) throws IOException {
        int fd;
        do {
            fd = kernel.open(path, FLAGS);
        } while (fd == -Errno.EINTR); // a network file system
        if (fd < 0) {
            throw failure(file, -fd);
        }
        Statx status = new Statx();
        int answer = kernel.statx(fd, status);
        if (answer == 0 && status.isRegularFile()) {
            return new EpollFile(kernels, fd, status, file.toString());
        }
        kernel.close(fd);
        if (answer == 0) {
            throw new NoSuchFileException(file.toString(), null, "not a regular file");
        }
        // An old C library or kernel, or a sandbox that refuses the call: java.nio finds out in its own way.
        if (answer == -Errno.ENOSYS || answer == -Errno.EPERM) {
            return null;
        }
        throw failure(file, -answer);
    }

    private static FileSystemException failure(Path file, int errno) {
        String name = file.toString();
        return switch (errno) {
            case Errno.ENOENT, Linux.ENOTDIR -> new NoSuchFileException(name);
            case Errno.EACCES, Errno.EPERM -> new AccessDeniedException(name);
            case Linux.ENXIO -> new NoSuchFileException(name, null, "not a regular file");
            case Linux.ELOOP -> new FileSystemException(name, null, "too many symbolic links (ELOOP)");
            case Linux.ENAMETOOLONG -> new FileSystemException(name, null, "the name is too long (ENAMETOOLONG)");
            default -> new FileSystemException(name, null, Errno.describe(errno));
        };
    }
}
