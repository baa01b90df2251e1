package dev.selvedge.examples;

import dev.selvedge.server.BodyWriter;
import dev.selvedge.server.Handler;
import dev.selvedge.server.HttpServer;
import dev.selvedge.server.Request;
import dev.selvedge.server.Response;
import dev.selvedge.server.ServerStatistics;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * What the server does, as Server-Sent Events for the live page.
 *
 * <p>A filter notes each request in a ring, without a lock, since it runs on the event loop. Each viewer has a stream,
 * and so a virtual thread, which looks several times a second whether there is something new to tell. A viewer who is
 * too slow for the ring misses requests; one who has left is noticed by the next thing to tell, at the latest by a
 * heartbeat.
 */
final class SiteLive {

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
            note(request, status, (System.nanoTime() - from) / 1_000);
        }
    }

    private void note(Request request, int status, long micros) {
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
