package dev.selvedge.server.fake.wire;

import dev.selvedge.server.transport.FileSource;
import dev.selvedge.server.transport.Listener;
import dev.selvedge.server.transport.Poller;
import dev.selvedge.server.transport.ServerThreads;
import dev.selvedge.server.transport.TimeSource;
import dev.selvedge.server.transport.Transport;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;

/**
 * A transport over another one, whose connections are recorded and go wrong as planned.
 *
 * <p>It is edge-triggered and never waits, like the one below: what has to wait for its time answers
 * {@code -EAGAIN}, and the {@link FaultPoller} tells of readiness when the time has come. Without plans it does what
 * the one below does.
 */
final class FaultTransport implements Transport {

    private final Transport below;
    private final Wires wires;

    FaultTransport(Transport below, Wires wires) {
        this.below = below;
        this.wires = wires;
    }

    @Override
    public String name() {
        return below.name();
    }

    @Override
    public Listener listen(InetSocketAddress address, int backlog, int maxUnsentBytes) throws IOException {
        Listener listener = below.listen(address, backlog, maxUnsentBytes);
        boolean real = time() == TimeSource.system(); // a world of its own has a clock of its own
        return new FaultListener(listener, wires, time(), real ? ReservedPort::at : ReservedPort::none,
                () -> below.listen(listener.address(), backlog, maxUnsentBytes));
    }

    @Override
    public Poller poller() throws IOException {
        return new FaultPoller(below.poller(), time());
    }

    @Override
    public FileSource open(Path file) throws IOException {
        return below.open(file);
    }

    @Override
    public TimeSource time() {
        return below.time();
    }

    @Override
    public ServerThreads threads() {
        return below.threads();
    }

    @Override
    public void close() {
        below.close();
    }
}
