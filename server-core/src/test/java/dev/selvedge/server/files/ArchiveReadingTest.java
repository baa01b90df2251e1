package dev.selvedge.server.files;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArchiveReadingTest {

    @TempDir
    private Path directory;

    private FileSystem archive;
    private Path file;

    @BeforeEach
    void aFileInAnArchive() throws IOException {
        archive = FileSystems.newFileSystem(directory.resolve("a.zip"), Map.of("create", "true"));
        file = archive.getPath("/digits");
        Files.writeString(file, "0123456789");
    }

    @AfterEach
    void closeTheArchive() throws IOException {
        archive.close();
    }

    @Test
    void partsMayHaveAnyOrder() throws IOException {
        try (ArchiveReading reading = new ArchiveReading(file)) {
            assertEquals("12", part(reading, 1, 2));
            assertEquals("3", part(reading, 3, 1));
            assertEquals("89", part(reading, 8, 2));
            assertEquals("01", part(reading, 0, 2));
            assertEquals("0123456789", part(reading, 0, 10));
        }
    }

    /** Who reads on in the order of the file unpacks it once: it may even be gone by then. */
    @Test
    void partsInOrderAreOneReading() throws IOException {
        try (ArchiveReading reading = new ArchiveReading(file)) {
            assertEquals("12", part(reading, 1, 2));
            Files.delete(file);
            assertEquals("56", part(reading, 5, 2));
            assertThrows(IOException.class, () -> part(reading, 0, 1));
        }
    }

    @Test
    void aFileThatIsTooShortIsNotTakenForAWhole() throws IOException {
        try (ArchiveReading reading = new ArchiveReading(file)) {
            assertThrows(EOFException.class, () -> part(reading, 8, 3));
        }
        try (ArchiveReading reading = new ArchiveReading(file)) {
            assertThrows(EOFException.class, () -> part(reading, 11, 1));
        }
    }

    private static String part(ArchiveReading reading, long from, long count) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        reading.write(out, from, count);
        return out.toString(US_ASCII);
    }
}
