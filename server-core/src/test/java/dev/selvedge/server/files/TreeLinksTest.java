package dev.selvedge.server.files;

import static dev.selvedge.server.files.SymbolicLinks.FOLLOW;
import static dev.selvedge.server.files.SymbolicLinks.FOLLOW_INSIDE;
import static dev.selvedge.server.files.SymbolicLinks.FOLLOW_NONE;
import static dev.selvedge.server.files.TreeFixture.document;
import static dev.selvedge.server.files.TreeFixture.see;
import static dev.selvedge.server.files.TreeFixture.write;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Links are followed as far as the policy says, and no farther. */
@DisabledOnOs(OS.WINDOWS)
class TreeLinksTest {

    @TempDir
    private Path outside;
    private Path root;

    @BeforeEach
    void makeTheRoot() throws IOException {
        root = Files.createDirectories(outside.resolve("site"));
        write(outside, "secret.txt", "secret");
        write(outside, "site2/x.txt", "neighbour");
        write(root, "a.txt");
        write(root, "dir/b.txt");
        write(root, "dir/deep/c.txt");
    }

    private Tree tree(SymbolicLinks links) throws IOException {
        return new Tree(Root.of(root), TreeFixture.with(links));
    }

    private void link(String name, String target) throws IOException {
        Path link = root.resolve(name);
        Files.createDirectories(link.getParent());
        Files.createSymbolicLink(link, Path.of(target.replace("ROOT", root.toString())));
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            # what lies there      asked for       inside       anywhere     nowhere
            l > a.txt,             /l,             a.txt,       a.txt,       missing
            l > ROOT/a.txt,        /l,             a.txt,       a.txt,       missing
            l > dir/../a.txt,      /l,             a.txt,       a.txt,       missing
            l > ../site/a.txt,     /l,             a.txt,       a.txt,       missing
            l > ../secret.txt,     /l,             missing,     secret,      missing
            l > ../site2/x.txt,    /l,             missing,     neighbour,   missing
            l > /etc/hostname/x,   /l,             missing,     missing,     missing
            l > none,              /l,             missing,     missing,     missing
            l > l,                 /l,             missing,     missing,     missing
            l > l/x,               /l,             missing,     missing,     missing
            l > l,                 /l/x,           missing,     missing,     missing
            l > dir,               /l/b.txt,       dir/b.txt,   dir/b.txt,   missing
            l > dir/deep,          /l/c.txt,       dir/deep/c.txt, dir/deep/c.txt, missing
            l > .,                 /l/l/l/a.txt,   a.txt,       a.txt,       missing
            l > ..,                /l/secret.txt,  missing,     secret,      missing
            l > ..,                /l/site/a.txt,  missing,     a.txt,       missing
            l > a.txt,             /l/,            missing,     missing,     missing
            l > a.txt,             /l/x,           missing,     missing,     missing
            dir/l > deep,          /dir/l/c.txt,   dir/deep/c.txt, dir/deep/c.txt, missing
            dir/l > ../a.txt,      /dir/l,         a.txt,       a.txt,       missing
            e/index.html > ../a.txt, /e/,          a.txt,       a.txt,       missing
            e/index.html > ../../secret.txt, /e/,  missing,     secret,      missing
            e/index.html > ../a.txt, /e,           to directory, to directory, missing
            l > dir,               /l,             missing,     missing,     missing
            """)
    void theTableOfLinks(String made, String path, String inside, String anywhere, String nowhere) throws IOException {
        link(made.split(" > ")[0], made.split(" > ")[1]);
        assertEquals(inside, see(tree(FOLLOW_INSIDE), path));
        assertEquals(anywhere, see(tree(FOLLOW), path));
        assertEquals(nowhere, see(tree(FOLLOW_NONE), path));
    }

    @ParameterizedTest
    @EnumSource(SymbolicLinks.class)
    void filesWithoutLinksAreFoundByEveryPolicy(SymbolicLinks links) throws IOException {
        assertEquals("a.txt", see(tree(links), "/a.txt"));
        assertEquals("dir/deep/c.txt", see(tree(links), "/dir/deep/c.txt"));
        assertEquals("missing", see(tree(links), "/a.txt/c.txt"));
        assertEquals("missing", see(tree(links), "/none/c.txt"));
        assertEquals("missing", see(tree(links), "/dir/" + "x".repeat(255) + "/c.txt"));
    }

    @Test
    void precompressedFilesObeyThePolicyToo() throws IOException {
        write(outside, "secret.txt.gz");
        write(root, "dir/b.txt.other");
        link("a.txt.gz", "../secret.txt.gz");
        link("a.txt.br", "dir/b.txt.other");
        assertEquals(Set.of(Coding.BR), document(tree(FOLLOW_INSIDE), "/a.txt").siblings().keySet());
        assertEquals(Set.of(Coding.BR, Coding.GZIP), document(tree(FOLLOW), "/a.txt").siblings().keySet());
        assertEquals(Set.of(), document(tree(FOLLOW_NONE), "/a.txt").siblings().keySet());
    }

    @Test
    void aListingShowsWhatIsServed() throws IOException {
        link("dir/in", "../a.txt");
        link("dir/out", "../../secret.txt");
        link("dir/lost", "nowhere");
        assertEquals("directory [b.txt, deep, in]", see(listing(FOLLOW_INSIDE), "/dir/"));
        assertEquals("directory [b.txt, deep, in, out]", see(listing(FOLLOW), "/dir/"));
        assertEquals("directory [b.txt, deep]", see(listing(FOLLOW_NONE), "/dir/"));
    }

    private Tree listing(SymbolicLinks links) throws IOException {
        return new Tree(Root.of(root), new TreeRules(List.of(), false, true, false, links, EnumSet.noneOf(Coding.class)));
    }

    @Test
    void theNameIsTheOneThatWasAskedForAndThePathIsReal() throws IOException {
        link("page.html", "dir/b.txt");
        FileEntry file = document(tree(FOLLOW_INSIDE), "/page.html").file();
        assertEquals("page.html", file.name());
        assertEquals(root.toRealPath().resolve("dir/b.txt"), file.path());
    }

    @Test
    void aLinkMayLeadToAHiddenPlaceAsInVolumesOfKubernetes() throws IOException {
        write(root, "..2026_01_01/app.js", "old");
        write(root, "..2026_02_02/app.js", "new");
        link("..data", "..2026_01_01");
        link("app.js", "..data/app.js");
        Tree tree = tree(FOLLOW_INSIDE);
        assertEquals("old", see(tree, "/app.js"));
        Files.delete(root.resolve("..data"));
        link("..data", "..2026_02_02");
        assertEquals("new", see(tree, "/app.js"));
        assertEquals("missing", see(tree, "/..data/app.js"));
    }

    @Test
    void theRootMayBeALinkThatIsSetToAnotherDirectory() throws IOException {
        Path current = Files.createSymbolicLink(outside.resolve("current"), root);
        Tree tree = new Tree(Root.of(current), TreeFixture.with(FOLLOW_NONE));
        assertEquals("a.txt", see(tree, "/a.txt"));
        Files.delete(current);
        assertEquals("missing", see(tree, "/a.txt"));
        Files.createSymbolicLink(current, outside.resolve("site2"));
        assertEquals("neighbour", see(tree, "/x.txt"));
        assertEquals("missing", see(tree, "/a.txt"));
    }

    @Test
    void theRootMayBeGivenByARoundaboutPath() throws IOException {
        Path roundabout = root.resolve("dir/../../site/.");
        assertEquals(root.toRealPath(), Root.of(roundabout).path());
        assertEquals("a.txt", see(new Tree(Root.of(roundabout), TreeFixture.with(FOLLOW_NONE)), "/a.txt"));
    }

    @Test
    void aChainOfLinksMayBeAsLongAsTheSystemAllows() throws IOException {
        link("0", "a.txt");
        for (int i = 1; i <= 20; i++) {
            link(Integer.toString(i), Integer.toString(i - 1));
        }
        assertEquals("a.txt", see(tree(FOLLOW_INSIDE), "/20"));
        assertEquals("missing", see(tree(FOLLOW_NONE), "/0"));
    }

    @Test
    void whereOthersMayWriteTheSameIsFound() throws IOException {
        Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxrwxrwx"));
        Files.setPosixFilePermissions(root.resolve("dir"), PosixFilePermissions.fromString("rwxrwxr-x"));
        link("dir/l", "deep");
        link("out", "..");
        for (SymbolicLinks links : List.of(FOLLOW_INSIDE, FOLLOW_NONE)) {
            assertEquals("dir/deep/c.txt", see(tree(links), "/dir/deep/c.txt"));
            assertEquals("dir/b.txt", see(tree(links), "/dir/b.txt"));
            assertEquals("a.txt", see(tree(links), "/a.txt"));
            assertEquals("missing", see(tree(links), "/out/secret.txt"));
            assertEquals("missing", see(tree(links), "/dir/none/c.txt"));
            assertEquals("directory [c.txt]", see(listing(links), "/dir/deep/"));
        }
        assertEquals("dir/deep/c.txt", see(tree(FOLLOW_INSIDE), "/dir/l/c.txt"));
        assertEquals(new Opening.Walking(root.toRealPath()),
                document(tree(FOLLOW_INSIDE), "/dir/deep/c.txt").file().opening());
        assertEquals(new Opening.NotFollowing(), document(tree(FOLLOW_INSIDE), "/a.txt").file().opening());
    }
}
