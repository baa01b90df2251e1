package dev.selvedge.server.fake;

import dev.selvedge.server.Handler;
import dev.selvedge.server.HttpServer;
import dev.selvedge.server.Limits;
import dev.selvedge.server.RefusedRequest;
import dev.selvedge.server.Request;
import dev.selvedge.server.fake.wire.WireExchange;
import dev.selvedge.server.fake.wire.Wires;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.function.Consumer;

/** The server under a fake one: on a socket or in memory, with the wires between it and its clients. */
final class Endpoint {

    private static final Duration LONG = Duration.ofDays(1);

    /** A client in a debugger is not too slow, and an upload in a test not too large. */
    static final Limits WIDE = Limits.DEFAULT.withMaxRequestLineBytes(30_000).withMaxHeaderSectionBytes(35_000)
            .withMaxHeaderFields(10_000).withMaxBodyBytes(1 << 30).withMaxChunkExtensionBytes(35_000)
            .withMaxDrainBytes(Long.MAX_VALUE).withHeaderTimeout(LONG).withIdleTimeout(LONG).withMinBytesPerSecond(1)
            .withPaceTime(LONG).withMaxBlockingHandlers(Integer.MAX_VALUE);

    private static final int MAX_RECORDED_OCTETS = 16 << 20;

    private final Wires wires = new Wires(MAX_RECORDED_OCTETS);
    private final ConnectionScript connectionScript = new ConnectionScript();
    private final MemoryNetwork memory;
    private final HttpServer server;

    /**
     * Starts one.
     *
     * @param port where, 0 for any
     * @param limits of its connections
     * @param memory where it is, or null for sockets
     * @param handler answers
     * @param refused sees what was refused; never what a fault has cut, of which the server sees a failed connection
     */
    Endpoint(int port, Limits limits, MemoryNetwork memory, Handler handler, Consumer<RefusedRequest> refused) {
        this.memory = memory;
        wires.connectionPlans(connectionScript::plan);
        HttpServer.Builder below = memory == null ? HttpServer.builder() : HttpServer.builder().transport(memory);
        server = below.wrapTransport(wires::over)
                .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                .loops(1).limits(limits).withoutServerName().handler(handler)
                .onRefusal(refused).start();
    }

    URI uri() {
        return server.uri();
    }

    int port() {
        return server.port();
    }

    /** Says that nothing has arrived, and whether anybody has tried. */
    String nothingArrived() {
        long accepted = server.statistics().acceptedConnections();
        return "Nothing has arrived at all: the server listens at " + uri() + ", and "
                + (accepted == 0 ? "nobody has connected" : Listing.count(accepted, "connection")
                        + (accepted == 1 ? " was" : " were") + " made") + ".\n";
    }

    Wires wires() {
        return wires;
    }

    ConnectionScript connectionScript() {
        return connectionScript;
    }

    WireExchange exchange(Request request) {
        return wires.at(request.remoteAddress()).handled();
    }

    /** Returns the clock, or null for real time. */
    FakeClock clock() {
        return memory == null ? null : memory.clock();
    }

    FakeConnection connect() {
        return memory == null ? null : memory.connect(server.addresses().getFirst());
    }

    void close() {
        if (memory == null) {
            server.closeNow();
        } else {
            memory.drive(server::closeNow);
        }
    }
}
