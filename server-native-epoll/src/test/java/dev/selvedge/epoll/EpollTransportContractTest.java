package dev.selvedge.epoll;

import dev.selvedge.contract.TransportContract;
import dev.selvedge.server.transport.Transport;
import java.io.IOException;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The rules that every transport must pass. */
@EnabledOnOs(OS.LINUX)
class EpollTransportContractTest extends TransportContract {

    @Override
    protected Transport open() throws IOException {
        return new EpollTransportProvider().open();
    }
}
