package dev.selvedge.server.files;

import static dev.selvedge.server.files.TreeFixture.see;
import static dev.selvedge.server.files.TreeFixture.write;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The same paths mean the same in a directory, a zip file and any other file system. */
class TreeSourcesTest {

    private static final List<String> FILES = List.of("index.html", "a.txt", "a.txt.gz", "b c/d#e%f?.txt", "guide.html",
            "sub/index.html", "sub/deep/\u00e9\u4e2d.txt", "list/x.bin", ".env", ".well-known/acme");

    /** Where files may come from. */
    enum Source { DIRECTORY, ZIP, FOLDER_IN_ZIP, UNIX_IN_MEMORY, UNIX_WITH_INODES }

    @TempDir
    private Path dir;
    private final List<FileSystem> open = new ArrayList<>();

    @AfterEach
    void close() throws IOException {
        for (FileSystem each : open) {
            each.close();
        }
    }

    private Path root(Source source) throws IOException {
        return switch (source) {
            case DIRECTORY -> filled(dir.resolve("site"));
            case ZIP -> zip("/");
            case FOLDER_IN_ZIP -> zip("/web/public");
            case UNIX_IN_MEMORY -> filled(opened(Jimfs.newFileSystem(Configuration.unix())).getPath("/site"));
            case UNIX_WITH_INODES -> filled(opened(Jimfs.newFileSystem(Configuration.unix().toBuilder()
                    .setAttributeViews("unix").build())).getPath("/site"));
        };
    }

    private FileSystem opened(FileSystem system) {
        open.add(system);
        return system;
    }

    private static Path filled(Path root) throws IOException {
        for (String name : FILES) {
            write(root, name);
        }
        write(root, "empty.txt", "");
        return root;
    }

    private Path zip(String folder) throws IOException {
        Path file = dir.resolve("site.zip");
        try (FileSystem zip = FileSystems.newFileSystem(file, Map.of("create", "true"))) {
            filled(zip.getPath(folder));
            write(zip.getPath("/"), "outside.txt");
        }
        return opened(FileSystems.newFileSystem(file)).getPath(folder);
    }

    @ParameterizedTest
    @EnumSource
    void pathsMeanTheSame(Source source) throws IOException {
        Tree tree = new Tree(Root.of(root(source)), new TreeRules(List.of("index.html"), true, true, false,
                SymbolicLinks.FOLLOW_INSIDE, EnumSet.of(Coding.GZIP)));
        assertEquals("index.html", see(tree, "/"));
        assertEquals("to directory", see(tree, ""));
        assertEquals("a.txt", see(tree, "/a.txt"));
        assertEquals("", see(tree, "/empty.txt"));
        assertEquals("b c/d#e%f?.txt", see(tree, "/b%20c/d%23e%25f%3F.txt"));
        assertEquals("sub/deep/\u00e9\u4e2d.txt", see(tree, "/sub/deep/%C3%A9%E4%B8%AD.txt"));
        assertEquals("guide.html", see(tree, "/guide"));
        assertEquals("to directory", see(tree, "/sub"));
        assertEquals("sub/index.html", see(tree, "/sub/"));
        assertEquals("to directory", see(tree, "/list"));
        assertEquals("directory [x.bin]", see(tree, "/list/"));
        assertEquals(".well-known/acme", see(tree, "/.well-known/acme"));
        assertEquals(Set.of(Coding.GZIP), TreeFixture.document(tree, "/a.txt").siblings().keySet());
        assertEquals(source == Source.DIRECTORY, TreeFixture.document(tree, "/a.txt").file().direct());
        assertEquals(5, TreeFixture.document(tree, "/a.txt").file().version().size());
    }

    @ParameterizedTest
    @EnumSource
    void nothingElseIsServed(Source source) throws IOException {
        Tree tree = new Tree(Root.of(root(source)), TreeFixture.with(SymbolicLinks.FOLLOW_INSIDE));
        for (String path : List.of("/none", "/a.txt/", "/a.txt/x", "/A.TXT", "/.env", "/../outside.txt", "/outside.tx",
                "/..%2Foutside.txt", "/%2E%2E/outside.txt", "/sub//index.html", "/sub%2Findex.html", "/a.txt%00",
                "/sub/../a.txt", "/./a.txt", "/list/", "/list", "/sub/deep", "/%FF", "/a.txt%20", "/" + "x".repeat(300),
                "/META-INF/MANIFEST.MF")) {
            assertEquals("missing", see(tree, path), path);
        }
    }
}
