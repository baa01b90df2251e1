package dev.selvedge.examples;

import dev.selvedge.server.HttpServer;
import dev.selvedge.server.Response;

/**
 * The smallest server: one handler that answers every request.
 *
 * <pre>
 * curl -i http://localhost:8080/
 * </pre>
 */
final class Hello {

    private Hello() { }

    static void main() {
        int port = Integer.getInteger("port", 8080);
        HttpServer server = HttpServer.start(port, request -> Response.text("Hello, World!"));
        Runtime.getRuntime().addShutdownHook(new Thread(server::close));    // Ctrl-C lets running requests finish
        IO.println("Hello is at " + server.uri() + " over " + server.transport() + "; press Ctrl-C to stop it");
    }
}
