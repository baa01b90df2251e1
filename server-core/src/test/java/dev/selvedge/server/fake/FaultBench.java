package dev.selvedge.server.fake;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvedge.server.Handler;
import dev.selvedge.server.HttpServer;
import dev.selvedge.server.Limits;
import dev.selvedge.server.Response;
import dev.selvedge.server.fake.wire.ExchangePlan;
import dev.selvedge.server.fake.wire.Replacement;
import dev.selvedge.server.fake.wire.WireConnection;
import dev.selvedge.server.fake.wire.WireExchange;
import dev.selvedge.server.fake.wire.Wires;
import dev.selvedge.server.transport.TransportProvider;
import dev.selvedge.server.transport.nio.NioTransportProvider;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/** A server whose wire goes wrong as a test says, and raw sockets that see what it does. */
final class FaultBench implements AutoCloseable {

    /** How long anything may take that must happen. */
    static final Duration PATIENCE = Duration.ofSeconds(20);

    /** The fields that the server would add by itself, so that a response is always the same. */
    static final String STANDING = "Server: fake\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n";

    static final String REQUEST = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";

    /** How a connection ended, as its client saw it. */
    enum Saw { END, RESET }

    final Wires wires = new Wires(1 << 20);
    final HttpServer server;
    private volatile ExchangePlan plan = ExchangePlan.NONE;

    FaultBench(Handler handler) {
        this(handler, new NioTransportProvider());
    }

    FaultBench(Handler handler, TransportProvider below) {
        server = HttpServer.builder()
                .transport(wires.over(below))
                .listen("127.0.0.1", 0)
                .loops(1)
                .limits(Limits.DEFAULT.withMinBytesPerSecond(1).withPaceTime(Pause.MAX)
                        .withHeaderTimeout(Pause.MAX).withIdleTimeout(Pause.MAX))
                .handler(request -> {
                    WireExchange exchange = wires.at(request.remoteAddress()).handled();
                    exchange.plan(plan);
                    return handler.handle(request);
                })
                .start();
    }

    FaultBench(Response response) {
        this(request -> response);
    }

    /** Returns a response whose fields are always the same. */
    static Response steady(Response response) {
        return response.withHeader("Server", "fake").withHeader("Date", "Sun, 06 Nov 1994 08:49:37 GMT");
    }

    void faults(Fault... faults) {
        plan = FaultPlan.of(List.of(faults), null, 0);
    }

    void instead(Replacement replacement, Fault... faults) {
        plan = FaultPlan.of(List.of(faults), replacement, 0);
    }

    void connectionFaults(ConnectionFault... faults) {
        wires.connectionPlans(index -> FaultPlan.ofConnection(List.of(faults), index));
    }

    Client connect() throws IOException {
        return new Client(new Socket("127.0.0.1", server.port()));
    }

    /** Returns the connection of a client, when it is accepted. */
    WireConnection connection(Client client) {
        InetSocketAddress address = (InetSocketAddress) client.socket.getLocalSocketAddress();
        Predicate<WireConnection> its = each -> each.remoteAddress().equals(address);
        await(() -> wires.connections().stream().anyMatch(its));
        return wires.connections().reversed().stream().filter(its).findFirst().orElseThrow();
    }

    /** Returns the exchange that a handler works for, when it does. */
    WireExchange exchange(Client client, int index) {
        WireConnection connection = connection(client);
        await(() -> connection.exchanges().size() > index && connection.exchanges().get(index).handled());
        return connection.exchanges().get(index);
    }

    static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, "waited in vain");
            Thread.onSpinWait();
        }
    }

    @Override
    public void close() {
        server.closeNow();
    }

    /** A client that knows octets and nothing else. */
    static final class Client implements AutoCloseable {

        final Socket socket;

        private Client(Socket socket) throws IOException {
            this.socket = socket;
            socket.setTcpNoDelay(true);
            patient();
        }

        private void patient() throws IOException {
            socket.setSoTimeout((int) PATIENCE.toMillis());
        }

        void send(String octets) throws IOException {
            socket.getOutputStream().write(octets.getBytes(ISO_8859_1));
        }

        /** Sends as much as the server lets it; answers false if the end has come already. */
        boolean sendInVain(String octets) throws IOException {
            try {
                send(octets);
                return true;
            } catch (SocketException e) {
                return false;
            }
        }

        /** Reads so many octets; fewer if there is an end before. */
        String receive(int octets) throws IOException {
            return new String(socket.getInputStream().readNBytes(octets), ISO_8859_1);
        }

        /** Reads what is left; answers it, and how it ended. */
        Rest rest() throws IOException {
            ByteArrayOutputStream octets = new ByteArrayOutputStream();
            try {
                for (int n = socket.getInputStream().read(); n >= 0; n = socket.getInputStream().read()) {
                    octets.write(n);
                }
            } catch (SocketException e) {
                return new Rest(text(octets), Saw.RESET);
            }
            return new Rest(text(octets), Saw.END);
        }

        /** Returns whether nothing comes for a moment, neither octets nor an end. */
        boolean silent() throws IOException {
            socket.setSoTimeout(2);
            try {
                socket.getInputStream().read();
                return false;
            } catch (SocketTimeoutException e) {
                return true;
            } finally {
                patient();
            }
        }

        private static String text(ByteArrayOutputStream octets) {
            return octets.toString(ISO_8859_1);
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    /** What a client saw up to the end. */
    record Rest(String octets, Saw saw) { }
}
