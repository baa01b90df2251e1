package dev.selvedge.contract;

import dev.selvedge.server.transport.Transport;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
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

    @Nested
    class Listening extends TransportListeningRules {
        @Override
        Transport open() throws IOException {
            return TransportContract.this.open();
        }
    }

    @Nested
    class Edges extends TransportEdgeRules {
        @Override
        Transport open() throws IOException {
            return TransportContract.this.open();
        }
    }

    @Nested
    class OtherOwners extends TransportOwnerRules {
        @Override
        Transport open() throws IOException {
            return TransportContract.this.open();
        }
    }

    @Nested
    class Streams extends TransportStreamRules {
        @Override
        Transport open() throws IOException {
            return TransportContract.this.open();
        }
    }

    @Nested
    class Polling extends TransportPollerRules {
        @Override
        Transport open() throws IOException {
            return TransportContract.this.open();
        }
    }

    @Nested
    class Files extends TransportFileRules {
        @Override
        Transport open() throws IOException {
            return TransportContract.this.open();
        }
    }
}
