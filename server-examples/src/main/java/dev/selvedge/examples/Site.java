package dev.selvedge.examples;

import dev.selvedge.server.Filter;
import dev.selvedge.server.Handler;
import dev.selvedge.server.HttpServer;
import dev.selvedge.server.Response;
import dev.selvedge.server.Router;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.List;

/**
 * The documentation of this project, served by this project.
 *
 * <p>The pages lie beside this class. Each is read once and becomes one constant response, sent from the event loop.
 * Only the page {@code /live} moves: {@link SiteLive} tells it what the server does.
 */
final class Site implements AutoCloseable {

    /**
     * A file of the site.
     *
     * @param path where it is found
     * @param file its name among the resources
     */
    record Asset(String path, String file) { }

    static final List<Asset> ASSETS = List.of(
            new Asset("/", "index.html"),
            new Asset("/start", "start.html"),
            new Asset("/guide", "guide.html"),
            new Asset("/inside", "inside.html"),
            new Asset("/live", "live.html"),
            new Asset("/live.js", "live.js"),
            new Asset("/style.css", "style.css"),
            new Asset("/favicon.svg", "favicon.svg"));

    private static final Response PONG = Response.text("pong\n");

    private final SiteLive live = new SiteLive();
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
        Response notFound = constant("404.html").withStatus(404);
        Router.Builder router = Router.builder()
                .filter(Filter.nonBlocking(live::note))
                .notFound(Handler.nonBlocking(request -> notFound))
                .get("/live/events", Handler.nonBlocking(request -> live.events()))
                .get("/live/ping", Handler.nonBlocking(request -> PONG))
                .get("/live/wait", request -> {
                    Thread.sleep(250);      // for something slow, such as a database
                    return PONG;
                });
        for (Asset asset : ASSETS) {
            Response response = constant(asset.file());
            router.get(asset.path(), Handler.nonBlocking(request -> response));
        }
        return router.build();
    }

    private static Response constant(String file) {
        return Response.bytes(type(file), read(file))
                .withHeader("Cache-Control", "no-cache")
                .withHeader("Content-Security-Policy", "default-src 'self'; base-uri 'none'; frame-ancestors 'none'")
                .withHeader("X-Content-Type-Options", "nosniff");
    }

    private static byte[] read(String file) {
        try (InputStream in = Site.class.getResourceAsStream("site/" + file)) {
            if (in == null) {
                throw new IllegalStateException("the page " + file + " is missing among the resources of the examples");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("the page " + file + " can't be read", e);
        }
    }

    private static String type(String file) {
        return switch (file.substring(file.lastIndexOf('.'))) {
            case ".html" -> "text/html; charset=utf-8";
            case ".css" -> "text/css; charset=utf-8";
            case ".js" -> "text/javascript; charset=utf-8";
            case ".svg" -> "image/svg+xml";
            default -> throw new IllegalArgumentException("no media type is known for " + file);
        };
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
}
