package dev.selvedge.contract;

import dev.selvedge.server.transport.Transport;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import javax.net.SocketFactory;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Timeout;

/**
 * What every transport must do: extend this, say how it is opened, and all rules are tested.
 *
 * <p>It knows the SPI and plain {@code java.net} sockets as peers, nothing else. Where systems may differ, a rule asks
 * for what they have in common.
 */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class TransportContract {

    /**
     * Opens the transport under test; the caller closes it.
     *
     * @return a new transport
     * @throws IOException if the system refuses
     */
    protected abstract Transport open() throws IOException;

    /**
     * Returns what makes the sockets of peers: those of the system, unless the transport has another one behind it.
     *
     * @return makes sockets that are not connected
     */
    protected SocketFactory sockets() {
        return SocketFactory.getDefault();
    }

    private TransportBench newBench() throws IOException {
        return new TransportBench(open(), sockets());
    }

    @Nested
    class Listening extends TransportListeningRules {
        @Override
        TransportBench newBench() throws IOException {
            return TransportContract.this.newBench();
        }
    }

    @Nested
    class Edges extends TransportEdgeRules {
        @Override
        TransportBench newBench() throws IOException {
            return TransportContract.this.newBench();
        }
    }

    @Nested
    class OtherOwners extends TransportOwnerRules {
        @Override
        TransportBench newBench() throws IOException {
            return TransportContract.this.newBench();
        }
    }

    @Nested
    class Streams extends TransportStreamRules {
        @Override
        TransportBench newBench() throws IOException {
            return TransportContract.this.newBench();
        }
    }

    @Nested
    class Polling extends TransportPollerRules {
        @Override
        TransportBench newBench() throws IOException {
            return TransportContract.this.newBench();
        }
    }

    @Nested
    class Files extends TransportFileRules {
        @Override
        TransportBench newBench() throws IOException {
            return TransportContract.this.newBench();
        }
    }
}
