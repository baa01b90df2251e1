package dev.selvedge.contract;

import static dev.selvedge.contract.TransportBench.address;
import static dev.selvedge.contract.TransportBench.loopback;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.selvedge.server.transport.Acceptance;
import dev.selvedge.server.transport.Channel;
import dev.selvedge.server.transport.Errno;
import dev.selvedge.server.transport.Listener;
import dev.selvedge.server.transport.Readiness;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules for listeners: where they listen, what they accept, and how they end. */
abstract class TransportListeningRules extends TransportRules {

    @Test
    void portZeroBecomesARealPort() throws IOException {
        Listener listener = bench.listen(loopback(0));

        assertEquals(address("127.0.0.1"), listener.address().getAddress());
        assertNotEquals(0, listener.address().getPort());
        bench.client(listener.address());
        bench.accept(listener);
    }

    @Test
    void ipv6IsListenedTo() throws IOException {
        assumeTrue(TransportBench.hasIpv6());
        Listener listener = bench.listen(new InetSocketAddress(address("::1"), 0));

        Socket client = bench.client(listener.address());
        Channel channel = bench.accept(listener);

        assertEquals(new InetSocketAddress(address("::1"), client.getPort()), listener.address());
        assertEquals(listener.address(), channel.localAddress());
        assertEquals(client.getLocalSocketAddress(), channel.remoteAddress());
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::"})
    void theWildcardTakesBothFamilies(String wildcard) throws IOException {
        boolean ipv6 = TransportBench.hasIpv6();
        assumeTrue(ipv6 || wildcard.indexOf(':') < 0);
        Listener listener = bench.listen(new InetSocketAddress(address(wildcard), 0));
        assertTrue(listener.address().getAddress().isAnyLocalAddress());

        for (String host : ipv6 ? Set.of("127.0.0.1", "::1") : Set.of("127.0.0.1")) {
            Socket client = bench.client(new InetSocketAddress(address(host), listener.address().getPort()));
            Channel channel = bench.accept(listener);
            assertEquals(client.getLocalSocketAddress(), channel.remoteAddress());
            assertEquals(client.getRemoteSocketAddress(), channel.localAddress());
        }
    }

    /** The caller names the address, with the spelling that its user knows; the transport gives the reason alone. */
    @Test
    void anAddressInUseIsSaid() throws IOException {
        InetSocketAddress taken = bench.listen().address();

        BindException refusal = assertThrows(BindException.class, () -> bench.listen(taken));

        assertTrue(refusal.getMessage().startsWith("the address is in use by another socket"), refusal.getMessage());
        bench.listen();
    }

    @Test
    void anAddressOfAnotherMachineIsSaid() {
        InetSocketAddress foreign = new InetSocketAddress(address("192.0.2.1"), 4711);

        BindException refusal = assertThrows(BindException.class, () -> bench.listen(foreign));

        assertTrue(refusal.getMessage().startsWith("this machine does not have this address"), refusal.getMessage());
    }

    @Test
    void aNameWithoutAnAddressIsRefused() {
        InetSocketAddress unresolved = InetSocketAddress.createUnresolved("no-such-host.invalid", 4711);

        var refusal = assertThrows(UnknownHostException.class, () -> bench.listen(unresolved));

        assertEquals("the host name is not known", refusal.getMessage());
    }

    @Test
    void thePortIsFreeAtOnceAfterClosing() throws IOException {
        Listener first = bench.listen();
        for (int round = 0; round < 20; round++) {
            Listener listener = round == 0 ? first : bench.listen(first.address());
            assertEquals(0, bench.poller.add(listener, new TransportEdges()));
            Socket client = bench.client(listener.address());
            Channel channel = bench.accept(listener);
            assertEquals(0, bench.poller.add(channel, new TransportEdges()));
            bench.poll(0);
            channel.close(); // this side ends first, and keeps the address in TIME_WAIT
            listener.close();
            client.close();
        }
    }

    @Test
    void aClosedListenerRefusesClients() throws IOException {
        Listener listener = bench.listen();
        assertEquals(0, bench.poller.add(listener, new TransportEdges()));
        bench.poll(0);
        InetSocketAddress address = listener.address();

        listener.close();
        listener.close();

        assertThrows(ConnectException.class, () -> bench.client(address));
        assertEquals(address, listener.address());
        Acceptance.None none = (Acceptance.None) listener.accept();
        assertTrue(none.errno() > 0 && none.errno() != Errno.EAGAIN, Errno.describe(none.errno()));
    }

    @Test
    void anEmptyQueueIsTold() throws IOException {
        assertEquals(Acceptance.EMPTY, bench.listen().accept());
    }

    @Test
    void allThatWaitAreAccepted() throws IOException {
        Listener listener = bench.listen();
        TransportEdges edges = new TransportEdges();
        assertEquals(0, bench.poller.add(listener, edges));
        Set<Object> expected = new HashSet<>();
        Set<Object> accepted = new HashSet<>();
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < 20; i++) {
                expected.add(bench.client(listener.address()).getLocalSocketAddress());
            }
            while (accepted.size() < expected.size()) {
                switch (listener.accept()) {
                    case Acceptance.Connected(Channel channel) -> {
                        accepted.add(channel.remoteAddress());
                        channel.close();
                    }
                    case Acceptance.None(int errno) -> {
                        assertEquals(Errno.EAGAIN, errno);
                        bench.pollUntil(edges.readable::tryAcquire);
                    }
                }
            }
        }
        assertEquals(expected, accepted);
    }

    @Test
    void aConnectionIsToldOnceUntilTheQueueIsEmpty() throws IOException {
        Listener listener = bench.listen();
        TransportEdges edges = new TransportEdges();
        assertEquals(0, bench.poller.add(listener, edges));

        bench.client(listener.address());
        bench.pollUntil(edges.readable::tryAcquire);
        bench.pollIdly();
        assertEquals(0, edges.readable.availablePermits(), "the edge was repeated");

        bench.accept(listener);
        assertEquals(Acceptance.EMPTY, listener.accept());
        bench.client(listener.address());
        bench.pollUntil(edges.readable::tryAcquire);
        bench.accept(listener);
    }

    @Test
    void aConnectionThatEndedInTheQueueDoesNoHarm() throws IOException {
        Listener listener = bench.listen();
        TransportEdges edges = new TransportEdges();
        assertEquals(0, bench.poller.add(listener, edges));
        Socket gone = bench.client(listener.address());
        Object goneAddress = gone.getLocalSocketAddress();
        gone.setSoLinger(true, 0);
        gone.close();
        Socket alive = bench.client(listener.address());

        // the system may pass over the dead one, or hand it out
        Channel channel = bench.accept(listener);
        if (channel.remoteAddress().equals(goneAddress)) {
            int n = channel.read(new byte[1], 0, 1);
            assertTrue(n <= 0 && n != -Errno.EAGAIN, "read " + n);
            channel = bench.accept(listener);
        }
        assertEquals(alive.getLocalSocketAddress(), channel.remoteAddress());
    }

    @Test
    void addressesOutliveTheChannel() throws IOException {
        TransportBench.Connection connection = bench.connect();
        Channel channel = connection.channel();

        channel.close();

        assertEquals(connection.client().getLocalSocketAddress(), channel.remoteAddress());
        assertEquals(connection.client().getRemoteSocketAddress(), channel.localAddress());
    }

    @Test
    void aListenerMayBeClosedWhenItIsTold() throws IOException {
        Listener listener = bench.listen();
        TransportEdges edges = new TransportEdges();
        assertEquals(0, bench.poller.add(listener, readiness -> {
            edges.ready(readiness);
            assertEquals(Readiness.READABLE, readiness);
            listener.close();
        }));
        Socket client = bench.client(listener.address());

        bench.pollUntil(edges.readable::tryAcquire);
        bench.pollIdly();

        assertEquals(0, edges.readable.availablePermits());
        bench.listen(listener.address());
        assertThrows(IOException.class, () -> {
            client.getOutputStream().write(1);
            if (client.getInputStream().read() < 0) {
                throw new IOException("ended");
            }
        });
    }

    @Test
    void noDescriptorLeftIsTold() throws Exception {
        assumeTrue(System.getProperty("os.name").equals("Linux"));
        Process child = TransportExhaustion.start(bench.transport);
        try {
            String answer = new String(child.getInputStream().readAllBytes()).strip();
            assertTrue(child.waitFor(TransportBench.PATIENCE.toSeconds(), TimeUnit.SECONDS));
            assertEquals("errno 24, then connected", answer);
        } finally {
            child.destroyForcibly();
        }
    }
}
