package dev.selvedge.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvedge.server.FileVersion;
import dev.selvedge.server.Handler;
import dev.selvedge.server.Limits;
import dev.selvedge.server.PromptHandler;
import dev.selvedge.server.Request;
import dev.selvedge.server.Response;
import dev.selvedge.server.Router;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.logging.Level;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Responses that depend on what a file is when it is sent, and handlers that may have them at hand. */
public abstract class HttpFileRules extends HttpSuite {

    private static final String OLD = "the old content";

    /** How a handler comes to be called, and so who opens the file. */
    enum Way {
        THREAD, LOOP, PROMPT, PROMPT_FAILING_FIRST;

        Handler handler(Handler plain) {
            return switch (this) {
                case THREAD -> plain;
                case LOOP -> Handler.nonBlocking(plain);
                case PROMPT -> new Prompt(plain::handle, plain);
                case PROMPT_FAILING_FIRST -> new Prompt(request -> null, plain);
            };
        }
    }

    /** Tries one handler, then calls the other. */
    private record Prompt(Handler attempt, Handler whole) implements PromptHandler {

        @Override
        public Response tryHandle(Request request) throws Exception {
            return attempt.handle(request);
        }

        @Override
        public Response handle(Request request) throws Exception {
            return whole.handle(request);
        }
    }

    /** What may happen to a file. */
    enum Change {
        DELETED {
            @Override
            void apply(Path file) throws IOException {
                Files.delete(file);
            }
        },
        SHORTER {
            @Override
            void apply(Path file) throws IOException {
                Files.writeString(file, "new");
            }
        },
        LONGER {
            @Override
            void apply(Path file) throws IOException {
                Files.writeString(file, OLD + " and more");
            }
        },
        REPLACED {
            @Override
            void apply(Path file) throws IOException {
                Path other = Files.writeString(file.resolveSibling("other"), OLD.replace("old", "new"));
                Files.setLastModifiedTime(other, Files.getLastModifiedTime(file));
                Files.move(other, file, StandardCopyOption.ATOMIC_MOVE);
            }
        },
        A_DIRECTORY {
            @Override
            void apply(Path file) throws IOException {
                Files.delete(file);
                Files.createDirectory(file);
            }
        };

        abstract void apply(Path file) throws IOException;
    }

    private static Path file(String name) throws IOException {
        Path file = directory.resolve(name);
        if (Files.isDirectory(file)) {
            Files.delete(file);
        }
        return Files.writeString(file, OLD);
    }

    /** Serves a file that becomes another one between the response and its sending. */
    private void serveChanging(Way way, Path file, Change change, Callable<Response> otherwise) {
        serve(changing(way, file, change, otherwise));
    }

    private static Router changing(Way way, Path file, Change change, Callable<Response> otherwise) {
        Handler handler = way.handler(request -> {
            Response response = Response.file(file).whileUnchanged(FileVersion.of(file), otherwise);
            change.apply(file);
            return response.withHeader("X-Who", "both");
        });
        return Router.builder().get("/", handler)
                .get("/next", Handler.nonBlocking(request -> Response.text("next"))).build();
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void aFileThatIsWhatItWasIsSent(Way way) throws IOException {
        Path file = file("same");
        byte[] large = new byte[3 << 20];
        new Random(1).nextBytes(large);
        Path largeFile = Files.write(directory.resolve("large"), large);
        Function<Path, Handler> serving = each -> way.handler(request -> Response.file(each)
                .whileUnchanged(FileVersion.of(each), () -> {
                    throw new AssertionError("it has not changed");
                }));
        serve(Router.builder().get("/", serving.apply(file)).get("/large", serving.apply(largeFile)).build());
        HttpWire wire = connect();

        assertEquals(OLD, wire.send(get("/")).read("GET").text());
        assertEquals("15", wire.send(request("HEAD", "/")).read("HEAD").first("Content-Length"));
        assertArrayEquals(large, wire.send(get("/large")).read("GET").content());
        assertEquals(OLD, wire.send(get("/")).read("GET").text());
    }

    @ParameterizedTest
    @EnumSource(Change.class)
    void aFileThatHasChangedIsAnsweredOtherwise(Change change) throws IOException {
        AtomicReference<Thread> asked = new AtomicReference<>();
        for (Way way : Way.values()) {
            Path file = file("changing");
            serveChanging(way, file, change, () -> {
                asked.set(Thread.currentThread());
                return Response.text("otherwise").withStatus(404);
            });
            HttpWire wire = connect();

            wire.send(get("/") + get("/next"));

            HttpReply reply = wire.read("GET");
            assertEquals(404, reply.status(), way::toString);
            assertEquals("otherwise", reply.text());
            assertEquals(List.of("both"), reply.all("X-Who"), "what is done to the one is done to the other");
            assertTrue(asked.get().isVirtual(), way::toString);
            assertEquals("next", wire.read("GET").text(), "the connection goes on");
        }
    }

    @Test
    void headIsToldTheSame() throws IOException {
        serveChanging(Way.PROMPT, file("changing"), Change.DELETED, () -> Response.text("otherwise").withStatus(410));

        assertEquals(410, exchange(request("HEAD", "/")).status());
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void theOtherAnswerMayBeAFileAgain(Way way) throws IOException {
        Path file = file("changing");
        serveChanging(way, file, Change.REPLACED,
                () -> Response.file(file).whileUnchanged(FileVersion.of(file), () -> Response.status(500)));

        assertEquals("the new content", exchange(get("/")).text());
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void theOtherAnswerMayBeAStream(Way way) throws IOException {
        serveChanging(way, file("changing"), Change.DELETED,
                () -> Response.stream(HttpSite.TEXT, out -> out.write(latin1("streamed"))));

        assertEquals("streamed", exchange(get("/")).text());
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void aFileThatKeepsChangingIsGivenUp(Way way) throws IOException {
        AtomicInteger others = new AtomicInteger();
        Path file = file("changing");
        AtomicReference<Callable<Response>> again = new AtomicReference<>();
        again.set(() -> {
            others.incrementAndGet();
            Response response = Response.file(file).whileUnchanged(FileVersion.of(file), again.get());
            Change.REPLACED.apply(file);
            return response;
        });
        serveChanging(way, file, Change.REPLACED, again.get());
        try (HttpLog log = new HttpLog()) {
            HttpWire wire = connect();

            HttpReply reply = wire.send(get("/") + get("/next")).read("GET");

            assertEquals(503, reply.status());
            assertEquals("1", reply.first("Retry-After"));
            assertEquals(3, others.get());
            assertEquals("next", wire.read("GET").text(), "the connection goes on");
            assertEquals(List.of(), log.messages(Level.SEVERE));
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void whatTheOtherAnswerThrowsIsAnErrorOfTheHandler(Way way) throws IOException {
        Path file = file("changing");
        serveChanging(way, file, Change.DELETED, () -> {
            throw new IOException("on purpose");
        });
        try (HttpLog log = new HttpLog()) {
            assertEquals(500, exchange(get("/")).status());
            assertEquals(1, log.messages(Level.SEVERE).size());
        }
        start(builder(changing(way, file("changing"), Change.DELETED, () -> null))
                .onException((request, e) -> Response.text(e.getMessage())));
        assertTrue(exchange(get("/")).text().contains("null"));
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void theOtherAnswerHasTheTimeOfAHandler(Way way) throws IOException {
        Path file = file("changing");
        Handler handler = way.handler(request -> {
            Response response = Response.file(file).whileUnchanged(FileVersion.of(file), () -> {
                new CountDownLatch(1).await();
                return Response.text("never");
            });
            Change.REPLACED.apply(file);
            return response;
        });
        try (HttpLog log = new HttpLog()) {
            serve(handler, Limits.DEFAULT.withHandlerTimeout(Duration.ofMillis(300)));

            assertEquals(503, exchange(get("/")).status());
            assertEquals(List.of(), log.messages(Level.SEVERE));
        }
    }

    @Test
    void aFileThatChangesForAnUploadIsAnsweredOtherwiseBehindIt() throws IOException {
        Path file = file("changing");
        serve(request -> {
            Response response = Response.file(file).whileUnchanged(FileVersion.of(file),
                    () -> Response.text("otherwise"));
            Change.REPLACED.apply(file);
            return response;
        });
        HttpWire wire = connect();
        for (int i = 0; i < 3; i++) {
            assertEquals("otherwise", wire.send(post("/", "x".repeat(10_000))).read("POST").text());
        }
    }

    // ---- handlers that may have the answer at hand

    @Test
    void aPromptHandlerIsAskedOnTheLoopFirst() throws IOException {
        AtomicReference<Thread> triedBy = new AtomicReference<>();
        AtomicReference<Thread> calledBy = new AtomicReference<>();
        serve(new Prompt(request -> {
            triedBy.set(Thread.currentThread());
            return request.path().equals("/quick") ? Response.text("quick") : null;
        }, request -> {
            calledBy.set(Thread.currentThread());
            return Response.text(request.path() + " " + request.body().text());
        }));
        HttpWire wire = connect();

        wire.send(get("/quick") + get("/slow") + get("/quick") + post("/quick", "body") + get("/quick"));

        assertEquals("quick", wire.read("GET").text());
        assertEquals("/slow ", wire.read("GET").text());
        assertEquals("quick", wire.read("GET").text());
        assertEquals("/quick body", wire.read("POST").text(), "a body may have to be waited for");
        assertEquals("quick", wire.read("GET").text());
        assertFalse(triedBy.get().isVirtual());
        assertTrue(calledBy.get().isVirtual());
        assertEquals(0, wire.send(request("HEAD", "/quick")).read("HEAD").content().length);
    }

    @Test
    void whatAPromptHandlerThrowsIsAnError() throws IOException {
        try (HttpLog log = new HttpLog()) {
            serve(new Prompt(request -> {
                throw new IllegalStateException("on purpose");
            }, request -> Response.text("not called")));
            HttpWire wire = connect();
            for (int i = 0; i < 2; i++) {
                assertEquals(500, wire.send(get("/")).read("GET").status());
            }
            assertEquals(2, log.messages(Level.SEVERE).size());
        }
    }

    @Test
    void aPromptHandlerThatHasToWaitCountsAsBlocking() throws Exception {
        CountDownLatch busy = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        serve(new Prompt(request -> request.path().equals("/quick") ? Response.text("quick") : null, request -> {
            busy.countDown();
            release.await();
            return Response.text("slow");
        }), Limits.DEFAULT.withMaxBlockingHandlers(1));
        HttpWire slow = connect();
        slow.send(get("/slow"));
        assertTrue(busy.await(PATIENCE_NANOS, TimeUnit.NANOSECONDS));

        assertEquals(503, status("/other"));
        assertEquals("quick", exchange(get("/quick")).text());
        release.countDown();
        assertEquals("slow", slow.read("GET").text());
    }

    private int status(String target) {
        try {
            return exchange(get(target)).status();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    // ---- large files

    /** A client that takes nothing of a file is ended, and the file is closed. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theMinimumDataRateHoldsForFiles(boolean nonBlocking) throws Exception {
        Path file = directory.resolve("sparse");
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(1L << 30);
        }
        Handler handler = request -> Response.file(file);
        serve(nonBlocking ? Handler.nonBlocking(handler) : handler,
                Limits.DEFAULT.withPaceTime(Duration.ofMillis(500)));
        HttpWire idle = closedLater(new HttpWire(server().addresses().getFirst(), 10_000));

        idle.send(get("/"));

        assertEquals(200, idle.replies.readHead("GET").status());
        awaitNoConnection();
        Files.delete(file);
    }

    // ---- files of other file systems

    @ParameterizedTest
    @EnumSource(Way.class)
    void aFileInAZipFileIsSentLikeAnyOther(Way way) throws IOException {
        byte[] content = new byte[500_000];
        new Random(3).nextBytes(content);
        URI archive = URI.create("jar:" + directory.resolve(way + ".zip").toUri());
        try (FileSystem zip = FileSystems.newFileSystem(archive, Map.of("create", "true"))) {
            Path inside = Files.write(zip.getPath("/inside"), content);
            FileVersion version = FileVersion.of(inside);
            serve(Router.builder().get("/all", way.handler(request -> Response.file("a/b", inside, 0, content.length)
                            .whileUnchanged(version, () -> Response.text("otherwise"))))
                    .get("/part", way.handler(request -> Response.file("a/b", inside, 100, 1000)))
                    .get("/none", way.handler(request -> Response.file("a/b", inside, 100, 0)))
                    .get("/beyond", way.handler(request -> Response.file("a/b", inside, 100, 500_000)
                            .whileUnchanged(version, () -> Response.text("otherwise"))))
                    .build());
            HttpWire wire = connect();

            assertArrayEquals(content, wire.send(get("/all")).read("GET").content());
            assertEquals("500000", wire.send(request("HEAD", "/all")).read("HEAD").first("Content-Length"));
            assertArrayEquals(Arrays.copyOfRange(content, 100, 1100), wire.send(get("/part")).read("GET").content());
            assertEquals(0, wire.send(get("/none")).read("GET").content().length);
            assertEquals("otherwise", wire.send(get("/beyond")).read("GET").text());
            Files.delete(inside);
            assertEquals("otherwise", wire.send(get("/all")).read("GET").text());
            try (HttpLog log = new HttpLog()) {
                assertEquals(500, wire.send(get("/part")).read("GET").status());
                assertEquals(1, log.messages(Level.SEVERE).size());
            }
        }
    }

    @Test
    void theFilesOfAnotherFileSystemAreNotTouchedOnTheLoop() throws IOException {
        WatchedFiles files = new WatchedFiles(() -> assertTrue(Thread.currentThread().isVirtual()));
        Path file = files.watched(file("watched"));
        serve(Handler.nonBlocking(request -> Response.file(HttpSite.TEXT, file, 4, 3)));
        HttpWire wire = connect();

        assertEquals("old", wire.send(get("/")).read("GET").text());
        assertEquals("3", wire.send(request("HEAD", "/")).read("HEAD").first("Content-Length"));
        assertTrue(files.count() > 0);
    }

    @Test
    void aFileOfAnotherFileSystemThatShrinksIsVisiblyCut() throws Exception {
        byte[] content = new byte[5_000_000];
        Path real = Files.write(directory.resolve("real"), content);
        Path file = new WatchedFiles(() -> { }).watched(real);
        serve(request -> Response.file(HttpSite.TEXT, file, 0, content.length));
        try (HttpLog log = new HttpLog()) {
            HttpWire wire = closedLater(new HttpWire(server().addresses().getFirst(), 10_000));
            HttpReply head = wire.send(get("/")).replies.readHead("GET");

            try (RandomAccessFile scissors = new RandomAccessFile(real.toFile(), "rw")) {
                scissors.setLength(1000);
            }

            assertThrows(IOException.class, () -> wire.replies.readContent(head));
            log.await(Level.SEVERE, "cut off");
            awaitNoConnection();
        }
    }
}
