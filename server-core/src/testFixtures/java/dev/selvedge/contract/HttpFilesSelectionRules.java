package dev.selvedge.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvedge.contract.HttpReply.Framing;
import dev.selvedge.server.files.StaticFiles;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which representation of a file is sent, and which part of it, or none: RFC 9110 §12.5.3, §13 and §14. */
public abstract class HttpFilesSelectionRules extends HttpFilesSuite {

    private static final List<Long> MARKS = List.of((1L << 31) - 2, (1L << 32) - 2, 5L << 30);

    // ---- conditions

    @ParameterizedTest
    @EnumSource
    void conditionsAreEvaluatedInTheirOrder(FilesSource source) throws IOException {
        serveSteady(source, site(source));
        for (String target : List.of(SMALL, LARGE, "/empty.txt")) {
            String tag = tag(target);
            assertStatus(304, target, "If-None-Match: " + tag);
            assertStatus(304, target, "If-None-Match: \"x\", W/" + tag + ", \"y\"");
            assertStatus(304, target, "If-None-Match: \"x\"", "If-None-Match: " + tag);
            assertStatus(304, target, "If-None-Match: *");
            assertStatus(200, target, "If-None-Match: \"x\"");
            assertStatus(200, target, "If-None-Match: " + tag.replace("\"", ""));
            assertStatus(200, target, "If-None-Match: \"x\"", "If-Modified-Since: " + LATER);
            assertStatus(304, target, "If-Modified-Since: " + LAST_MODIFIED);
            assertStatus(304, target, "If-Modified-Since: " + LATER);
            assertStatus(304, target, "If-Modified-Since: Monday, 06-May-24 07:08:10 GMT");
            assertStatus(304, target, "If-Modified-Since: Mon May  6 07:08:10 2024");
            assertStatus(200, target, "If-Modified-Since: " + EARLIER);
            assertStatus(200, target, "If-Modified-Since: yesterday");
            assertStatus(200, target, "If-Match: " + tag);
            assertStatus(200, target, "If-Match: *");
            assertStatus(412, target, "If-Match: \"x\"");
            assertStatus(412, target, "If-Match: W/" + tag);
            assertStatus(412, target, "If-Match: \"x\"", "If-None-Match: *");
            assertStatus(304, target, "If-Match: " + tag, "If-None-Match: " + tag);
            assertStatus(200, target, "If-Match: " + tag, "If-Unmodified-Since: " + EARLIER);
            assertStatus(200, target, "If-Unmodified-Since: " + LAST_MODIFIED);
            assertStatus(412, target, "If-Unmodified-Since: " + EARLIER);
            assertStatus(200, target, "If-Unmodified-Since: never");
            assertStatus(304, target, "If-Unmodified-Since: " + LATER, "If-Modified-Since: " + LATER);
        }
    }

    private void assertStatus(int status, String target, String... fields) throws IOException {
        HttpReply reply = got(target, fields);
        String what = target + " " + List.of(fields);
        assertEquals(status, reply.status(), what);
        switch (status) {
            case 200 -> assertArrayEquals(content(target), reply.content(), what);
            case 304 -> {
                assertFields(reply, "ETag", tag(target), "Cache-Control", "no-cache", "Content-Type", null,
                        "Content-Encoding", null, "Content-Range", null);
                assertTrue(reply.all("Content-Length").isEmpty()
                        || reply.first("Content-Length").equals("" + content(target).length), what);
            }
            default -> assertFields(reply, "ETag", null, "Last-Modified", null, "Cache-Control", null);
        }
    }

    /** 2 GiB and 4 GiB are where a number of 32 bits ends; those who read all of it read the end, too. */
    @Test
    void aFileOf5GibibytesHasAllItsParts() throws IOException {
        Path root = Files.createTempDirectory(home(), "sparse");
        long length = (5L << 30) + 7;
        try (RandomAccessFile sparse = new RandomAccessFile(root.resolve("sparse.bin").toFile(), "rw")) {
            sparse.setLength(length);
            for (long mark : MARKS) {
                sparse.seek(mark);
                sparse.write(latin1("here"));
            }
        }
        serve(StaticFiles.builder(root));

        assertEquals("" + length, exchange(request("HEAD", "/sparse.bin")).first("Content-Length"));
        for (long mark : MARKS) {
            HttpReply part = got("/sparse.bin", "Range: bytes=" + mark + "-" + (mark + 3));
            assertEquals("here", part.text());
            assertEquals("bytes " + mark + "-" + (mark + 3) + "/" + length, part.first("Content-Range"));
        }
        HttpReply several = got("/sparse.bin", "Range: bytes=" + MARKS.getFirst() + "-" + (MARKS.getFirst() + 1) + ",-7");
        assertTrue(several.text().contains("he\r\n--"), several.text());
        assertEquals(416, got("/sparse.bin", "Range: bytes=" + length + "-").status());

        HttpWire wire = connect().send(get("/sparse.bin", "Range: bytes=" + (length - (3L << 20)) + "-")
                + get("/sparse.bin", "Range: bytes=-1"));
        assertEquals(3 << 20, wire.read("GET").content().length);
        assertEquals(1, wire.read("GET").content().length);
    }

    // ---- ranges

    @ParameterizedTest
    @EnumSource
    void aRangeIsThatPart(FilesSource source) throws IOException {
        serveSteady(source, site(source));
        for (String target : List.of(SMALL, LARGE)) {
            long last = content(target).length - 1;
            HttpReply whole = got(target);
            assertPart(whole, target, "0-0", 0, 0);
            assertPart(whole, target, "0-", 0, last);
            assertPart(whole, target, "5-9", 5, 9);
            assertPart(whole, target, "9-9999999", 9, last);
            assertPart(whole, target, last + "-", last, last);
            assertPart(whole, target, "-1", last, last);
            assertPart(whole, target, "-7", last - 6, last);
            assertPart(whole, target, "-99999999999999999999", 0, last);
            assertPart(whole, target, "3-99999999999999999999999", 3, last);
            assertPart(whole, target, " 3-4 ,", 3, 4);
            assertPart(whole, target, "3-8,5-10", 3, 10);
            assertPart(whole, target, "2-3,77777777777-", 2, 3);
        }
        assertEquals(206, got("/one.txt", "Range: bytes=0-0").status());
    }

    private void assertPart(HttpReply whole, String target, String ranges, long first, long last) throws IOException {
        for (String field : List.of("X-None: x", "If-Range: " + whole.first("ETag"), "If-Range: " + LAST_MODIFIED,
                "If-Match: " + whole.first("ETag"))) {
            HttpReply reply = got(target, "Range: bytes=" + ranges, field);

            assertEquals(206, reply.status(), target + " " + ranges + " " + field);
            assertEquals(Framing.LENGTH, reply.framing());
            assertFields(reply, "Content-Range", "bytes " + first + "-" + last + "/" + content(target).length);
            boolean saysAll = !field.startsWith("If-Range");
            for (String name : List.of("ETag", "Cache-Control", "X-Content-Type-Options")) {
                assertEquals(whole.all(name), reply.all(name), name);
            }
            for (String name : List.of("Last-Modified", "Content-Type", "Accept-Ranges")) {
                assertEquals(saysAll ? whole.all(name) : List.of(), reply.all(name), name + ", RFC 9110 §15.3.7");
            }
            assertArrayEquals(part(content(target), first, last - first + 1), reply.content(), target + " " + ranges);
        }
    }

    @ParameterizedTest
    @EnumSource
    void severalRangesAreSeveralParts(FilesSource source) throws IOException {
        serveSteady(source, site(source));
        assertParts(SMALL, "0-0,25-25", new long[] {0, 0}, new long[] {25, 25});
        assertParts(SMALL, "20-,0-4", new long[] {20, 25}, new long[] {0, 4});
        assertParts(SMALL, "0-4,-2", new long[] {0, 4}, new long[] {24, 25});
        assertParts(SMALL, "0-4,3-8,20-21", new long[] {0, 8}, new long[] {20, 21});
        assertParts(LARGE, "0-99999,150000-299999", new long[] {0, 99_999}, new long[] {150_000, 299_999});
        assertParts(LARGE, "299999-,0-0,7-7", new long[] {299_999, 299_999}, new long[] {0, 0}, new long[] {7, 7});
        StringBuilder many = new StringBuilder("0-0");
        for (int i = 2; i < 26; i += 2) {
            many.append(',').append(i).append('-').append(i);
        }
        HttpReply reply = got(SMALL, "Range: bytes=" + many);
        assertTrue(reply.status() == 206 || reply.content().length == 26, reply::toString);
        HttpReply tooMany = got(SMALL, "Range: bytes=" + "0-0,".repeat(2_000));
        assertTrue(tooMany.content().length <= 26, "no more than the whole: " + tooMany);
    }

    private void assertParts(String target, String ranges, long[]... parts) throws IOException {
        HttpReply whole = got(target);
        HttpReply reply = got(target, "Range: bytes=" + ranges, "If-Range: " + whole.first("ETag"));
        assertEquals(206, reply.status(), ranges);
        assertEquals(Framing.LENGTH, reply.framing());
        assertFields(reply, "Content-Range", null, "ETag", whole.first("ETag"), "Last-Modified", null, "Cache-Control",
                "no-cache", "X-Content-Type-Options", "nosniff");
        FilesByteRanges.assertParts(reply, content(target), whole.first("Content-Type"), parts);
    }

    @ParameterizedTest
    @EnumSource
    void aRangeThatIsNotThereIs416(FilesSource source) throws IOException {
        serveSteady(source, site(source));
        for (String target : List.of(SMALL, LARGE)) {
            long length = content(target).length;
            for (String range : List.of(length + "-", "99999999999999999999-", "-0", length + "-" + length + ",-0")) {
                HttpReply reply = got(target, "Range: bytes=" + range);

                assertEquals(416, reply.status(), range);
                assertFields(reply, "Content-Range", "bytes */" + length, "ETag", null, "Last-Modified", null);
                assertEquals(200, got(target, "Range: bytes=" + range, "If-Range: \"x\"").status());
                assertEquals(304, got(target, "Range: bytes=" + range, "If-None-Match: *").status());
                assertEquals(412, got(target, "Range: bytes=" + range, "If-Match: \"x\"").status());
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRangeThatIsMalformedOrOutOfDateIsIgnored(FilesSource source) throws IOException {
        serveSteady(source, site(source));
        for (String target : List.of(SMALL, LARGE, "/empty.txt")) {
            for (String range : List.of("bytes=5-2", "bytes=a-b", "bytes=1", "bytes", "bytes=", "bytes=,", "lines=1-2",
                    "bytes=1-2-3", "bytes=0x1-2", "bytes=+1-2", "bytes=1-2;", "bytes 1-2", "bytes=1-2,x")) {
                assertWhole(target, "Range: " + range);
            }
            for (String validator : List.of("\"x\"", "W/" + tag(target), EARLIER, LATER, "nonsense", "*",
                    tag(target) + ", " + tag(target))) {
                assertWhole(target, "Range: bytes=1-2", "If-Range: " + validator);
            }
            assertWhole(target, "Range: bytes=1-2", "Range: bytes=1-2");
            assertEquals(lasting(exchange(request("HEAD", target))),
                    lasting(exchange(request("HEAD", target, "Range: bytes=1-2"))), "only GET has ranges");
        }
    }

    private void assertWhole(String target, String... fields) throws IOException {
        HttpReply reply = got(target, fields);
        assertEquals(200, reply.status(), List.of(fields).toString());
        assertFields(reply, "Content-Range", null);
        assertArrayEquals(content(target), reply.content(), List.of(fields).toString());
    }

    // ---- codings

    @ParameterizedTest
    @EnumSource
    void theFormIsTheOneThatTheClientWants(FilesSource source) throws IOException {
        serve(site(source).precompressed(true));
        Map<String, String> wanted = Map.ofEntries(Map.entry("gzip", "gzip"), Map.entry("x-gzip", "gzip"),
                Map.entry("br", "br"), Map.entry("zstd", "zstd"), Map.entry("gzip, br, zstd", "br"),
                Map.entry("GZip;q=0.9, br;q=0.1", "gzip"), Map.entry("br;q=0, *", "zstd"), Map.entry("*;q=0.1", ""),
                Map.entry("gzip;q=0", ""), Map.entry("deflate", ""), Map.entry("identity", ""), Map.entry("", ""),
                Map.entry("gzip;q=0.5, identity;q=0.9", ""), Map.entry("gzip;q=2", ""));
        String identity = null;
        for (Map.Entry<String, String> entry : wanted.entrySet()) {
            HttpReply reply = got("/app.js", "Accept-Encoding: " + entry.getKey());
            if (entry.getKey().startsWith("*;q")) {
                continue;   // identity and the others are wanted alike: either is right
            }
            String coding = entry.getValue();
            assertFields(reply, "Content-Encoding", coding.isEmpty() ? null : coding, "Vary", "Accept-Encoding",
                    "Content-Type", "text/javascript; charset=utf-8");
            String suffix = Map.of("gzip", ".gz", "br", ".br", "zstd", ".zst", "", "").get(coding);
            assertArrayEquals(content("/app.js" + suffix), reply.content(), entry.toString());
            identity = coding.isEmpty() ? reply.first("ETag") : identity;
        }
        assertEquals(identity, tag("/app.js"));
        assertFields(got(SMALL, "Accept-Encoding: gzip"), "Content-Encoding", null);
        assertFields(got("/app.js.gz", "Accept-Encoding: gzip"), "Content-Encoding", null, "Content-Type",
                "application/gzip");
    }

    @ParameterizedTest
    @EnumSource
    void everyFormHasATagAndRangesOfItsOwn(FilesSource source) throws IOException {
        serveSteady(source, site(source).precompressed(true));
        Set<String> tags = new TreeSet<>();
        for (String coding : List.of("identity", "br", "zstd", "gzip")) {
            tags.add(tag("/app.js", "Accept-Encoding: " + coding));
        }
        assertEquals(4, tags.size(), tags.toString());
        for (String target : List.of("/app.js", "/large.js")) {
            String plain = tag(target);
            String zipped = tag(target, "Accept-Encoding: gzip");
            byte[] content = content(target + ".gz");
            assertNotEquals(plain, zipped);
            HttpReply same = got(target, "Accept-Encoding: gzip", "If-None-Match: " + zipped);
            assertEquals(304, same.status());
            assertFields(same, "ETag", zipped, "Vary", "Accept-Encoding", "Content-Encoding", null);
            assertEquals(200, got(target, "Accept-Encoding: gzip", "If-None-Match: " + plain).status());
            assertEquals(200, got(target, "If-None-Match: " + zipped).status());
            HttpReply part = got(target, "Accept-Encoding: gzip", "Range: bytes=3-9", "If-Range: " + zipped);
            assertEquals(206, part.status());
            assertArrayEquals(part(content, 3, 7), part.content());
            assertFields(part, "Content-Range", "bytes 3-9/" + content.length, "Content-Encoding", null,
                    "Vary", "Accept-Encoding", "ETag", zipped);
            assertFields(got(target, "Accept-Encoding: gzip", "Range: bytes=3-9"), "Content-Encoding", "gzip");
            assertEquals(200, got(target, "Accept-Encoding: gzip", "Range: bytes=3-9", "If-Range: " + plain).status());
            HttpReply parts = got(target, "Accept-Encoding: gzip", "Range: bytes=3-9,12-13");
            assertEquals(200, parts.status(), "who decodes would decode what is around the parts");
            assertFields(parts, "Content-Encoding", "gzip", "Vary", "Accept-Encoding");
            assertArrayEquals(content, parts.content());
            HttpReply beyond = got(target, "Accept-Encoding: gzip", "Range: bytes=" + content.length + "-");
            assertFields(beyond, "Content-Range", "bytes */" + content.length);
        }
    }

    @ParameterizedTest
    @EnumSource
    void formsAreForIndexFilesCleanUrlsAndThePageFor404Too(FilesSource source) throws IOException {
        serve(site(source).precompressed(true).cleanUrls(true).notFoundPage("/page.html").indexFiles("app.js"));

        for (String target : List.of("/page", "/page.html", "/nowhere.html")) {
            HttpReply reply = got(target, "Accept-Encoding: gzip");
            assertFields(reply, "Content-Encoding", "gzip", "Vary", "Accept-Encoding", "Content-Type",
                    "text/html; charset=utf-8");
            assertArrayEquals(content("/page.html.gz"), reply.content(), target);
            assertArrayEquals(content("/page.html"), got(target).content(), target);
        }
        assertArrayEquals(content("/app.js.zst"), got("/", "Accept-Encoding: zstd").content());
    }

    @ParameterizedTest
    @EnumSource
    void formsAreOffByDefault(FilesSource source) throws IOException {
        serve(site(source));

        HttpReply reply = got("/app.js", "Accept-Encoding: gzip, br");

        assertFields(reply, "Content-Encoding", null, "Vary", null);
        assertArrayEquals(content("/app.js"), reply.content());
    }
}
