package dev.selvedge.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvedge.contract.HttpReply.Field;
import dev.selvedge.server.HttpServer;
import dev.selvedge.server.files.StaticFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;

/** What the tests of {@link StaticFiles} have in common: a site, in every form in which it can be served. */
abstract class HttpFilesSuite extends HttpSuite {

    static final Instant MODIFIED = Instant.parse("2024-05-06T07:08:10Z");
    static final String LAST_MODIFIED = "Mon, 06 May 2024 07:08:10 GMT";
    static final String EARLIER = "Mon, 06 May 2024 07:08:09 GMT";
    static final String LATER = "Mon, 06 May 2024 07:08:11 GMT";

    static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz";
    static final int LARGE_BYTES = 300_000;

    /** More than is kept in memory, so it is sent by the system or out of the archive. */
    static final String LARGE = "/large.bin";
    static final String SMALL = "/hello.txt";

    static final Map<String, byte[]> SITE = site();

    private HttpWire wire;
    private HttpServer wired;

    private static Map<String, byte[]> site() {
        Map<String, byte[]> site = new TreeMap<>();
        for (String path : List.of("index.html", "404.html", "guide.html", "docs/index.html", "docs/page.html",
                "docs/guide/index.html", "only/main.htm", "only/index.html", "both/index.html", "both.html",
                ".hidden", ".git/config", ".well-known/security.txt", ".well-known/.hidden", "assets/app-BxQ7kD2f.css",
                "list/a.txt", "list/B.txt", "list/<b>&'.txt", "list/50%.txt", "list/a#b?.txt", "list/x:y;z.txt",
                "list/sub/x.txt", "list/.hidden", "fallback.html", "app.js", "app.js.br", "app.js.gz", "app.js.zst",
                "page.html", "page.html.gz", "data.unknown-extension", "no-extension")) {
            site.put(path, latin1("the content of " + path + "\n"));
        }
        site.put("hello.txt", latin1(ALPHABET));
        site.put("empty.txt", new byte[0]);
        site.put("one.txt", latin1("1"));
        site.put("large.bin", random(1, LARGE_BYTES));
        site.put("large.js", random(2, LARGE_BYTES));
        site.put("large.js.gz", random(3, LARGE_BYTES / 2));
        return site;
    }

    /** Returns octets that repeat after a prime number of them, so that a piece from another place is noticed. */
    static byte[] random(long seed, int size) {
        byte[] block = new byte[65_537];
        new Random(seed).nextBytes(block);
        byte[] content = new byte[size];
        for (int i = 0; i < size; i += block.length) {
            System.arraycopy(block, 0, content, i, Math.min(block.length, size - i));
        }
        return content;
    }

    @BeforeAll
    static void writeSite() throws IOException {
        for (FilesSource source : FilesSource.values()) {
            source.write(home(), SITE, FileTime.from(MODIFIED));
        }
    }

    static Path home() {
        return directory;
    }

    static byte[] content(String target) {
        return SITE.get(target.substring(1));
    }

    StaticFiles.Builder site(FilesSource source) throws IOException {
        return source.open(home(), this::closedLater);
    }

    HttpServer serve(StaticFiles.Builder files) {
        return serve(files.build());
    }

    /** Serves the site until its large files have lain there for so long that their tags are strong. */
    HttpServer serveSteady(FilesSource source, StaticFiles.Builder files) throws IOException {
        HttpServer server = serve(source == FilesSource.DIRECTORY ? files.recheckAfter(Duration.ZERO) : files);
        for (long end = System.nanoTime() + PATIENCE_NANOS; tag(LARGE).startsWith("W/"); Thread.yield()) {
            assertTrue(System.nanoTime() < end, "the tag of an old file stays weak");
        }
        return server;
    }

    /** Asks the server that was started last, on the same connection again and again, as long as it lasts. */
    HttpReply ask(String request) throws IOException {
        if (wire == null || wired != server()) {
            wire = connect();
            wired = server();
        }
        HttpReply reply = wire.send(request).read(method(request));
        if (reply.closes()) {
            wire.close();
            wire = null;
        }
        return reply;
    }

    HttpReply got(String target, String... fields) throws IOException {
        return ask(get(target, fields));
    }

    String tag(String target, String... fields) throws IOException {
        return ask(request("HEAD", target, fields)).first("ETag");
    }

    /** Returns all fields but those that depend on the moment. */
    static List<Field> lasting(HttpReply reply) {
        return reply.fields().stream().filter(field -> !field.name().equals("Date")).toList();
    }

    static void assertFields(HttpReply reply, String... namesAndValues) {
        for (int i = 0; i < namesAndValues.length; i += 2) {
            String name = namesAndValues[i];
            String value = namesAndValues[i + 1];
            assertEquals(value == null ? List.of() : List.of(value), reply.all(name), () -> name + " of " + reply);
        }
    }

    static byte[] part(byte[] content, long first, long length) {
        return Arrays.copyOfRange(content, Math.toIntExact(first), Math.toIntExact(first + length));
    }
}
