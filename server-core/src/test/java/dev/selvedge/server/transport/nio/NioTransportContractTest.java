package dev.selvedge.server.transport.nio;

import dev.selvedge.contract.TransportContract;
import dev.selvedge.server.transport.Transport;

/** The java.nio transport does what every transport must. */
class NioTransportContractTest extends TransportContract {

    @Override
    protected Transport open() {
        return new NioTransportProvider().open();
    }
}
