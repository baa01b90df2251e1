package dev.selvedge.server.files;

import static dev.selvedge.server.files.TreeFixture.write;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who goes away while an archive is read takes it from nobody else. */
class UndisturbedInputTest {

    @TempDir
    private Path dir;

    @Test
    void anArchiveOutlivesInterrupts() throws IOException {
        byte[] content = new byte[300_000];
        new Random(1).nextBytes(content);
        Path file = dir.resolve("site.zip");
        try (FileSystem zip = FileSystems.newFileSystem(file, Map.of("create", "true"))) {
            Files.write(zip.getPath("/large"), content);
            write(zip.getPath("/"), "a.txt");
        }
        try (FileSystem zip = FileSystems.newFileSystem(file)) {
            Tree tree = new Tree(Root.of(zip.getPath("/")), TreeFixture.RULES);
            Thread.currentThread().interrupt();
            try (InputStream in = TreeFixture.document(tree, "/large").file().open()) {
                assertEquals(1_000, in.skip(1_000));
                assertEquals(content[1_000] & 0xFF, in.read());
                assertArrayEquals(java.util.Arrays.copyOfRange(content, 1_001, content.length), in.readAllBytes());
            }
            assertTrue(Thread.interrupted(), "it stays interrupted");
            assertEquals("a.txt", TreeFixture.see(tree, "/a.txt"));
        }
    }

    @Test
    void errorsArriveAsTheyAre() {
        assertThrows(NoSuchFileException.class, () -> UndisturbedInput.open(dir.resolve("none")));
    }
}
