package dev.selvedge.server.files;

import static dev.selvedge.server.files.TreeFixture.see;
import static dev.selvedge.server.files.TreeFixture.write;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a system that finds a file by other names too, only its own name is served. */
class NameRuleTest {

    private static final TreeRules RULES = new TreeRules(List.of("index.html"), true, true, false,
            SymbolicLinks.FOLLOW_INSIDE, EnumSet.allOf(Coding.class));

    @Test
    void onWindowsTheNameIsTheOneInTheDirectory() throws IOException {
        try (FileSystem windows = Jimfs.newFileSystem(Configuration.windows())) {
            Path root = Files.createDirectories(windows.getPath("C:\\site"));
            write(root, "Page.html");
            write(root, "Dir\\a.js");
            write(root, "Dir\\A.JS.GZ");
            write(root, "dir2\\INDEX.HTML");
            Tree tree = new Tree(Root.of(root), RULES);
            assertEquals("Page.html", see(tree, "/Page.html"));
            assertEquals("Page.html", see(tree, "/Page"));
            assertEquals("Dir\\a.js", see(tree, "/Dir/a.js"));
            for (String path : List.of("/page.html", "/PAGE.HTML", "/page", "/dir/a.js", "/Dir/A.js", "/PAGE~1.HTM",
                    "/Page.html.", "/Page.html%20", "/Page.html::$DATA", "/Page.html:x", "/Dir%5Ca.js", "/Dir./a.js",
                    "/C:", "/C:/site/Page.html", "/C%3A%5Csite%5CPage.html", "/%5C%5C%3F%5CC:/", "/Page.htm%3F", "/*")) {
                assertEquals("missing", see(tree, path), path);
            }
            assertEquals(List.of(), List.copyOf(TreeFixture.document(tree, "/Dir/a.js").siblings().keySet()));
            assertEquals("directory [INDEX.HTML]", see(tree, "/dir2/"));
            assertEquals("directory [Dir, Page.html, dir2]", see(tree, "/"));
        }
    }

    @Test
    void onWindowsDevicesAreMissingWhateverTheirExtension() throws IOException {
        try (FileSystem windows = Jimfs.newFileSystem(Configuration.windows())) {
            Path root = Files.createDirectories(windows.getPath("C:\\site"));
            for (String name : List.of("con", "NUL", "aux.html", "COM1.tar.gz", "lpt9.txt", "conin$", "COM\u00b2.x",
                    "nul .txt")) {
                assertNull(NameRule.child(root, name), name);
            }
            for (String name : List.of("console.html", "nulls", "com.html", "COM10", "a.nul", "aux-1.js", "~a")) {
                assertEquals(root.resolve(name), NameRule.child(root, name), name);
            }
            write(root, "aux.html");
            Tree tree = new Tree(Root.of(root), RULES);
            assertEquals("missing", see(tree, "/aux.html"));
            assertEquals("missing", see(tree, "/aux"));
            assertEquals("directory []", see(tree, "/"));
        }
    }

    @Test
    void onMacOsCaseAndNormalFormCount() throws IOException {
        try (FileSystem mac = Jimfs.newFileSystem(Configuration.osX())) {
            Path root = Files.createDirectories(mac.getPath("/srv/Site"));
            write(root, "caf\u00e9.html");
            write(root, ".Git/config");
            Tree tree = new Tree(Root.of(root), RULES);
            assertTrue(Files.exists(root.resolve("CAF\u00c9.html")), "the file system takes it for the same");
            assertEquals("missing", see(tree, "/CAF%C3%89.html"));
            assertEquals("caf\u00e9.html", see(tree, "/caf%C3%A9.html"));
            assertEquals("missing", see(tree, "/.git/config"));
        }
    }

    @Test
    void linksAreReplacedByRealNames() throws IOException {
        try (FileSystem mac = Jimfs.newFileSystem(Configuration.osX())) {
            Path root = Files.createDirectories(mac.getPath("/srv/site"));
            write(root, "Dir/a.txt");
            write(root.getParent(), "secret.txt");
            Files.createSymbolicLink(root.resolve("link"), mac.getPath("dir"));
            Files.createSymbolicLink(root.resolve("out"), mac.getPath("../secret.txt"));
            for (SymbolicLinks links : SymbolicLinks.values()) {
                Tree tree = new Tree(Root.of(root), TreeFixture.with(links));
                boolean follows = links != SymbolicLinks.FOLLOW_NONE;
                assertEquals(follows ? "Dir/a.txt" : "missing", see(tree, "/link/a.txt"), links.name());
                assertEquals("missing", see(tree, "/LINK/a.txt"));
                assertEquals("missing", see(tree, "/link/A.txt"));
                assertEquals(links == SymbolicLinks.FOLLOW ? "secret.txt" : "missing", see(tree, "/out"));
            }
        }
    }

    @Test
    void theRuleOfTheListIsThatTheDirectoryHasTheName(@TempDir Path dir) throws IOException {
        Path file = write(dir, "Page.html");
        assertTrue(NameRule.LISTED.isNameOf(file, "Page.html"));
        assertFalse(NameRule.LISTED.isNameOf(dir.resolve("page.html"), "page.html"));
    }

    @Test
    void aNameThatIsMoreThanOneIsNoChild(@TempDir Path dir) {
        for (String name : List.of("", "a/b", "/etc/passwd", "a/", "/", "a\0b")) {
            assertNull(NameRule.child(dir, name), name);
        }
        assertEquals(dir.resolve("a b"), NameRule.child(dir, "a b"));
    }
}
