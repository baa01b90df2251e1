package dev.selvedge.jmh.compare;

import dev.selvedge.server.Handler;
import dev.selvedge.server.HttpServer;
import dev.selvedge.server.Response;
import dev.selvedge.server.Router;

/** This project's server. */
final class SelvedgeServer {

    private static final Response TEXT = Response.text(Payload.TEXT);

    private SelvedgeServer() { }

    static void main(String[] args) {
        boolean blocking = args[1].equals("blocking");
        Handler text = request -> TEXT;
        Handler json = request -> Response.json(Payload.json());
        HttpServer server = HttpServer.builder()
                .listen("127.0.0.1", 0)
                .transport(args[0])
                .loops(1)
                .handler(Router.builder()
                        .get("/plaintext", blocking ? text : Handler.nonBlocking(text))
                        .get("/json", blocking ? json : Handler.nonBlocking(json))
                        .build())
                .start();
        Payload.ready(server.port());
    }
}
