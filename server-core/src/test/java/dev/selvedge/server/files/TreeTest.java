package dev.selvedge.server.files;

import static dev.selvedge.server.files.TreeFixture.RULES;
import static dev.selvedge.server.files.TreeFixture.document;
import static dev.selvedge.server.files.TreeFixture.see;
import static dev.selvedge.server.files.TreeFixture.write;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a path means in a directory of the system. */
class TreeTest {

    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    @TempDir
    private Path outside;
    private Path root;

    @BeforeEach
    void makeTheRoot() throws IOException {
        root = Files.createDirectories(outside.resolve("site"));
        write(outside, "secret.txt", "secret");
    }

    private Tree tree(TreeRules rules) throws IOException {
        return new Tree(Root.of(root), rules);
    }

    private static TreeRules rules(boolean cleanUrls, boolean listings, boolean hiddenFiles, Coding... codings) {
        Set<Coding> precompressed = EnumSet.noneOf(Coding.class);
        precompressed.addAll(List.of(codings));
        return new TreeRules(List.of("index.html", "index.htm"), cleanUrls, listings, hiddenFiles,
                SymbolicLinks.FOLLOW_INSIDE, precompressed);
    }

    @Test
    void theVersionIsThatOfTheFile() throws IOException {
        Path file = write(root, "a.txt", "12345");
        Found.Document first = document(tree(RULES), "/a.txt");
        assertEquals(dev.selvedge.server.FileVersion.of(file), first.file().version());
        assertEquals(first, document(tree(RULES), "/a.txt"), "an equal look means an equal value");
        Files.writeString(file, "54321!");
        assertNotEquals(first, document(tree(RULES), "/a.txt"));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "/../secret.txt", "/%2e%2e/secret.txt", "/..%2Fsecret.txt", "/..%5Csecret.txt", "/%252e%252e/secret.txt",
        "/%252e%252e%252fsecret.txt", "/..;/secret.txt", "/..%00/secret.txt", "/.../secret.txt", "/....//secret.txt",
        "/%C0%AE%C0%AE/secret.txt", "/%E0%80%AE%E0%80%AE/secret.txt", "/%EF%BC%8E%EF%BC%8E/secret.txt",
        "/..%C0%AFsecret.txt", "/a.txt/../../secret.txt", "/sub/..%2f..%2fsecret.txt", "/.%2e/secret.txt", "//secret.txt",
        "/a.txt/", "/a.txt/.", "/a.txt/x", "/a.txt%00.html", "/a.txt%20", "/a.txt.", "/a.txt%2e", "/a.txt::$DATA",
        "/a.txt;x=1", "/A.TXT", "/a%2Etxt%2F", "/sub//b.txt", "/sub%2Fb.txt", "/sub%5Cb.txt", "//a.txt", "/./a.txt",
        "/%61%2E%74%78%74/../a.txt", "/~/a.txt", "/C:/a.txt", "/C%3A%5Ca.txt", "/%5C%5C.%5Ca.txt", "/sub", "/sub/",
    })
    void nothingElseIsServed(String path) throws IOException {
        write(root, "a.txt");
        write(root, "sub/b.txt");
        assertEquals("missing", see(tree(RULES), path));
    }

    @Test
    void aPathThatNoFileCanHaveIsMissing() throws IOException {
        Tree tree = tree(rules(true, true, false, Coding.values()));
        assertEquals("missing", see(tree, "/" + "a".repeat(255)), "no room for a suffix");
        assertEquals("missing", see(tree, "/a".repeat(4_000)));
        assertEquals("missing", see(tree, ("/" + "b".repeat(250)).repeat(30)));
        write(root, "c".repeat(255));
        assertEquals("c".repeat(255), see(tree, "/" + "c".repeat(255)));
    }

    @Test
    void namesAreOctetsAndNotCharactersThatLookTheSame() throws IOException {
        assumeTrue(Root.of(root).nameRule() == NameRule.EXACT);
        write(root, "caf\u00e9.txt", "composed");
        assertEquals("composed", see(tree(RULES), "/caf%C3%A9.txt"));
        assertEquals("missing", see(tree(RULES), "/cafe%CC%81.txt"));
        write(root, "cafe\u0301.txt", "decomposed");
        assertEquals("composed", see(tree(RULES), "/caf%C3%A9.txt"));
        assertEquals("decomposed", see(tree(RULES), "/cafe%CC%81.txt"));
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aNameThatIsNotUtf8IsNeitherServedNorListed() throws Exception {
        write(root, "a.txt");
        run("sh", "-c", "echo x > \"$0/$(printf 'b\\377.txt')\"", root.toString());
        Tree tree = tree(rules(false, true, false));
        assertEquals("missing", see(tree, "/b%FF.txt"));
        assertEquals("missing", see(tree, "/b%EF%BF%BD.txt"));
        assertEquals("directory [a.txt]", see(tree, "/"));
    }

    @Test
    void aDirectoryAnswersWithItsFirstIndexFile() throws IOException {
        Tree tree = tree(rules(false, false, false));
        write(root, "a/index.htm");
        assertEquals("a/index.htm", see(tree, "/a/"));
        assertEquals("to directory", see(tree, "/a"));
        Files.createDirectories(root.resolve("a/index.html"));
        assertEquals("a/index.htm", see(tree, "/a/"), "a directory is no index file");
        write(root, "index.html");
        assertEquals("index.html", see(tree, "/"));
        assertEquals("index.html", document(tree, "/").file().name());
        assertEquals("to directory", see(tree, ""));
        assertEquals("index.html", see(tree, "/index.html"), "by its own name without a redirect");
    }

    @Test
    void aDirectoryThatAnswersNothingIsMissing() throws IOException {
        write(root, "a/b.txt");
        Tree tree = tree(RULES);
        assertEquals("missing", see(tree, "/a"));
        assertEquals("missing", see(tree, "/a/"));
        assertEquals("missing", see(tree, "/"));
        assertEquals("missing", see(tree, ""));
    }

    @Test
    void cleanUrlsComeAfterFilesAndBeforeDirectories() throws IOException {
        Tree tree = tree(rules(true, false, false));
        write(root, "guide/index.html");
        assertEquals("to directory", see(tree, "/guide"));
        write(root, "guide.html");
        assertEquals("guide.html", see(tree, "/guide"));
        assertEquals("guide.html", document(tree, "/guide").file().name());
        assertEquals("guide.html", see(tree, "/guide.html"), "without a redirect");
        assertEquals("guide/index.html", see(tree, "/guide/"));
        write(root, "about.html");
        assertEquals("missing", see(tree, "/about/"));
        assertEquals("missing", see(tree(RULES), "/about"));
        write(root, "about");
        assertEquals("about", see(tree, "/about"));
    }

    @Test
    void hiddenFilesAreMissingExceptWellKnownOnes() throws IOException {
        for (String name : List.of(".git/config", ".env", "a/.htaccess", ".well-known/security.txt",
                ".well-known/.htaccess", "a/.well-known/x", "..a", ".well-known2/x", "b/c.txt")) {
            write(root, name);
        }
        Tree tree = tree(rules(true, true, false));
        for (String path : List.of("/.git/config", "/.git/", "/.git", "/.env", "/%2Eenv", "/a/.htaccess", "/..a",
                "/.well-known/.htaccess", "/a/.well-known/x", "/.well-known2/x", "/.html")) {
            assertEquals("missing", see(tree, path), path);
        }
        assertEquals(".well-known/security.txt", see(tree, "/.well-known/security.txt"));
        assertEquals("directory [a, b]", see(tree, "/"));
        assertEquals("directory []", see(tree, "/a/"));
        Tree open = tree(rules(false, true, true));
        assertEquals(".git/config", see(open, "/.git/config"));
        assertEquals("..a", see(open, "/..a"));
        assertEquals("directory [..a, .env, .git, .well-known, .well-known2, a, b]", see(open, "/"));
    }

    @Test
    void aListingTellsNamesSizesAndTimes() throws IOException {
        Path file = write(root, "d/a&b.txt", "12345");
        Files.setLastModifiedTime(file, FileTime.from(NOON));
        Files.createDirectories(root.resolve("d/sub"));
        Found.Directory found = (Found.Directory) tree(rules(false, true, false)).find("/d/");
        Listing.Item item = found.items().stream().filter(each -> !each.directory()).findAny().orElseThrow();
        assertEquals(new Listing.Item("a&b.txt", false, 5, NOON), item);
        assertEquals(2, found.items().size());
        assertEquals("to directory", see(tree(rules(false, true, false)), "/d"));
    }

    @Test
    void precompressedFilesStandBesideTheOriginal() throws IOException {
        for (String name : List.of("a.js", "a.js.br", "a.js.gz", "b.js.gz", "c.js", "d/index.html", "d/index.html.zst")) {
            write(root, name);
        }
        Files.createDirectories(root.resolve("a.js.zst"));
        Tree tree = tree(rules(true, false, false, Coding.values()));
        Found.Document a = document(tree, "/a.js");
        assertEquals(Set.of(Coding.BR, Coding.GZIP), a.siblings().keySet());
        assertEquals("a.js.br", TreeFixture.content(a.siblings().get(Coding.BR)));
        assertEquals("missing", see(tree, "/b.js"), "there is no original");
        assertEquals("b.js.gz", see(tree, "/b.js.gz"));
        assertEquals(Set.of(), document(tree, "/c.js").siblings().keySet());
        assertEquals(Set.of(Coding.ZSTD), document(tree, "/d/").siblings().keySet());
        assertEquals(Set.of(Coding.GZIP),
                document(tree(rules(false, false, false, Coding.GZIP)), "/a.js").siblings().keySet());
    }

    @Test
    void aPrecompressedFileOfAnOlderOriginalIsNotUsed() throws IOException {
        Path original = write(root, "a.js");
        Path sibling = write(root, "a.js.gz");
        Files.setLastModifiedTime(original, FileTime.from(NOON));
        Files.setLastModifiedTime(sibling, FileTime.from(NOON.minusSeconds(2)));
        Tree tree = tree(rules(false, false, false, Coding.GZIP));
        assertEquals(Set.of(Coding.GZIP), document(tree, "/a.js").siblings().keySet());
        Files.setLastModifiedTime(sibling, FileTime.from(NOON.minusSeconds(2).minusNanos(1_000)));
        assertEquals(Set.of(), document(tree, "/a.js").siblings().keySet());
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aFifoIsMissingAndNobodyWaitsForIt() throws Exception {
        write(root, "a.txt");
        for (String name : List.of("pipe", "index.html", "a.txt.gz", "page.html")) {
            run("mkfifo", root.resolve(name).toString());
        }
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            Tree tree = tree(rules(true, true, false, Coding.values()));
            assertEquals("missing", see(tree, "/pipe"));
            assertEquals("missing", see(tree, "/pipe/"));
            assertEquals("missing", see(tree, "/page"));
            assertEquals("missing", see(tree, "/page.html"));
            assertEquals("missing", see(tree, "/pipe/x"));
            assertEquals("directory [a.txt]", see(tree, "/"));
            assertEquals(Set.of(), document(tree, "/a.txt").siblings().keySet());
        });
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void devicesAreMissing() throws IOException {
        Tree devices = new Tree(Root.of(Path.of("/dev")), rules(true, false, false));
        assertEquals("missing", see(devices, "/null"));
        assertEquals("missing", see(devices, "/zero"));
        assertEquals("missing", see(devices, "/tty"));
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void whatThisProcessMayNotReadIsMissing() throws IOException {
        Path file = write(root, "a.txt");
        Path sibling = write(root, "b.txt.gz");
        write(root, "b.txt");
        Path directory = write(root, "closed/c.txt").getParent();
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("-wx------"));
        Files.setPosixFilePermissions(sibling, PosixFilePermissions.fromString("-wx------"));
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rw-------"));
        try {
            assumeFalse(Files.isReadable(file), "the superuser may read everything");
            Tree tree = tree(rules(false, true, false, Coding.GZIP));
            assertEquals("missing", see(tree, "/a.txt"));
            assertEquals("missing", see(tree, "/closed/c.txt"));
            assertEquals("missing", see(tree, "/closed/none"));
            assertEquals(Set.of(), document(tree, "/b.txt").siblings().keySet());
            assertEquals("directory [b.txt, closed]", see(tree, "/"));
            assertEquals("directory []", see(tree, "/closed/"));
        } finally {
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
        }
    }

    @Test
    void aFileThatIsGoneIsMissingEvenIfItIsTheRoot() throws IOException {
        Tree tree = tree(RULES);
        Files.delete(root);
        assertEquals("missing", see(tree, "/"));
        assertEquals("missing", see(tree, "/a"));
        write(root, "a");
        assertEquals("a", see(tree, "/a"));
    }

    private static void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
    }
}
