package dev.selvedge.server.fake.wire;

import dev.selvedge.contract.TransportContract;
import dev.selvedge.server.transport.Transport;
import dev.selvedge.server.transport.nio.NioTransportProvider;
import java.io.IOException;

/** Without plans, a transport with faults does what every transport must. */
class FaultTransportContractTest extends TransportContract {

    @Override
    protected Transport open() throws IOException {
        return new Wires(1 << 10).over(new NioTransportProvider()).open();
    }
}
