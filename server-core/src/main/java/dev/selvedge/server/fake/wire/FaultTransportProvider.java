package dev.selvedge.server.fake.wire;

import dev.selvedge.server.transport.Transport;
import dev.selvedge.server.transport.TransportProvider;
import java.io.IOException;
import java.util.Optional;

/** Offers another provider's transport, with faults. */
final class FaultTransportProvider implements TransportProvider {

    private final TransportProvider below;
    private final Wires wires;

    FaultTransportProvider(TransportProvider below, Wires wires) {
        this.below = below;
        this.wires = wires;
    }

    @Override
    public String name() {
        return below.name();
    }

    @Override
    public int preference() {
        return below.preference();
    }

    @Override
    public Optional<String> unavailable() {
        return below.unavailable();
    }

    @Override
    public Transport open() throws IOException {
        return new FaultTransport(below.open(), wires);
    }
}
