package dev.selvedge.epoll;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.selvedge.epoll.kernel.Linux;
import dev.selvedge.server.transport.Errno;
import dev.selvedge.server.transport.FileSource;
import dev.selvedge.server.transport.FileStatus;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class FileOpenerTest {

    private static final Path FILE = Path.of("/site/index.html");

    private final ScriptedKernel kernel = new ScriptedKernel();

    @TempDir
    private Path directory;

    @Test
    void aRegularFileIsOpenedWithoutWaiting() throws IOException {
        FileSource file = open(FILE);

        assertEquals(1000, file.size());
        int flags = Linux.O_RDONLY | Linux.O_CLOEXEC | Linux.O_NONBLOCK | Linux.O_NOCTTY;
        assertEquals(List.of("open " + bytes("/site/index.html") + " " + flags), kernel.calls("open"));
    }

    @Test
    void aRelativePathIsMadeAbsoluteAsJavaDoesIt() throws IOException {
        open(Path.of("pom.xml"));
        assertEquals(1, kernel.calls("open " + bytes(Path.of("pom.xml").toAbsolutePath().toString())).size());
    }

    @ParameterizedTest
    @ValueSource(ints = {0040755, 0010644, 0020644, 0060644, 0140755})
    void whatIsNotARegularFileIsRefused(int mode) {
        kernel.fileMode = mode;
        NoSuchFileException e = assertThrows(NoSuchFileException.class, () -> open(FILE));
        assertEquals("/site/index.html: not a regular file", e.getMessage());
        assertEquals(Set.of(), kernel.open());
    }

    @Test
    void theStatusIsThatOfTheDescriptor() throws IOException {
        FileSource file = open(FILE);

        assertEquals(new FileStatus(1000, FileTime.fromMillis(1_000), FileTime.fromMillis(2_000), 77), file.status());
        assertEquals(1, kernel.calls("statx").size(), "looked up once, when it was opened");
    }

    @Test
    void anInterruptedOpenIsRepeated() throws IOException {
        kernel.script("open", -Errno.EINTR);
        open(FILE);
        assertEquals(2, kernel.calls("open").size());
    }

    static Map<Integer, Class<? extends IOException>> exceptions() {
        return Map.of(
                Errno.ENOENT, NoSuchFileException.class,
                Linux.ENOTDIR, NoSuchFileException.class,
                Errno.EACCES, AccessDeniedException.class,
                Errno.EPERM, AccessDeniedException.class,
                Errno.EMFILE, FileSystemException.class,
                Errno.ENFILE, FileSystemException.class,
                Errno.EIO, FileSystemException.class,
                Linux.ENXIO, NoSuchFileException.class,
                Linux.ELOOP, FileSystemException.class,
                Linux.ENAMETOOLONG, FileSystemException.class);
    }

    static Set<Integer> errnosOfOpen() {
        return exceptions().keySet();
    }

    @ParameterizedTest
    @MethodSource("errnosOfOpen")
    void aFailureIsTheExceptionThatJavaUsersKnow(int errno) {
        kernel.script("open", -errno);
        FileSystemException e = assertThrows(FileSystemException.class, () -> open(FILE));
        assertSame(exceptions().get(errno), e.getClass());
        assertEquals("/site/index.html", e.getFile());
    }

    @ParameterizedTest
    @ValueSource(ints = {Errno.EIO, Errno.ENOMEM, Errno.EACCES})
    void aFailureToLookAtTheFileClosesIt(int errno) {
        kernel.script("statx", -errno);
        assertThrows(FileSystemException.class, () -> open(FILE));
        assertEquals(Set.of(), kernel.open());
    }

    /** ENOSYS: an old C library; EPERM: an old sandbox that does not know the call. */
    @ParameterizedTest
    @ValueSource(ints = {Errno.ENOSYS, Errno.EPERM})
    void withoutStatxJavaOpensTheFile(int errno) throws IOException {
        Path real = Files.writeString(directory.resolve("f"), "hello");
        kernel.script("statx", -errno);

        try (FileSource file = open(real)) {
            assertInstanceOf(ChannelFile.class, file);
            assertEquals("hello", read(file));
        }
        assertEquals(Set.of(), kernel.open());
    }

    @Test
    void aNameThatTheEncodingCanNotSayIsOpenedByJava() {
        assumeTrue("UTF-8".equals(System.getProperty("sun.jnu.encoding")), "no such names in this locale");
        assertThrows(NoSuchFileException.class, () -> open(Path.of("/no/such/\u00e9"), StandardCharsets.US_ASCII));
        assertThrows(NoSuchFileException.class, () -> open(Path.of("/no/such/\ufffd"), StandardCharsets.UTF_8));
        assertEquals(List.of(), kernel.calls("open"));
    }

    @Test
    void aFileOfAnotherFileSystemIsReadByJava() throws IOException {
        try (FileSystem zip = FileSystems.newFileSystem(URI.create("jar:" + directory.resolve("z.zip").toUri()),
                Map.of("create", "true"))) {
            Path inside = Files.writeString(zip.getPath("/inside.txt"), "hello");
            try (FileSource file = open(inside)) {
                assertEquals(5, file.size());
                assertEquals("hello", read(file));
                assertEquals(0, file.read(5, new byte[1], 0, 1), "behind the end");
            }
            assertThrows(NoSuchFileException.class, () -> open(zip.getPath("/other")));
            assertThrows(FileSystemException.class, () -> open(zip.getPath("/")));
        }
        assertEquals(List.of(), kernel.calls());
    }

    @Test
    void aReadThatFailsSaysWhichFile() throws IOException {
        FileSource file = open(FILE);
        kernel.script("pread", -Errno.EINTR, 3, -Errno.EIO);

        assertEquals(3, file.read(7, new byte[10], 0, 10));
        assertEquals("pread 100 10 7", kernel.calls("pread").getLast());
        IOException e = assertThrows(IOException.class, () -> file.read(7, new byte[10], 0, 10));
        assertEquals("/site/index.html: EIO (input/output error)", e.getMessage());
    }

    @Test
    void aClosedFileTouchesNoDescriptor() throws IOException {
        FileSource file = open(FILE);
        file.close();
        file.close();
        assertEquals(List.of("close 100"), kernel.calls("close"));
        assertThrows(IOException.class, () -> file.read(0, new byte[10], 0, 10));
        assertEquals(List.of(), kernel.calls("pread"));
    }

    private FileSource open(Path file) throws IOException {
        return open(file, StandardCharsets.UTF_8);
    }

    private FileSource open(Path file, Charset encoding) throws IOException {
        return new FileOpener(kernel.pool(), encoding).open(file);
    }

    private static String bytes(String path) {
        return Arrays.toString(path.getBytes(StandardCharsets.UTF_8));
    }

    private static String read(FileSource file) throws IOException {
        byte[] bytes = new byte[100];
        int n = file.read(0, bytes, 0, bytes.length);
        assertArrayEquals(new byte[100 - n], Arrays.copyOfRange(bytes, n, 100));
        return new String(bytes, 0, n, StandardCharsets.UTF_8);
    }
}
