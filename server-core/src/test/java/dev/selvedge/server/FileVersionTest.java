package dev.selvedge.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileVersionTest {

    private static final FileTime THEN = FileTime.fromMillis(1_000_000_000_000L);
    private static final FileTime LATER = FileTime.fromMillis(1_000_000_000_001L);

    @TempDir
    Path directory;

    private Path file(String name, String content) throws IOException {
        Path file = Files.writeString(directory.resolve(name), content);
        Files.setLastModifiedTime(file, THEN);
        return file;
    }

    @Test
    void itIsWhatTheFileSystemTells() throws IOException {
        Path file = file("f", "12345");

        FileVersion version = FileVersion.of(file);

        assertEquals(5, version.size());
        assertEquals(THEN, version.lastModified());
        boolean unix = FileSystems.getDefault().supportedFileAttributeViews().contains("unix");
        assertEquals(unix ? Files.getAttribute(file, "unix:ctime") : null, version.changed());
        assertEquals(unix ? Files.getAttribute(file, "unix:ino") : 0L, version.inode());
    }

    @Test
    void onlyARegularFileHasOne() throws IOException {
        Path link = Files.createSymbolicLink(directory.resolve("link"), file("f", "x"));

        assertEquals(1, FileVersion.of(link).size());
        assertThrows(NoSuchFileException.class, () -> FileVersion.of(link, LinkOption.NOFOLLOW_LINKS));
        assertThrows(NoSuchFileException.class, () -> FileVersion.of(directory));
        assertThrows(NoSuchFileException.class, () -> FileVersion.of(directory.resolve("missing")));
    }

    @Test
    void aFileThatNobodyTouchesIsTheSame() throws IOException {
        Path file = file("f", "12345");
        FileVersion version = FileVersion.of(file);

        Files.readString(file);

        assertTrue(version.sameAs(FileVersion.of(file)));
    }

    /** A program may set the last modification to any moment, but not the last change. */
    @Test
    void aFileThatIsWrittenAndGivenItsOldTimeIsAnotherOne() throws IOException {
        assumeTrue(FileSystems.getDefault().supportedFileAttributeViews().contains("unix"));
        Path file = file("f", "12345");
        FileVersion version = FileVersion.of(file);

        do { // until the clock of the file system has gone on
            try (RandomAccessFile inPlace = new RandomAccessFile(file.toFile(), "rw")) {
                inPlace.write('x');
            }
            Files.setLastModifiedTime(file, THEN);
        } while (FileVersion.of(file).changed().equals(version.changed()));

        FileVersion now = FileVersion.of(file);
        assertEquals(version.lastModified(), now.lastModified());
        assertFalse(version.sameAs(now));
    }

    @Test
    void aFileThatIsReplacedIsAnotherOne() throws IOException {
        assumeTrue(FileSystems.getDefault().supportedFileAttributeViews().contains("unix"));
        Path file = file("f", "12345");
        FileVersion version = FileVersion.of(file);

        Files.move(file("new", "54321"), file, StandardCopyOption.ATOMIC_MOVE);

        FileVersion now = FileVersion.of(file);
        assertEquals(version.lastModified(), now.lastModified());
        assertFalse(version.sameAs(now));
    }

    @Test
    void whatOnlyOneKnowsDoesNotCount() {
        FileVersion whole = new FileVersion(5, THEN, THEN, 7);

        assertTrue(whole.sameAs(new FileVersion(5, THEN, THEN, 7)));
        assertTrue(whole.sameAs(new FileVersion(5, THEN, null, 7)));
        assertTrue(whole.sameAs(new FileVersion(5, THEN, THEN, 0)));
        assertTrue(new FileVersion(5, THEN, null, 0).sameAs(whole));
        assertFalse(whole.sameAs(new FileVersion(6, THEN, THEN, 7)));
        assertFalse(whole.sameAs(new FileVersion(5, LATER, THEN, 7)));
        assertFalse(whole.sameAs(new FileVersion(5, THEN, LATER, 7)));
        assertFalse(whole.sameAs(new FileVersion(5, THEN, THEN, 8)));
        assertFalse(whole.sameAs(new FileVersion(5, LATER, null, 0)));
    }

    @Test
    void aFileInAZipFileHasASizeAndATime() throws IOException {
        URI archive = URI.create("jar:" + directory.resolve("archive.zip").toUri());
        try (FileSystem zip = FileSystems.newFileSystem(archive, Map.of("create", "true"))) {
            Path inside = Files.writeString(zip.getPath("/inside"), "12345");

            FileVersion version = FileVersion.of(inside);

            assertEquals(5, version.size());
            assertEquals(Files.getLastModifiedTime(inside), version.lastModified());
            assertNull(version.changed());
            assertEquals(0, version.inode());
            assertTrue(version.sameAs(FileVersion.of(inside)));
            assertThrows(NoSuchFileException.class, () -> FileVersion.of(zip.getPath("/")));
        }
    }

    @Test
    void nonsenseIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> new FileVersion(-1, THEN, null, 0));
        assertThrows(NullPointerException.class, () -> new FileVersion(1, null, null, 0));
    }
}
