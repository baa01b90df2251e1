package dev.selvedge.server.engine;

import static dev.selvedge.server.engine.EngineBench.answering;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvedge.contract.HttpReplyReader;
import dev.selvedge.server.http1.ConnectionLimits;
import dev.selvedge.server.http1.HeadLimits;
import dev.selvedge.server.transport.Acceptance;
import dev.selvedge.server.transport.Channel;
import dev.selvedge.server.transport.Errno;
import dev.selvedge.server.transport.FileSource;
import dev.selvedge.server.transport.Listener;
import dev.selvedge.server.transport.Poller;
import dev.selvedge.server.transport.ReadinessTarget;
import dev.selvedge.server.transport.Transport;
import dev.selvedge.server.transport.nio.NioTransportProvider;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EngineTest {

    private static final long SECOND = 1_000_000_000L;
    private static final ConnectionLimits LIMITS = new ConnectionLimits(new HeadLimits(1000, 4000, 50), 10 * SECOND,
            60 * SECOND, 1200, 5 * SECOND, 256, 1000, 10_000, 2 * SECOND);
    private static final Duration GRACE = Duration.ofSeconds(20);

    private static EngineSettings settings(int loops, InetSocketAddress... addresses) {
        return new EngineSettings(List.of(addresses), 50, 1 << 18, loops, LIMITS, 100, 10, 0, "test",
                Duration.ofSeconds(1));
    }

    private static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    private static String get(InetSocketAddress address) throws IOException {
        try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: h\r\n\r\n".getBytes(ISO_8859_1));
            return new HttpReplyReader(socket.getInputStream()).read("GET").text();
        }
    }

    @Test
    void itServesAtAllItsAddressesUntilItIsStopped() throws IOException {
        Engine engine = Engine.start(settings(2, loopback(0), loopback(0)), new NioTransportProvider().open(),
                (head, peer) -> answering("to " + peer.remoteAddress().getAddress().isLoopbackAddress()));
        List<InetSocketAddress> addresses = engine.addresses();

        assertEquals(2, addresses.size());
        assertNotEquals(addresses.get(0).getPort(), addresses.get(1).getPort());
        for (InetSocketAddress address : addresses) {
            assertEquals("to true", get(address));
        }
        assertEquals(2, engine.statistics().requests());
        assertEquals(2, engine.statistics().acceptedConnections());
        assertEquals(2, engine.statistics().loops());

        engine.stop(GRACE);

        assertEquals(addresses, engine.addresses(), "still known");
        assertEquals(0, engine.statistics().openConnections());
        for (InetSocketAddress address : addresses) {
            assertThrows(IOException.class, () -> get(address));
        }
        engine.stop(GRACE);
        engine.stopNow();
    }

    @Test
    void stoppingAtOnceIsAlsoAnEnd() throws IOException {
        Engine engine = Engine.start(settings(3, loopback(0)), new NioTransportProvider().open(),
                (head, peer) -> answering("x"));

        engine.stopNow();

        assertThrows(IOException.class, () -> get(engine.addresses().getFirst()));
        engine.stop(GRACE);
    }

    @Test
    void everythingIsGivenBackIfOneAddressCannotBeListenedOn() {
        List<String> closed = new ArrayList<>();
        var failing = new RecordingTransport(closed, 1);

        ListenException e = assertThrows(ListenException.class,
                () -> Engine.start(settings(2, loopback(1), loopback(2)), failing, (head, peer) -> answering("x")));

        assertEquals(loopback(2), e.address());
        assertTrue(e.getMessage().endsWith(":2: no"), e.getMessage());
        assertInstanceOf(BindException.class, e.getCause());
        assertEquals(List.of("listener", "poller", "poller", "transport"), closed);
    }

    @Test
    void everythingIsGivenBackIfAListenerCannotBeWatched() {
        List<String> closed = new ArrayList<>();
        var failing = new RecordingTransport(closed, 9);

        IOException e = assertThrows(IOException.class,
                () -> Engine.start(settings(1, loopback(1)), failing, (head, peer) -> answering("x")));

        assertTrue(e.getMessage().contains("ENOMEM"), e.getMessage());
        assertEquals(List.of("listener", "poller", "transport"), closed);
    }

    @Test
    void theReasonOfAFailureIsNotHiddenByWhatFailsBehindIt() {
        RuntimeException second = new IllegalStateException("closing fails too");
        var failing = new RecordingTransport(new ArrayList<>(), 0) {
            @Override
            public void close() {
                throw second;
            }
        };

        IOException e = assertThrows(ListenException.class,
                () -> Engine.start(settings(1, loopback(1)), failing, (head, peer) -> answering("x")));

        assertSame(second, e.getSuppressed()[0]);
    }

    /** Listens as often as it is told, then fails; can't watch anything; notes what is closed. */
    private static class RecordingTransport implements Transport {

        private final List<String> closed;
        private int listeners;

        RecordingTransport(List<String> closed, int listeners) {
            this.closed = closed;
            this.listeners = listeners;
        }

        @Override
        public String name() {
            return "recording";
        }

        @Override
        public Listener listen(InetSocketAddress address, int backlog, int maxUnsentBytes) throws IOException {
            if (listeners-- == 0) {
                throw new BindException("no");
            }
            return new Listener() {
                @Override
                public InetSocketAddress address() {
                    return address;
                }

                @Override
                public Acceptance accept() {
                    throw new AssertionError("not started");
                }

                @Override
                public void close() {
                    closed.add("listener");
                }
            };
        }

        @Override
        public Poller poller() {
            boolean watches = listeners < 9;
            return new Poller() {
                @Override
                public int add(Listener listener, ReadinessTarget target) {
                    return watches ? 0 : -Errno.ENOMEM;
                }

                @Override
                public int add(Channel channel, ReadinessTarget target) {
                    return -Errno.ENOMEM;
                }

                @Override
                public int poll(long timeoutNanos) {
                    throw new AssertionError("not started");
                }

                @Override
                public void wakeUp() { }

                @Override
                public void close() {
                    closed.add("poller");
                }
            };
        }

        @Override
        public FileSource open(Path file) throws IOException {
            throw new IOException("no files");
        }

        @Override
        public void close() {
            closed.add("transport");
        }
    }
}
