package dev.selvedge.jmh.compare;

import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.ServerResponse;

/** Helidon's server: a virtual thread for each connection. */
final class HelidonServer {

    private static final Header SERVER = HeaderValues.createCached(HeaderNames.SERVER, "helidon");
    private static final Header TEXT_TYPE = HeaderValues.createCached(HeaderNames.CONTENT_TYPE, Payload.TEXT_TYPE);
    private static final Header JSON_TYPE = HeaderValues.createCached(HeaderNames.CONTENT_TYPE, Payload.JSON_TYPE);
    private static final byte[] TEXT = Payload.textOctets();

    private HelidonServer() { }

    static void main() {
        WebServer server = WebServer.builder()
                .host("127.0.0.1")
                .port(0)
                .routing(routing -> routing
                        .get("/plaintext", (request, response) -> answer(response, TEXT_TYPE, TEXT))
                        .get("/json", (request, response) -> answer(response, JSON_TYPE, Payload.jsonOctets())))
                .build()
                .start();
        Payload.ready(server.port());
    }

    private static void answer(ServerResponse response, Header type, byte[] content) {
        response.header(SERVER).header(type).send(content);
    }
}
