package dev.selvedge.examples;

import dev.selvedge.server.BodyWriter;
import dev.selvedge.server.Filter;
import dev.selvedge.server.Handler;
import dev.selvedge.server.HttpServer;
import dev.selvedge.server.PromptHandler;
import dev.selvedge.server.Request;
import dev.selvedge.server.Response;
import dev.selvedge.server.Router;
import dev.selvedge.server.ServerStatistics;
import dev.selvedge.server.files.StaticFiles;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The documentation of this project, served by this project.
 *
 * <p>The pages lie beside this class. The build gives each asset the hash of its content as a part of its name, and
 * each large file a compressed one beside it; started without that, from an IDE for example, the site is there with
 * plain names. Only the page {@code /live} moves: {@link Live} tells it what the server does.
 */
final class Site implements AutoCloseable {

    private static final String CONTENT_SECURITY_POLICY = "default-src 'self'; base-uri 'none'; frame-ancestors 'none'";

    private static final Response PONG = Response.text("pong\n");

    private final Live live = new Live();
    private final HttpServer server;

    private Site(int port) {
        server = HttpServer.start(port, router());
        live.watch(server);
    }

    static void main() {
        try {
            Site site = start(Integer.getInteger("port", 8080));
            Runtime.getRuntime().addShutdownHook(new Thread(site::close));
            IO.println("Site is at " + site.uri() + " over " + site.server.transport() + "; press Ctrl-C to stop it");
        } catch (UncheckedIOException e) {
            System.err.println(e.getMessage() + " (with -Dport=9000, for example)");
            System.exit(1);
        }
    }

    /** Starts the site; port 0 lets the system choose one. */
    static Site start(int port) {
        return new Site(port);
    }

    private Router router() {
        StaticFiles pages = StaticFiles.builder(Site.class, "dev/selvedge/examples/site")
                .cleanUrls(true)                        // /guide is guide.html
                .precompressed(true)                    // or guide.html.gz
                .immutableHashedNames("*")              // browsers keep style.0123456789abcdef.css
                .notFoundPage("/404.html")
                .header("Content-Security-Policy", CONTENT_SECURITY_POLICY)
                .build();
        Filter noted = Filter.nonBlocking(live::note);
        return Router.builder()
                .get("/live/events", noted.around(Handler.nonBlocking(request -> live.events())))
                .get("/live/ping", noted.around(Handler.nonBlocking(request -> PONG)))
                .get("/live/wait", noted.around(request -> {
                    Thread.sleep(250);      // for something slow, such as a database
                    return PONG;
                }))
                .mount("/", new Noted(pages, live))
                .build();
    }

    /**
     * Lets the live page see the requests for files. A filter could do that, too, but would move each of them to a
     * virtual thread; so those that can be answered at once stay on the event loop.
     */
    private record Noted(PromptHandler files, Live live) implements PromptHandler {

        @Override
        public Response tryHandle(Request request) throws Exception {
            long from = System.nanoTime();
            Response response = files.tryHandle(request);
            if (response != null) {
                live.note(request, response.status(), from);
            }
            return response;
        }

        @Override
        public Response handle(Request request) throws Exception {
            return live.note(request, files);
        }
    }

    URI uri() {
        return server.uri();
    }

    /** Returns how many clients look at the live page now. */
    int viewers() {
        return live.viewers();
    }

    /** Ends the streams of the live page, which would not end by themselves, and then the server. */
    @Override
    public void close() {
        live.end();
        server.close();
    }

    /**
     * What the server does, as Server-Sent Events for the live page.
     *
     * <p>Each request is noted in a ring, without a lock, since that happens on the event loop. Each viewer has a
     * stream, and so a virtual thread, which looks several times a second whether there is something new to tell. A
     * viewer who is too slow for the ring misses requests; one who has left is noticed by the next thing to tell, at
     * the latest by a heartbeat.
     */
    private static final class Live {

        /** A power of two. */
        private static final int RING = 64;

        private static final Duration LOOK = Duration.ofMillis(150);
        private static final Duration HEARTBEAT = Duration.ofSeconds(5);
        private static final int MAX_PATH = 100;

        /** A request that was answered. */
        private record Seen(long number, long atMillis, String method, String path, int status, long micros,
                String thread) {

            String event() {
                return "event: request\ndata: {\"number\":" + number + ",\"at\":" + atMillis
                        + ",\"method\":" + quoted(method) + ",\"path\":" + quoted(path) + ",\"status\":" + status
                        + ",\"micros\":" + micros + ",\"thread\":" + quoted(thread) + "}\n\n";
            }
        }

        private final AtomicReferenceArray<Seen> ring = new AtomicReferenceArray<>(RING);
        private final AtomicLong count = new AtomicLong();
        private final AtomicInteger viewers = new AtomicInteger();
        private final long startedAtMillis = System.currentTimeMillis();
        private final CompletableFuture<HttpServer> server = new CompletableFuture<>();
        private volatile boolean ended;

        /** Sets whose figures are told; the server can't be known before it is started with what is made here. */
        void watch(HttpServer started) {
            server.complete(started);
        }

        /** Ends all streams soon. */
        void end() {
            ended = true;
        }

        int viewers() {
            return viewers.get();
        }

        // ---- what happens

        /** Is a filter. */
        Response note(Request request, Handler next) throws Exception {
            long from = System.nanoTime();
            int status = 500;
            try {
                Response response = next.handle(request);
                status = response.status();
                return response;
            } finally {
                note(request, status, from);
            }
        }

        void note(Request request, int status, long fromNanos) {
            long micros = (System.nanoTime() - fromNanos) / 1_000;
            String path = request.rawPath();
            Thread thread = Thread.currentThread();
            long number = count.getAndIncrement();
            ring.set((int) number & RING - 1, new Seen(number, System.currentTimeMillis(), request.method(),
                    path.length() > MAX_PATH ? path.substring(0, MAX_PATH) + "…" : path, status, micros,
                    thread.isVirtual() ? "virtual threads" : thread.getName()));
        }

        // ---- what is told

        /** Returns a response that goes on until the viewer leaves or the server stops. */
        Response events() {
            BodyWriter writer = out -> {
                viewers.incrementAndGet();
                try {
                    tell(out);
                } finally {
                    viewers.decrementAndGet();
                }
            };
            return Response.stream("text/event-stream", writer).withHeader("Cache-Control", "no-store");
        }

        private void tell(OutputStream out) throws IOException, InterruptedException {
            HttpServer watched = server.join();
            StringBuilder events = new StringBuilder(greeting(watched));
            long next = Math.max(0, count.get() - RING);
            String figures = "";
            long silentSince = System.nanoTime();
            while (!ended) {
                next = appendRequests(events, next);
                String figuresNow = figures(watched.statistics());
                if (!figuresNow.equals(figures)) {
                    events.append(figuresNow);
                    figures = figuresNow;
                }
                long now = System.nanoTime();
                if (events.isEmpty() && now - silentSince > HEARTBEAT.toNanos()) {
                    events.append(": still here\n\n");
                }
                if (!events.isEmpty()) {
                    out.write(events.toString().getBytes(StandardCharsets.UTF_8));
                    out.flush();
                    events.setLength(0);
                    silentSince = now;
                }
                Thread.sleep(LOOK);
            }
        }

        /** Appends the requests from a number on, and returns the number of the next one. */
        private long appendRequests(StringBuilder events, long from) {
            long to = count.get();
            for (long number = Math.max(from, to - RING); number < to; number++) {
                Seen seen = ring.get((int) number & RING - 1);
                if (seen == null || seen.number() < number) {
                    return number;      // its number is taken, but it is not there yet
                }
                if (seen.number() == number) {
                    events.append(seen.event());
                }
            }
            return to;
        }

        private String greeting(HttpServer watched) {
            return "retry: 1000\nevent: server\ndata: {\"transport\":" + quoted(watched.transport())
                    + ",\"java\":" + quoted(Runtime.version().toString())
                    + ",\"system\":" + quoted(System.getProperty("os.name") + ", " + System.getProperty("os.arch"))
                    + ",\"since\":" + startedAtMillis + "}\n\n";
        }

        private String figures(ServerStatistics now) {
            return "event: figures\ndata: {\"loops\":" + now.loops() + ",\"open\":" + now.openConnections()
                    + ",\"accepted\":" + now.acceptedConnections() + ",\"answered\":" + now.requests()
                    + ",\"refused\":" + now.refusedRequests() + ",\"viewers\":" + viewers() + "}\n\n";
        }

        /** Returns a text as a JSON string (RFC 8259 §7). */
        private static String quoted(String text) {
            StringBuilder json = new StringBuilder(text.length() + 2).append('"');
            for (int i = 0; i < text.length(); i++) {
                char c = text.charAt(i);
                if (c == '"' || c == '\\') {
                    json.append('\\').append(c);
                } else if (c < ' ') {
                    json.append(String.format("\\u%04x", (int) c));
                } else {
                    json.append(c);
                }
            }
            return json.append('"').toString();
        }
    }
}
