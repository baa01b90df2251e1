package dev.selvedge.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvedge.contract.HttpReply.Field;
import dev.selvedge.server.Router;
import dev.selvedge.server.files.StaticFiles;
import dev.selvedge.server.files.SymbolicLinks;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Paths that are meant to lead astray: nothing outside is ever served, and no response repeats a path. */
public abstract class HttpFilesPathRules extends HttpFilesSuite {

    private static final List<String> DOTS = List.of("..", "%2e%2e", "%2E.", ".%2e", "%252e%252e", "%25%32%65%2e",
            "..;", "..;a=b", "..%00", "..%01", "...", "....", "..%20", ".. ", "%20..", "%c0%ae%c0%ae", "%e0%80%ae%e0%80%ae",
            "%c0%2e%c0%2e", "%uff0e%uff0e", "%ef%bc%8e%ef%bc%8e", "..%ff", "..%0d%0a", "..%7f", "..:", "..\\", ".%5c.");

    private static final List<String> SLASHES = List.of("/", "%2f", "%2F", "%5c", "\\", "%252f", "%255c", "%c0%af",
            "%e0%80%af", "%c1%9c", "//", "/./", "/%2e/", "%00/", ";/", "/;/", "%ef%bc%8f", "%e2%88%95", "%u2215",
            "%0d%0a/", "%3f/", "#/", "/%20/", "%2f%2f");

    private static final Set<Integer> REFUSALS = Set.of(400, 404, 414);

    /** What must not be seen, neither from a file outside nor because a path is repeated. */
    private static final List<String> SECRETS = List.of("secret", "FilesAnchor", "passwd", "injected");

    @BeforeEach
    void writeOutside() throws IOException {
        Files.write(home().resolve("secret.txt"), latin1("the secret"));
        Files.createDirectories(home().resolve("site-secret"));
        Files.write(home().resolve("site-secret").resolve("secret.txt"), latin1("the secret"));
    }

    private static String outside(FilesSource source) {
        return source == FilesSource.DIRECTORY ? "secret.txt"
                : FilesAnchor.class.getName().replace('.', '/') + ".class";
    }

    private StaticFiles.Builder files(FilesSource source) throws IOException {
        return site(source).cleanUrls(true).listings(true).precompressed(true).hiddenFiles(true);
    }

    private void serveWithAndWithoutPrefix(FilesSource source) throws IOException {
        serve(Router.builder().mount("/m/n", files(source).build()).mount("/", files(source).build()).build());
    }

    private void assertRefused(String target) throws IOException {
        HttpReply reply = got(target);
        String start = target.length() < 200 ? target : target.substring(0, 200);
        assertTrue(REFUSALS.contains(reply.status()), () -> start + " " + reply);
        assertTrue(target.length() > 8_000 || reply.status() != 414, () -> start + " " + reply);
        assertTellsNothing(reply, start);
    }

    private static void assertTellsNothing(HttpReply reply, String target) {
        StringBuilder all = new StringBuilder(reply.reason()).append('\n').append(reply.text());
        for (Field field : reply.fields()) {
            all.append('\n').append(field.name()).append(':').append(field.value());
        }
        for (String secret : SECRETS) {
            assertTrue(all.indexOf(secret) < 0, () -> target + " " + reply);
        }
    }

    @Test
    void rule40_and_41_noSpellingOfDotsAndSlashesLeadsOutside() throws IOException {
        serveWithAndWithoutPrefix(FilesSource.DIRECTORY);
        for (String dots : DOTS) {
            for (String slash : SLASHES) {
                assertNoWayOut(dots, slash, outside(FilesSource.DIRECTORY));
            }
        }
    }

    /** Not every pair: what is made of a path before a file system sees it is the same for all of them. */
    @ParameterizedTest
    @EnumSource(names = {"ZIP", "JAR"})
    void rule40_and_41_noSpellingOfDotsNorOfSlashesLeadsOutOfAnArchive(FilesSource source) throws IOException {
        serveWithAndWithoutPrefix(source);
        for (String dots : DOTS) {
            assertNoWayOut(dots, "/", outside(source));
            assertNoWayOut(dots, "%2f", outside(source));
        }
        for (String slash : SLASHES) {
            assertNoWayOut("..", slash, outside(source));
            assertNoWayOut("%2e%2e", slash, outside(source));
        }
    }

    private void assertNoWayOut(String dots, String slash, String file) throws IOException {
        for (String prefix : List.of("/", "/docs/", "/m/n/", "/m/n/docs/", "http://test/", "//")) {
            for (int steps : new int[] {1, prefix.length()}) {
                assertRefused(prefix + (dots + slash).repeat(steps) + file);
            }
        }
        assertRefused("/docs" + slash + dots + slash + dots + slash + file);
        assertRefused("/hello.txt" + slash + dots + slash + dots + slash + file);
    }

    private static List<String> refused(FilesSource source) {
        String file = outside(source);
        List<String> targets = new ArrayList<>(List.of("/secret.txt", "/site-secret/secret.txt", "/etc/passwd",
                "//etc/passwd", "/%2fetc/passwd", "/%2fetc%2fpasswd", "/file:/etc/passwd", "/file:///etc/passwd",
                "/C:/secret", "/c:%5csecret", "/%5c%5csecret%5cx", "/~secret", "/secret%", "/%", "/%2", "/%zz", "/%0",
                "/hello.txt/", "/hello.txt/secret", "/hello.txt%00", "/hello.txt%00.html", "/%00hello.txt", "/%00",
                "/hello.txt.", "/hello.txt..", "/hello.txt%20", "/hello.txt%09", "/hello.txt%2e%2e", "/hello.txt%0a",
                "/hello.txt%0d%0aX-A:%20injected", "/%0d%0aX-A:%20injected", "/docs%0d%0aX-A:%20injected",
                "/docs/%0d%0aX-A:%20injected", "/hello.txt::$DATA", "/hello.txt:secret", "/hello.txt;secret",
                "/docs;secret/page.html", "/;secret/hello.txt", "/HELLO.TXT", "/Docs/page.html", "/docs//page.html",
                "//docs/page.html", "//hello.txt", "/docs/%2fpage.html", "/docs%2fpage.html", "/docs%5cpage.html",
                "/docs\\page.html", "/docs/page.html/..%2fsecret", "/%68%65llo.txt%2f", "/hello%2etxt%00",
                "/hello.txt%c0%80", "/hello%c0%aetxt", "/%ff%fe", "/%ed%a0%80", "/%f4%90%80%80", "/h\u00e9llo.txt",
                "/hello.txt\u0001", "/hello .txt", "/docs/\"secret\"", "/<secret>", "/{secret}", "/hello.txt#secret",
                "/docs/.%00./secret", "/docs/.%2f./secret", "/docs/..%2f..%2fsecret", "/..%252f" + file,
                "/docs/..%c0%af..%c0%af" + file, "http://test/../" + file, "http://test/docs/../../" + file,
                "http://test//" + file, "http://test/%2e%2e/" + file, "http://secret@test/hello.txt", "secret",
                "docs/page.html", "..", "../" + file, "./hello.txt", "\\" + file, "*secret"));
        for (int length : new int[] {254, 255, 256, 300, 1_000, 4_095, 4_096, 5_000, 10_000}) {
            targets.add('/' + "n".repeat(length));
            targets.add('/' + "%c3%a9".repeat(length / 6) + ".secret");
            targets.add("/docs/" + "%20".repeat(Math.min(length, 2_000)) + "page.html");
            targets.add("/d".repeat(length / 2) + "/secret");
            targets.add("/docs/..".repeat(length / 8) + "/secret");
            targets.add("/docs/" + "../".repeat(length / 3) + "secret");
        }
        return targets;
    }

    @ParameterizedTest
    @EnumSource
    void whatIsNoNameOfAFileIsRefusedWithoutRepeatingIt(FilesSource source) throws IOException {
        serveWithAndWithoutPrefix(source);
        for (String target : refused(source)) {
            assertRefused(target);
            if (target.startsWith("/")) {
                assertRefused("/m/n" + target);
                assertRefused("/m/nn" + target);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void rule38_otherSpellingsOfAFileAreTheFile(FilesSource source) throws IOException {
        serveWithAndWithoutPrefix(source);
        for (String target : List.of("/hello.txt", "/%68%65%6C%6c%6f%2etxt", "/./hello.txt", "/docs/../hello.txt",
                "/docs/%2e%2E/hello.txt", "/no/such/../../hello.txt", "/%2e/hello.txt", "/hello.txt?../../secret",
                "/list/../docs/.././hello.txt", "/hello.txt?%00", "/..x/../hello.txt", "/.../../hello.txt")) {
            for (String prefix : List.of("", "/m/n", "http://test", "HTTP://other:80", "/m/./n", "/m/x/../n",
                    "/%6d/n")) {
                HttpReply reply = got(prefix + target);
                assertEquals(200, reply.status(), prefix + target);
                assertEquals(ALPHABET, reply.text(), prefix + target);
                assertTellsNothing(reply, target);
            }
        }
        assertArrayEquals(content("/list/50%.txt"), got("/list/50%25.txt").content());
        assertArrayEquals(content("/list/a#b?.txt"), got("/list/a%23b%3f.txt").content());
        assertArrayEquals(content("/list/x:y;z.txt"), got("/list/x:y;z.txt").content());
    }

    @ParameterizedTest
    @EnumSource
    void aRedirectStaysInItsDirectory(FilesSource source) throws IOException {
        serveWithAndWithoutPrefix(source);
        for (String target : List.of("/docs", "/%64ocs", "/list/../docs", "/./docs", "/docs/guide",
                "/docs/./guide", "/m/n", "/m/n/docs", "/m/n/docs/guide", "/m/n/../n/docs", "/.git/../docs", "/list/sub",
                "/docs?//evil/secret", "/docs?x", "/m/n?a")) {
            HttpReply reply = got(target);
            assertEquals(301, reply.status(), target);
            String location = reply.first("Location");
            assertTrue(location.matches("\\./[^/:?#\\\\]+/(\\?.*)?"), location);
            URI there = URI.create("http://test" + target).resolve(location).normalize();
            assertEquals("test", there.getAuthority(), location);
            HttpReply next = got(there.getRawPath());
            assertEquals(200, next.status(), target + " to " + location);
        }
        assertRefused("//docs");
        assertRefused("/docs%2f");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void strangeNamesOfDirectoriesAreRedirectedToThemselves() throws IOException {
        Path root = Files.createTempDirectory(directory, "strange");
        for (String name : List.of("a:b", "c?d", "e#f", "100%", "javascript:x", "...", "..x", "%2e%2e",
                "%2f", "'\"<>", "@", "a b")) {
            Files.createDirectories(root.resolve(name));
            Files.write(root.resolve(name).resolve("index.html"), latin1(name));
        }
        serve(StaticFiles.builder(root).hiddenFiles(true).listings(true));
        for (String path : List.of("/a:b", "/c%3Fd", "/e%23f", "/100%25", "/javascript:x", "/...", "/..x",
                "/%252e%252e", "/%252f", "/%27%22%3c%3e", "/@", "/a%20b", "/javascript%3ax")) {
            HttpReply reply = got(path);
            assertEquals(301, reply.status(), path);
            URI there = URI.create("http://test" + path).resolve(reply.first("Location"));
            assertEquals("test", there.getAuthority(), path);
            HttpReply next = got(there.getRawPath());
            assertEquals(200, next.status(), path + " to " + reply.first("Location"));
            assertEquals(there.getPath(), "/" + next.text() + "/");
        }
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void symbolicLinksAreFollowedAsThePolicySays() throws IOException {
        Path base = Files.createTempDirectory(directory, "links");
        Path root = Files.createDirectories(base.resolve("site").resolve("sub")).getParent();
        Files.write(base.resolve("secret.txt"), latin1("the secret"));
        Files.write(base.resolve("index.html"), latin1("the secret"));
        Files.write(root.resolve("sub").resolve("inner.txt"), latin1("inner"));
        Files.createSymbolicLink(root.resolve("out.txt"), Path.of("../secret.txt"));
        Files.createSymbolicLink(root.resolve("absolute.txt"), base.resolve("secret.txt"));
        Files.createSymbolicLink(root.resolve("up"), Path.of(".."));
        Files.createSymbolicLink(root.resolve("index.html"), Path.of("../index.html"));
        Files.createSymbolicLink(root.resolve("sub").resolve("inner.txt.gz"), Path.of("../../secret.txt"));
        Files.createSymbolicLink(root.resolve("loop"), Path.of("loop"));
        Files.createSymbolicLink(root.resolve("dangling"), Path.of("nowhere"));
        Files.createSymbolicLink(root.resolve("in.txt"), Path.of("sub/inner.txt"));
        Files.createSymbolicLink(root.resolve("in"), Path.of("sub"));
        Files.createSymbolicLink(root.resolve("round"), Path.of("up/site/sub"));
        Files.createSymbolicLink(root.resolve("device"), Path.of("/dev/zero"));
        List<String> outside = List.of("/out.txt", "/absolute.txt", "/up/secret.txt", "/", "/index.html");
        List<String> inside = List.of("/in.txt", "/in/inner.txt");
        for (SymbolicLinks policy : SymbolicLinks.values()) {
            serve(StaticFiles.builder(root).symbolicLinks(policy).precompressed(true));
            for (String target : outside) {
                assertEquals(policy == SymbolicLinks.FOLLOW ? 200 : 404, got(target).status(), policy + target);
            }
            for (String target : inside) {
                assertEquals(policy == SymbolicLinks.FOLLOW_NONE ? 404 : 200, got(target).status(), policy + target);
            }
            for (String target : List.of("/loop", "/loop/x", "/dangling", "/dangling/", "/device", "/up", "/up/")) {
                assertTrue(policy == SymbolicLinks.FOLLOW && target.startsWith("/up") || got(target).status() == 404,
                        policy + target);
            }
            HttpReply encoded = got("/sub/inner.txt", "Accept-Encoding: gzip");
            assertEquals(policy == SymbolicLinks.FOLLOW ? "the secret" : "inner", encoded.text());
        }
        FilesChange.removeLinks(root);
    }
}
