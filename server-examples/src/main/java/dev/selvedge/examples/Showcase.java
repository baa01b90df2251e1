package dev.selvedge.examples;

import dev.selvedge.server.Handler;
import dev.selvedge.server.Header;
import dev.selvedge.server.HttpServer;
import dev.selvedge.server.Request;
import dev.selvedge.server.Response;
import dev.selvedge.server.Router;
import dev.selvedge.server.files.StaticFiles;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One of each: every kind of handler and of response, for tests of conformance and under load.
 *
 * <pre>
 * curl -i http://localhost:8080/plaintext
 * curl -i http://localhost:8080/json
 * curl -i http://localhost:8080/echo -d 'some text'
 * curl -i http://localhost:8080/headers
 * curl -i 'http://localhost:8080/params/42?q=hello'
 * curl -i http://localhost:8080/stream
 * curl -i http://localhost:8080/chunks --raw
 * curl -I http://localhost:8080/large
 * curl -i 'http://localhost:8080/slow?ms=1000'
 * curl -i http://localhost:8080/status/204
 * curl -i http://localhost:8080/file/index.html
 * </pre>
 *
 * <p>Handlers that don't wait for anything are marked as non-blocking, which lets them run on the event loop.
 *
 * <p>Options: {@code --port N}, {@code --host ADDRESS} (only this machine is served without it), {@code --dir
 * DIRECTORY} (served under {@code /file/}, with index files and precompressed siblings), {@code --transport
 * epoll|nio|auto}, {@code --loops N}, and {@code --blocking}, by which no handler is marked, for comparison.
 */
final class Showcase {

    private static final String USAGE = """
            Usage: Showcase [option...]
              --port N                   where to listen; 0 for any free port; default 8080
              --host ADDRESS             of which address; default localhost, so that only this machine is served;
                                         0.0.0.0 for all
              --dir DIRECTORY            serve its files under /file/, an index.html for its directory, and for
                                         a.css its a.css.br, a.css.zst or a.css.gz to clients that take it
              --transport epoll|nio|auto default auto: the best one that works here
              --loops N                  event loops; default one for each processor
              --blocking                 run every handler on a virtual thread of its own
            """;

    private static final Response ROOT = Response.text("This is Showcase. Its source tells what there is.\n");
    private static final Response PLAINTEXT = Response.text("Hello, World!");
    private static final Response LARGE = Response.bytes("text/plain", filled(10 << 20));
    private static final Response BAD_REQUEST = Response.error(400);

    private static final int BLOCKS = 64;
    private static final byte[] BLOCK = alphabet(1024);
    private static final int MAX_SLOW_MILLIS = 600_000;

    private final Options options;

    private Showcase(Options options) {
        this.options = options;
    }

    static void main(String[] args) {
        try {
            HttpServer server = new Showcase(Options.parse(args)).start();
            Runtime.getRuntime().addShutdownHook(new Thread(server::close));
            IO.println("ready " + server.port());       // scripts wait for this line
            IO.println("Showcase is at " + server.uri() + " over " + server.transport() + "; press Ctrl-C to stop it");
        } catch (IllegalArgumentException e) {
            System.err.print(e.getMessage() + "\n" + USAGE);
            System.exit(2);
        } catch (IllegalStateException | UncheckedIOException e) {
            System.err.println(e.getMessage());     // no such transport here, port in use: the message says it all
            System.exit(1);
        }
    }

    private HttpServer start() {
        HttpServer.Builder server = HttpServer.builder()
                .listen(options.host(), options.port())
                .transport(options.transport())
                .handler(router());
        options.loops().ifPresent(server::loops);
        return server.start();
    }

    private Router router() {
        Router.Builder router = Router.builder()
                .get("/", quick(request -> ROOT))
                .get("/plaintext", quick(request -> PLAINTEXT))
                .get("/json", quick(request -> Response.json(new Message("Hello, World!").toJson())))
                .post("/echo", quick(Showcase::echo))
                .get("/headers", quick(Showcase::headers))
                .get("/params/{id}", quick(Showcase::parameters))
                .get("/stream", quick(request -> Response.stream("text/plain", Showcase::writeBlocks)))
                .get("/chunks", quick(request -> Response.stream("text/plain", Showcase::writeWords)))
                .get("/large", quick(request -> LARGE))
                .get("/slow", Showcase::slow)
                .get("/status/{code}", quick(Showcase::status));
        options.directory().ifPresent(directory -> router.mount("/file", files(directory)));
        return router.build();
    }

    /** By itself it answers on the event loop what was asked for a moment ago; as a plain lambda it can't. */
    private Handler files(Path directory) {
        StaticFiles files = StaticFiles.builder(directory).precompressed(true).build();
        return options.blocking() ? files::handle : files;
    }

    private Handler quick(Handler handler) {
        return options.blocking() ? handler : Handler.nonBlocking(handler);
    }

    // ---- handlers

    private static Response echo(Request request) throws IOException {
        String contentType = request.header("Content-Type").orElse("application/octet-stream");
        return Response.bytes(contentType, request.body().bytes());
    }

    /** Field values are octets, so they go back as they came, and not as UTF-8. */
    private static Response headers(Request request) {
        StringBuilder text = new StringBuilder();
        for (Header header : request.headers()) {
            text.append(header.name().toLowerCase(Locale.ROOT)).append(": ").append(header.value()).append('\n');
        }
        return Response.bytes("text/plain; charset=iso-8859-1", text.toString().getBytes(StandardCharsets.ISO_8859_1));
    }

    private static Response parameters(Request request) {
        return Response.text("id=" + request.pathParameter("id") + " q=" + request.queryParameter("q").orElse(""));
    }

    /** Runs on a virtual thread, as every writer of a stream does: it may wait for a slow client. */
    private static void writeBlocks(OutputStream out) throws IOException {
        for (int i = 0; i < BLOCKS; i++) {
            out.write(BLOCK);
        }
    }

    /** Small pieces are gathered until somebody flushes. */
    private static void writeWords(OutputStream out) throws IOException {
        for (String word : List.of("one", "two", "three")) {
            out.write(word.getBytes(StandardCharsets.US_ASCII));
            out.flush();
        }
    }

    /** Sleeps, and so is a plain handler always: a virtual thread may sleep, an event loop must not. */
    private static Response slow(Request request) throws InterruptedException {
        OptionalInt millis = number(request.queryParameter("ms").orElse(""), 0, MAX_SLOW_MILLIS);
        if (millis.isEmpty()) {
            return BAD_REQUEST;
        }
        Thread.sleep(millis.getAsInt());
        return Response.text("slept for " + millis.getAsInt() + " ms\n");
    }

    private static Response status(Request request) {
        OptionalInt status = number(request.pathParameter("code"), 200, 599);
        return status.isEmpty() ? BAD_REQUEST : switch (status.getAsInt()) {
            case 204, 205, 304 -> Response.status(status.getAsInt());       // these have no content
            default -> Response.text("status " + status.getAsInt() + "\n").withStatus(status.getAsInt());
        };
    }

    // ---- what they need

    /**
     * What /json answers with, serialised for every request.
     *
     * @param message the only member
     */
    private record Message(String message) {

        String toJson() {
            return "{\"message\":\"" + escaped(message) + "\"}";
        }

        /** Escapes what a JSON string can't have (RFC 8259 §7); most strings have nothing of it. */
        private static String escaped(String text) {
            for (int i = 0; i < text.length(); i++) {
                if (needsEscape(text.charAt(i))) {
                    return withEscapes(text);
                }
            }
            return text;
        }

        private static String withEscapes(String text) {
            StringBuilder escaped = new StringBuilder();
            for (char c : text.toCharArray()) {
                escaped.append(needsEscape(c) ? "\\u%04x".formatted((int) c) : c);
            }
            return escaped.toString();
        }

        private static boolean needsEscape(char c) {
            return c < ' ' || c == '"' || c == '\\';
        }
    }

    private static OptionalInt number(String text, int min, int max) {
        try {
            int number = Integer.parseInt(text);
            return number < min || number > max ? OptionalInt.empty() : OptionalInt.of(number);
        } catch (NumberFormatException e) {
            return OptionalInt.empty();
        }
    }

    private static byte[] filled(int length) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) 'x');
        return bytes;
    }

    private static byte[] alphabet(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) ('a' + i % 26);
        }
        return bytes;
    }

    /**
     * What the command line asks for.
     *
     * @param port where to listen
     * @param directory what to serve under /file/
     * @param transport the transport's name
     * @param loops how many event loops, if not as many as usual
     * @param blocking whether no handler is to run on an event loop
     */
    private record Options(int port, String host, Optional<Path> directory, String transport, OptionalInt loops,
            boolean blocking) {

        /**
         * Reads the command line.
         *
         * @throws IllegalArgumentException if it is wrong; the message says how
         */
        static Options parse(String[] args) {
            int port = Integer.getInteger("port", 8080);
            String host = "localhost";
            Optional<Path> directory = Optional.empty();
            String transport = "auto";
            OptionalInt loops = OptionalInt.empty();
            boolean blocking = false;
            for (Iterator<String> words = List.of(args).iterator(); words.hasNext();) {
                String option = words.next();
                switch (option) {
                    case "--port" -> port = number(option, words, 0, 65535);
                    case "--host" -> host = value(option, words);
                    case "--dir" -> directory = Optional.of(directory(value(option, words)));
                    case "--transport" -> transport = transport(value(option, words));
                    case "--loops" -> loops = OptionalInt.of(number(option, words, 1, 1024));
                    case "--blocking" -> blocking = true;
                    default -> throw new IllegalArgumentException("there is no option " + option);
                }
            }
            return new Options(port, host, directory, transport, loops, blocking);
        }

        private static String value(String option, Iterator<String> words) {
            if (!words.hasNext()) {
                throw new IllegalArgumentException(option + " needs a value");
            }
            return words.next();
        }

        private static int number(String option, Iterator<String> words, int min, int max) {
            return Showcase.number(value(option, words), min, max).orElseThrow(() ->
                    new IllegalArgumentException(option + " needs a number from " + min + " to " + max));
        }

        private static String transport(String name) {
            return switch (name) {
                case "epoll", "nio", "auto" -> name;
                default -> throw new IllegalArgumentException("--transport is epoll, nio or auto, not " + name);
            };
        }

        private static Path directory(String name) {
            Path directory = Path.of(name).toAbsolutePath().normalize();
            if (!Files.isDirectory(directory)) {
                throw new IllegalArgumentException("there is no directory " + directory);
            }
            return directory;
        }
    }
}
