package dev.selvedge.server.fake;

import dev.selvedge.server.transport.Transport;
import dev.selvedge.server.transport.TransportProvider;
import dev.selvedge.server.transport.memory.MemoryConnection;
import dev.selvedge.server.transport.memory.MemoryTransport;
import dev.selvedge.server.transport.memory.Scheduler;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Optional;

/** The network of one fake server in memory, with a clock of its own. */
final class MemoryNetwork implements TransportProvider {

    /** When the clock begins if the test does not care. */
    static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

    private final Scheduler scheduler;
    private final MemoryTransport transport;
    private final FakeClock clock;

    MemoryNetwork(Instant begin) {
        this.scheduler = new Scheduler(begin);
        this.transport = new MemoryTransport(scheduler);
        this.clock = new FakeClock(scheduler);
    }

    @Override
    public String name() {
        return transport.name();
    }

    @Override
    public int preference() {
        return 0;
    }

    @Override
    public Optional<String> unavailable() {
        return Optional.empty();
    }

    /** Opens it for its one server. */
    @Override
    public Transport open() {
        return transport;
    }

    FakeClock clock() {
        return clock;
    }

    /** Runs something of the test that may wait for the server, as its closing does: then time passes by itself. */
    void drive(Runnable task) {
        scheduler.drive(task);
    }

    /** Connects a client; it need not be accepted yet. */
    FakeConnection connect(InetSocketAddress server) {
        MemoryConnection connection = new MemoryConnection(transport);
        scheduler.drive(() -> {
            try {
                scheduler.settle();
                if (!connection.connect(server, scheduler.now())) {
                    throw new ConnectException("the server's backlog is full");
                }
                scheduler.settle();
            } catch (ConnectException e) {
                throw new UncheckedIOException("cannot connect to port " + server.getPort() + ": " + e.getMessage(), e);
            }
        });
        return new FakeConnection(scheduler, connection);
    }
}
