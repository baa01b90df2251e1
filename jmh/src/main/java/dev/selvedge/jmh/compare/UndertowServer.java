package dev.selvedge.jmh.compare;

import io.undertow.Handlers;
import io.undertow.Undertow;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/** Undertow, with handlers that stay on its one I/O thread. */
final class UndertowServer {

    private static final byte[] TEXT = Payload.textOctets();

    private UndertowServer() { }

    static void main() {
        Undertow server = Undertow.builder()
                .addHttpListener(0, "127.0.0.1")
                .setIoThreads(1)
                .setHandler(Handlers.path()
                        .addExactPath("/plaintext", exchange -> answer(exchange, Payload.TEXT_TYPE, TEXT))
                        .addExactPath("/json", exchange -> answer(exchange, Payload.JSON_TYPE, Payload.jsonOctets())))
                .build();
        server.start();
        Payload.ready(((InetSocketAddress) server.getListenerInfo().getFirst().getAddress()).getPort());
    }

    private static void answer(HttpServerExchange exchange, String type, byte[] content) {
        exchange.getResponseHeaders().put(Headers.SERVER, "undertow").put(Headers.CONTENT_TYPE, type);
        exchange.getResponseSender().send(ByteBuffer.wrap(content));
    }
}
