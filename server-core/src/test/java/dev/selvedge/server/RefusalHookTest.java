package dev.selvedge.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvedge.server.fake.wire.WireExchange;
import dev.selvedge.server.fake.wire.Wires;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who watches refusals knows of each before its client does: what a client has seen can be looked up. */
class RefusalHookTest {

    @ParameterizedTest
    @ValueSource(strings = {
        "GET / HTTP/1.1\r\n\r\n",                                                           // by the event loop
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9999999999\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nno length\r\n"     // to a handler's thread
    })
    void itIsToldBeforeAnythingIsSent(String request) throws Exception {
        Wires wires = new Wires(1000);
        List<Long> sent = new ArrayList<>();
        try (HttpServer server = HttpServer.builder().listen("localhost", 0).wrapTransport(wires::over)
                .handler(asked -> Response.text(asked.body().text()))
                .onRefusal(refused -> sent.add(exchanges(wires).getFirst().responseLength())).start();
                Socket socket = new Socket(InetAddress.getByName("localhost"), server.port())) {
            socket.getOutputStream().write(request.getBytes(ISO_8859_1));

            assertEquals("HTTP/1.1 4", new String(socket.getInputStream().readNBytes(10), ISO_8859_1));
        }
        assertEquals(List.of(0L), sent);
        assertTrue(exchanges(wires).getFirst().responseLength() > 0, "the response is recorded there");
    }

    private static List<WireExchange> exchanges(Wires wires) {
        return wires.connections().getFirst().exchanges();
    }
}
