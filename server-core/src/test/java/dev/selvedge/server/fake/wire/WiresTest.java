package dev.selvedge.server.fake.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.selvedge.server.HttpServer;
import dev.selvedge.server.Response;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The connections of a server are found while they are wanted, and its port stays its own. */
@Timeout(60)
class WiresTest {

    private final Wires wires = new Wires(1000);

    @AutoClose
    private final HttpServer server = HttpServer.builder().listen("127.0.0.1", 0).loops(1).wrapTransport(wires::over)
            .handler(request -> Response.text("hello")).start();

    @Test
    void whatIsForgottenIsNotFoundAnyMore() throws IOException {
        try (Socket open = exchange()) {
            Socket gone = exchange();
            WireConnection goneAtTheWire = wires.at(addressOf(gone));
            gone.close();
            while (!goneAtTheWire.closed()) {
                Thread.onSpinWait();
            }
            assertSame(goneAtTheWire, wires.at(addressOf(gone)), "a handler may still ask");

            wires.forgetClosed();

            assertThrows(IllegalStateException.class, () -> wires.at(addressOf(gone)));
            assertEquals(List.of(wires.at(addressOf(open))), wires.connections());
        }
    }

    /** Else the system could give it to anybody, even to the client that tries in vain. Also if the loop just begins. */
    @RepeatedTest(50)
    void aPortThatRefusesConnectionsIsNobodyElses() throws IOException {
        wires.refuse();
        try (Socket other = new Socket()) {
            other.setReuseAddress(false);
            assertThrows(BindException.class, () -> other.bind(server.addresses().getFirst()));
        }
        wires.accept();
        exchange().close();
    }

    private Socket exchange() throws IOException {
        Socket socket = new Socket(InetAddress.getByName("127.0.0.1"), server.port());
        socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        assertEquals('H', socket.getInputStream().read());
        return socket;
    }

    private static InetSocketAddress addressOf(Socket socket) {
        return new InetSocketAddress("127.0.0.1", socket.getLocalPort());
    }
}
