package dev.selvedge.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvedge.server.files.StaticFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Random files, requests and changes, compared with {@link FilesReference}. {@code -Dfiles.seed=…} replays the seed
 * that a failure names; {@code -Dfiles.seeds=…} tries as many others.
 */
public abstract class HttpFilesModelRules extends HttpSuite {

    private static final int SEEDS = 2;
    private static final int REQUESTS = 100;

    private static final Map<String, String> SUFFIXES = Map.of("br", ".br", "zstd", ".zst", "gzip", ".gz");
    private static final List<String> CODINGS = List.of("br", "zstd", "gzip");
    private static final List<String> NAMES = List.of("a.txt", "b.txt", "c.txt", "d.txt", "index.html", "sub/a.txt",
            "sub/index.html", "none/a.txt", "sub/deep/x.txt");
    private static final int[] SIZES = {0, 1, 2, 17, 1_000, 1_001, 65_535, 65_536, 65_537, 100_000, 200_000};

    /** One site and its requests. */
    private final class Run {

        private final FilesSource source;
        private final Random random;
        private final Path home;
        private final Map<String, byte[]> files = new TreeMap<>();
        private final Map<String, Instant> times = new HashMap<>();
        private final Map<String, byte[]> contentsByTag = new HashMap<>();
        private final List<String> oldTags = new ArrayList<>(List.of("\"x\"", "W/\"y\"", "\"\""));
        private boolean precompressed;
        private HttpWire wire;
        private String last = "no request yet";

        Run(FilesSource source, long seed) throws IOException {
            this.source = source;
            random = new Random(seed);
            home = Files.createTempDirectory(directory, "model");
        }

        void run() throws IOException {
            Instant time = time();
            for (String name : NAMES) {
                if (random.nextInt(5) > 0) {
                    put(name, time);
                    for (String coding : CODINGS) {
                        if (random.nextInt(3) == 0) {
                            put(name + SUFFIXES.get(coding), time);
                        }
                    }
                }
            }
            put("a.txt", time);
            source.write(home, files, FileTime.from(time));
            precompressed = random.nextInt(4) > 0;
            StaticFiles.Builder builder = source.open(home, HttpFilesModelRules.this::closedLater)
                    .precompressed(precompressed).recheckAfter(Duration.ZERO)
                    .cachedFileBytes(new int[] {0, 1_000, 64 << 10}[random.nextInt(3)])
                    .cacheBytes(new long[] {0, 150_000, 10 << 20}[random.nextInt(3)]);
            serve(builder.build());
            wire = connect();
            for (int i = 0; i < REQUESTS; i++) {
                if (source == FilesSource.DIRECTORY && random.nextInt(3) == 0) {
                    change();
                }
                request();
            }
            server().closeNow();
        }

        private Instant time() {
            return Instant.ofEpochSecond(1_500_000_000L + 10 * random.nextInt(10_000_000));
        }

        private void put(String name, Instant time) {
            byte[] content = new byte[SIZES[random.nextInt(SIZES.length)]];
            random.nextBytes(content);
            files.put(name, content);
            times.put(name, time);
        }

        // ---- changes

        private void change() throws IOException {
            String name = NAMES.get(random.nextInt(NAMES.size()));
            if (random.nextInt(3) == 0) {
                name += SUFFIXES.get(CODINGS.get(random.nextInt(3)));
            }
            Path path = home.resolve("site").resolve(name);
            Instant time = random.nextBoolean() ? time() : times.getOrDefault(name, times.get("a.txt"));
            last = "change of " + name;
            byte[] old = files.get(name);
            switch (random.nextInt(5)) {
                case 0 -> {
                    if (!name.equals("a.txt")) {
                        Files.deleteIfExists(path);
                        files.remove(name);
                    }
                    return;
                }
                case 1 -> {     // the same size
                    put(name, time);
                    if (old != null) {
                        byte[] content = new byte[old.length];
                        random.nextBytes(content);
                        files.put(name, content);
                    }
                    Files.createDirectories(path.getParent());
                    Files.write(path, files.get(name));
                }
                case 2 -> {     // another file
                    put(name, time);
                    Files.createDirectories(path.getParent());
                    Path other = Files.write(home.resolve("other"), files.get(name));
                    Files.move(other, path, StandardCopyOption.ATOMIC_MOVE);
                }
                case 3 -> {     // longer or shorter
                    put(name, time);
                    byte[] content = old == null ? files.get(name)
                            : Arrays.copyOf(old, random.nextInt(2 * old.length + 1));
                    files.put(name, content);
                    Files.createDirectories(path.getParent());
                    Files.write(path, content);
                }
                default -> {    // the time only
                    if (old == null) {
                        return;
                    }
                    times.put(name, time);
                }
            }
            Files.setLastModifiedTime(path, FileTime.from(times.get(name)));
        }

        // ---- requests

        private void request() throws IOException {
            String path = NAMES.get(random.nextInt(NAMES.size()));
            if (random.nextInt(10) == 0) {
                path += List.of(".gz", ".br", "/", "x", "/x").get(random.nextInt(5));
            }
            if (path.endsWith("index.html") && random.nextBoolean()) {
                path = path.substring(0, path.length() - (random.nextInt(4) == 0 && path.contains("/") ? 11 : 10));
            }
            Map<String, String> fields = new LinkedHashMap<>();
            if (random.nextInt(2) == 0) {
                fields.put("Accept-Encoding", acceptEncoding());
            }
            String name = path.isEmpty() || path.endsWith("/") ? path + "index.html" : path;
            boolean directory = !path.isEmpty() && !path.endsWith("/") && files.containsKey(path + "/index.html");
            if (files.containsKey(name) && !files.containsKey(path + "/index.html")) {
                found("/" + path, name, fields);
            } else {
                add(fields, "\"z\"", times.get("a.txt"), 10);
                HttpReply reply = send(random.nextInt(4) == 0 ? "HEAD" : "GET", "/" + path, fields);
                assertEquals(directory ? 301 : 404, reply.status(), reply::toString);
            }
        }

        private void found(String target, String name, Map<String, String> fields) throws IOException {
            List<String> codings = new ArrayList<>();
            for (String coding : CODINGS) {
                String sibling = name + SUFFIXES.get(coding);
                if (precompressed && files.containsKey(sibling)
                        && !times.get(sibling).isBefore(times.get(name).minusSeconds(2))) {
                    codings.add(coding);
                }
            }
            String coding = FilesReference.coding(fields.get("Accept-Encoding"), codings);
            String form = coding.equals("identity") ? name : name + SUFFIXES.get(coding);
            byte[] content = files.get(form);
            HttpReply head = send("HEAD", target, fields);
            String tag = head.first("ETag");
            boolean weak = tag.startsWith("W/");
            assertFalse(weak && source != FilesSource.DIRECTORY, head::toString);
            byte[] same = contentsByTag.putIfAbsent(name + " " + tag, content);
            assertTrue(same == null || Arrays.equals(same, content), () -> "one tag for two contents: " + head);
            oldTags.add(tag);

            add(fields, weak ? "\"z\"" : tag, times.get(form), content.length);
            String method = random.nextInt(4) == 0 ? "HEAD" : "GET";
            FilesReference.Answer expected =
                    FilesReference.answer(method, fields, content.length, weak ? "\"unknown\"" : tag, times.get(form));
            if (!coding.equals("identity") && expected.ranges().size() > 1) {
                expected = new FilesReference.Answer(200);      // a choice of the server: parts can't be decoded
            }
            HttpReply reply = send(method, target, fields);

            assertEquals(expected.status(), reply.status(), reply::toString);
            boolean one = expected.ranges().size() == 1;
            if (expected.status() < 400) {
                assertTrue(weak || tag.equals(reply.first("ETag")), reply::toString);
                assertEquals(codings.isEmpty() ? null : "Accept-Encoding", reply.first("Vary"), reply::toString);
            }
            if (expected.status() == 200 || expected.status() == 206) {
                boolean saysAll = expected.status() == 200 || !fields.containsKey("If-Range");     // §15.3.7
                HttpFilesSuite.assertFields(reply,
                        "Last-Modified", saysAll ? FilesReference.DATE.format(times.get(form)) : null,
                        "Content-Encoding", saysAll && !coding.equals("identity") ? coding : null,
                        "Accept-Ranges", saysAll ? "bytes" : null);
            }
            HttpFilesSuite.assertFields(reply, "Content-Range", expected.status() == 416 ? "bytes */" + content.length
                    : one ? "bytes " + expected.ranges().getFirst()[0] + "-" + expected.ranges().getFirst()[1] + "/"
                    + content.length : null);
            if (expected.status() == 200) {
                assertEquals("" + content.length, reply.first("Content-Length"));
            }
            if (method.equals("GET")) {
                assertContent(reply, expected, content);
            }
        }

        private static void assertContent(HttpReply reply, FilesReference.Answer expected, byte[] content) {
            switch (expected.status()) {
                case 200 -> assertArrayEquals(content, reply.content(), reply::toString);
                case 206 -> {
                    long[] first = expected.ranges().getFirst();
                    if (expected.ranges().size() == 1) {
                        assertArrayEquals(HttpFilesSuite.part(content, first[0], first[1] - first[0] + 1),
                                reply.content());
                    } else {
                        String type = FilesByteRanges.parse(reply).getFirst().type();
                        FilesByteRanges.assertParts(reply, content, type, expected.ranges().toArray(long[][]::new));
                    }
                }
                default -> { }
            }
        }

        private HttpReply send(String method, String target, Map<String, String> fields) throws IOException {
            String[] lines = fields.entrySet().stream().map(field -> field.getKey() + ": " + field.getValue())
                    .toArray(String[]::new);
            String request = HttpSuite.request(method, target, lines);
            last = request;
            return wire.send(request).read(method);
        }

        private String acceptEncoding() {
            List<String> elements = new ArrayList<>();
            for (String coding : List.of("gzip", "br", "zstd", "deflate", "identity")) {
                if (random.nextInt(2) == 0) {
                    elements.add(coding + List.of("", ";q=0", ";q=0.5", "; q=0.25", ";q=1.000").get(random.nextInt(5)));
                }
            }
            elements.removeIf("identity;q=0"::equals);
            return String.join(random.nextBoolean() ? ", " : ",", elements);
        }

        /** Adds conditions and ranges. */
        private void add(Map<String, String> fields, String tag, Instant modified, int length) {
            if (random.nextInt(4) == 0) {
                fields.put("If-Match", tags(tag));
            }
            if (random.nextInt(4) == 0) {
                fields.put("If-None-Match", tags(tag));
            }
            if (random.nextInt(5) == 0) {
                fields.put("If-Modified-Since", date(modified));
            }
            if (random.nextInt(6) == 0) {
                fields.put("If-Unmodified-Since", date(modified));
            }
            if (random.nextInt(2) == 0) {
                fields.put("Range", range(length));
                if (random.nextInt(3) == 0) {
                    fields.put("If-Range", random.nextInt(3) == 0 ? date(modified)
                            : random.nextBoolean() ? tag : oldTags.get(random.nextInt(oldTags.size())));
                }
            }
        }

        private String tags(String tag) {
            return switch (random.nextInt(6)) {
                case 0 -> "*";
                case 1 -> oldTags.get(random.nextInt(oldTags.size()));
                case 2 -> "\"x\" , " + tag + ",," + oldTags.get(random.nextInt(oldTags.size()));
                case 3 -> "W/" + tag;
                case 4 -> "x, " + tag;
                default -> tag;
            };
        }

        private String date(Instant modified) {
            return switch (random.nextInt(5)) {
                case 0 -> FilesReference.DATE.format(modified.plusSeconds(1));
                case 1 -> FilesReference.DATE.format(modified.minusSeconds(1));
                case 2 -> "not a date";
                default -> FilesReference.DATE.format(modified);
            };
        }

        private String range(int length) {
            StringBuilder ranges = new StringBuilder(random.nextInt(8) == 0 ? "Bytes=" : "bytes=");
            int count = random.nextInt(3) == 0 ? random.nextInt(20) : 1;
            for (int i = 0; i < count; i++) {
                long first = random.nextInt(length + 2);
                long last = first + random.nextInt(length + 2) / (1 + random.nextInt(20));
                ranges.append(i == 0 ? "" : random.nextBoolean() ? "," : ", ,").append(switch (random.nextInt(12)) {
                    case 0 -> "-" + last;
                    case 1 -> first + "-";
                    case 2 -> "-0";
                    case 3 -> length + random.nextInt(3) + "-";
                    case 4 -> random.nextInt(10) == 0 ? last + 1 + "-" + first : first + "-" + first;
                    case 5 -> random.nextInt(10) == 0 ? "a-b" : "0-" + last;
                    default -> first + "-" + last;
                });
            }
            return ranges.toString();
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyAnswerIsThatOfTheReference(FilesSource source) throws IOException {
        Long replay = Long.getLong("files.seed");
        Long fresh = Long.getLong("files.seeds");
        long[] seeds = replay != null ? new long[] {replay} : fresh != null ? new Random().longs(fresh).toArray()
                : LongStream.rangeClosed(1, SEEDS).toArray();
        for (long seed : seeds) {
            Run run = new Run(source, seed);
            try {
                run.run();
            } catch (IOException | RuntimeException | AssertionError e) {
                throw new AssertionError("replay with -Dfiles.seed=" + seed + "; behind: " + run.last, e);
            }
        }
    }
}
