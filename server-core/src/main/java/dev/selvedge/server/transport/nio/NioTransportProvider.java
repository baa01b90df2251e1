package dev.selvedge.server.transport.nio;

import dev.selvedge.server.transport.Transport;
import dev.selvedge.server.transport.TransportProvider;
import java.util.Optional;

/** Offers the portable transport: always available, and preferred to no other. */
public final class NioTransportProvider implements TransportProvider {

    /** The name by which a user asks for this transport. */
    static final String NAME = "nio";

    /** Made by {@link java.util.ServiceLoader}. */
    public NioTransportProvider() { }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public int preference() {
        return 0;
    }

    @Override
    public Optional<String> unavailable() {
        return Optional.empty();
    }

    @Override
    public Transport open() {
        return new NioTransport();
    }
}
