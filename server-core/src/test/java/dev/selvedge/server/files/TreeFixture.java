package dev.selvedge.server.files;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Words for tests of trees. */
final class TreeFixture {

    static final TreeRules RULES = new TreeRules(List.of("index.html"), false, false, false,
            SymbolicLinks.FOLLOW_INSIDE, Set.of());

    private TreeFixture() { }

    static TreeRules with(SymbolicLinks links) {
        return new TreeRules(RULES.indexFiles(), false, false, false, links, EnumSet.allOf(Coding.class));
    }

    /** A file whose content is its path below the root. */
    static Path write(Path root, String name) throws IOException {
        return write(root, name, name);
    }

    static Path write(Path root, String name, String content) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, content);
    }

    /** What a client would see: the content of the file, or in which other way the path was answered. */
    static String see(Tree tree, String path) throws IOException {
        return switch (tree.find(path)) {
            case Found.Missing _ -> "missing";
            case Found.ToDirectory _ -> "to directory";
            case Found.Directory(List<Listing.Item> items) ->
                    "directory " + items.stream().map(Listing.Item::name).sorted().toList();
            case Found.Document document -> content(document.file());
        };
    }

    static String content(FileEntry entry) throws IOException {
        try (InputStream in = entry.open()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    static Found.Document document(Tree tree, String path) throws IOException {
        return assertInstanceOf(Found.Document.class, tree.find(path), path);
    }
}
