package dev.selvedge.server.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TreeTest {

    private static final TreeRules RULES = new TreeRules(List.of("index.html"), false, false, false,
            SymbolicLinks.FOLLOW_INSIDE, EnumSet.allOf(Coding.class));

    @TempDir
    private Path dir;

    @Test
    void aFileIsFoundWithItsPrecompressedSiblings() throws IOException {
        Files.createDirectories(dir.resolve("a/b"));
        Files.writeString(dir.resolve("a/b/c d.js"), "12345");
        Files.writeString(dir.resolve("a/b/c d.js.gz"), "123");
        Found.Document document = assertInstanceOf(Found.Document.class, new Tree(Root.of(dir), RULES).find("/a/b/c%20d.js"));
        assertEquals("c d.js", document.file().name());
        assertEquals(5, document.file().version().size());
        assertEquals(Set.of(Coding.GZIP), document.siblings().keySet());
    }
}
