package dev.selvedge.faults;

import dev.selvedge.server.Handler;
import dev.selvedge.server.HttpServer;
import dev.selvedge.server.Limits;
import dev.selvedge.server.Request;
import dev.selvedge.server.Response;
import dev.selvedge.server.Router;
import dev.selvedge.server.ServerStatistics;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;

/**
 * The server that is tortured, in a JVM of its own: every kind of response, with content that the client can check.
 * Its settings are system properties, as {@link Child} gives them.
 */
final class ServerProgram {

    static final String HELLO = "Hello, World!";
    static final int LARGE = 10 << 20;

    private static final String BINARY = "application/octet-stream";
    private static final long MAX_UPLOAD = 2L << 30;

    private final boolean blocking = Boolean.getBoolean("faults.blocking");
    private final Path directory = Path.of(System.getProperty("faults.directory", "."));
    private final Response hello = Response.text(HELLO);
    private final Response large = Response.bytes(BINARY, Octets.of(0, LARGE));
    private HttpServer server;

    private ServerProgram() { }

    static void main() {
        new ServerProgram().run();
    }

    private void run() {
        Limits limits = Limits.DEFAULT;
        int maxConnections = Integer.getInteger("faults.maxConnections", 0);
        server = HttpServer.builder()
                .listen("127.0.0.1", 0)
                .transport(System.getProperty("faults.transport"))
                .limits(maxConnections == 0 ? limits : limits.withMaxConnections(maxConnections))
                .gracePeriod(Duration.ofSeconds(10))
                .handler(router())
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            server.close();
            IO.println(figures(server.statistics()));
        }));
        IO.println("ready " + server.port());
    }

    private Router router() {
        return Router.builder()
                .get("/hello", quick(request -> hello))
                .get("/octets", quick(request -> Response.bytes(BINARY, Octets.of(0, (int) number(request, "n")))))
                .get("/large", quick(request -> large))
                .get("/file/{name}", quick(request -> Response.file(directory.resolve(request.pathParameter("name")))))
                .get("/stream", quick(ServerProgram::stream))
                .get("/status/{code}", quick(request ->
                        Response.status(Integer.parseInt(request.pathParameter("code")))))
                .get("/slow", request -> {
                    Thread.sleep(number(request, "ms"));
                    return hello;
                })
                .post("/echo", quick(request -> Response.bytes(BINARY, request.body().bytes())))
                .post("/check", Handler.withMaxBodyBytes(MAX_UPLOAD, ServerProgram::check))
                .post("/count", request ->
                        Response.text("" + request.body().transferTo(OutputStream.nullOutputStream())))
                .get("/statistics", this::statistics)
                .build();
    }

    private Handler quick(Handler handler) {
        return blocking ? handler : Handler.nonBlocking(handler);
    }

    private static Response stream(Request request) {
        long length = number(request, "n");
        return request.queryParameter("length").isPresent()
                ? Response.stream(BINARY, length, out -> Octets.write(out, length))
                : Response.stream(BINARY, out -> Octets.write(out, length));
    }

    private static Response check(Request request) throws IOException, InterruptedException {
        return Response.text("" + Octets.check(request.body().stream(), 8 << 20, number(request, "pause")));
    }

    private static long number(Request request, String name) {
        return Long.parseLong(request.queryParameter(name).orElse("0"));
    }

    private Response statistics(Request request) {
        if (request.queryParameter("gc").isPresent()) {
            System.gc();
        }
        return Response.text(figures(server.statistics()));
    }

    private static String figures(ServerStatistics now) {
        Runtime runtime = Runtime.getRuntime();
        return "%d %d %d %d %d".formatted(now.openConnections(), now.acceptedConnections(), now.requests(),
                now.refusedRequests(), runtime.totalMemory() - runtime.freeMemory());
    }
}
