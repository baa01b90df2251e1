package dev.selvedge.server.files;

import static dev.selvedge.server.files.TreeFixture.content;
import static dev.selvedge.server.files.TreeFixture.write;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Somebody replaces what is served by links to the outside, again and again, while it is looked up and read. */
@EnabledOnOs(OS.LINUX)
class TreeRaceTest {

    private static final int LOOKS = 5_000;

    @TempDir
    private Path outside;
    private Path root;

    @BeforeEach
    void makeTheRoot() throws IOException {
        root = Files.createDirectories(outside.resolve("site"));
        write(outside, "secrets/f.txt", "outside");
    }

    @ParameterizedTest
    @EnumSource(value = SymbolicLinks.class, names = {"FOLLOW_INSIDE", "FOLLOW_NONE"})
    void aDirectoryThatOthersMayReplaceLeadsNowhereElse(SymbolicLinks links) throws Exception {
        Path file = write(root, "a/d/f.txt", "inside");
        Files.createSymbolicLink(root.resolve("a/link"), outside.resolve("secrets"));
        Files.setPosixFilePermissions(root.resolve("a"), PosixFilePermissions.fromString("rwxrwxrwx"));
        assertNothingOutsideIsSeen(links, file, "/a/d/f.txt", root.resolve("a/d"), root.resolve("a/link"));
    }

    @ParameterizedTest
    @EnumSource(value = SymbolicLinks.class, names = {"FOLLOW_INSIDE", "FOLLOW_NONE"})
    void aFileThatIsReplacedIsNotFollowed(SymbolicLinks links) throws Exception {
        Path file = write(root, "d/f.txt", "inside");
        Files.createSymbolicLink(root.resolve("d/link"), outside.resolve("secrets/f.txt"));
        assertNothingOutsideIsSeen(links, file, "/d/f.txt", file, root.resolve("d/link"));
    }

    @Test
    void aLinkThatIsReplacedLeadsNowhereElse() throws Exception {
        Path file = write(root, "d/f.txt", "inside");
        Path good = Files.createSymbolicLink(root.resolve("good"), Path.of("d"));
        Path bad = Files.createSymbolicLink(root.resolve("bad"), outside.resolve("secrets"));
        assertNothingOutsideIsSeen(SymbolicLinks.FOLLOW_INSIDE, file, "/good/f.txt", good, bad);
    }

    /** Looks while two names change places. The version must be that of the file inside, and what is read its content. */
    private void assertNothingOutsideIsSeen(SymbolicLinks links, Path file, String path, Path good, Path bad)
            throws Exception {
        long inside = inode(file);
        Tree tree = new Tree(Root.of(root), TreeFixture.with(links));
        AtomicBoolean done = new AtomicBoolean();
        AtomicReference<Exception> failure = new AtomicReference<>();
        Thread attacker = Thread.ofPlatform().start(() -> {
            try {
                while (!done.get()) {
                    change(good, bad);
                    change(good, bad);
                }
            } catch (IOException e) {
                failure.set(e);
            }
        });
        try {
            int found = 0;
            for (int look = 0; look < LOOKS && failure.get() == null; look++) {
                if (tree.find(path) instanceof Found.Document(FileEntry entry, var _)) {
                    found++;
                    assertEquals(inside, entry.version().inode(), "look " + look);
                    assertEquals("inside", read(entry), "look " + look);
                }
            }

        } finally {
            done.set(true);
            attacker.join();
        }
        assertEquals(null, failure.get());
    }

    private static void change(Path one, Path other) throws IOException {
        Path aside = one.resolveSibling("aside");
        Files.move(one, aside, StandardCopyOption.ATOMIC_MOVE);
        Files.move(other, one, StandardCopyOption.ATOMIC_MOVE);
        Files.move(aside, other, StandardCopyOption.ATOMIC_MOVE);
    }

    private static long inode(Path file) throws IOException {
        return dev.selvedge.server.FileVersion.of(file).inode();
    }

    private static String read(FileEntry entry) throws IOException {
        try {
            return content(entry);
        } catch (FileSystemException e) {
            return "inside";    // gone, or a link by now: nothing is read
        }
    }
}
