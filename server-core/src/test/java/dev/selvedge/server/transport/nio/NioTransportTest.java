package dev.selvedge.server.transport.nio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.selvedge.server.transport.Errno;
import dev.selvedge.server.transport.Listener;
import dev.selvedge.server.transport.Poller;
import dev.selvedge.server.transport.Transport;
import dev.selvedge.server.transport.TransportProvider;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.ServiceLoader;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How the java.nio transport is found, and what it says where the contract leaves it free. */
class NioTransportTest {

    private static final int MAX_UNSENT_BYTES = 1 << 18;

    private final Transport transport = new NioTransportProvider().open();

    @AfterEach
    void close() {
        transport.close();
    }

    @Test
    void itIsFoundAsAServiceThatIsAlwaysThereAndNeverPreferred() {
        TransportProvider provider = ServiceLoader.load(TransportProvider.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(each -> each.name().equals("nio"))
            .findFirst().orElseThrow();

        assertInstanceOf(NioTransportProvider.class, provider);
        assertEquals(0, provider.preference());
        assertTrue(provider.unavailable().isEmpty());
        assertEquals("nio", transport.name());
    }

    @Test
    void anAddressInUseIsExplained() throws IOException {
        assumeTrue(theSystemSpeaksEnglish());
        InetSocketAddress any = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);
        try (Listener taken = transport.listen(any, 1, MAX_UNSENT_BYTES)) {
            BindException refusal = assertThrows(BindException.class,
                () -> transport.listen(taken.address(), 1, MAX_UNSENT_BYTES));
            assertEquals("the address is in use by another socket", refusal.getMessage());
        }
    }

    @Test
    void anAddressOfAnotherMachineIsExplained() {
        assumeTrue(theSystemSpeaksEnglish());
        InetSocketAddress foreign = new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), 80);
        BindException refusal = assertThrows(BindException.class, () -> transport.listen(foreign, 1, MAX_UNSENT_BYTES));
        assertEquals("this machine does not have this address", refusal.getMessage());
    }

    @Test
    void anUnresolvedNameIsExplained() {
        InetSocketAddress unresolved = InetSocketAddress.createUnresolved("no-such-host.invalid", 80);
        UnknownHostException refusal = assertThrows(UnknownHostException.class,
            () -> transport.listen(unresolved, 1, MAX_UNSENT_BYTES));
        assertEquals("the host name is not known", refusal.getMessage());
    }

    @Test
    void aQueueWithoutPlacesIsAMistake() {
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        assertThrows(IllegalArgumentException.class, () -> transport.listen(any, 0, MAX_UNSENT_BYTES));
        assertThrows(IllegalArgumentException.class, () -> transport.listen(any, 1, 0));
    }

    @Test
    void aClosedPollerSaysSo() throws IOException {
        Poller poller = transport.poller();
        poller.close();
        assertEquals(-Errno.EBADF, poller.poll(0));
        assertEquals(-Errno.EBADF, poller.poll(-1));
    }

    @Test
    void anInterruptedThreadStillWaits() throws IOException {
        try (Poller poller = transport.poller()) {
            long wait = TimeUnit.MILLISECONDS.toNanos(30);
            Thread.currentThread().interrupt();
            long start = System.nanoTime();

            assertEquals(0, poller.poll(wait));

            assertTrue(System.nanoTime() - start >= wait - TimeUnit.MILLISECONDS.toNanos(1), "a busy loop");
            assertTrue(Thread.interrupted(), "the flag is gone");
        }
    }

    private static boolean theSystemSpeaksEnglish() {
        return Locale.getDefault().getLanguage().equals("en")
            && System.getProperty("os.name").equals("Linux");
    }
}
