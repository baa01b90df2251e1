package dev.selvedge.contract;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.selvedge.server.transport.Acceptance;
import dev.selvedge.server.transport.Channel;
import dev.selvedge.server.transport.Errno;
import dev.selvedge.server.transport.Listener;
import dev.selvedge.server.transport.Poller;
import dev.selvedge.server.transport.Transport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import javax.net.SocketFactory;

/** A transport on the bench: one poller, and whatever a rule needs beside it; closed in the right order. */
final class TransportBench implements AutoCloseable {

    /** How long anything may take that must happen. */
    static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final long SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final int BACKLOG = 512;
    private static final int SYSTEMS_CHOICE = 0;

    /** What the system may hold for a peer that does not read. */
    static final int MAX_UNSENT_BYTES = 1 << 18;

    /** A client and the channel that serves it, which is in the poller. */
    record Connection(Socket client, Channel channel, TransportEdges edges) { }

    /** What {@link TransportBench#close} must undo, the latest first. */
    private interface Undo {
        void run() throws IOException;
    }

    final Transport transport;
    final Poller poller;
    private final SocketFactory sockets;
    private final Deque<Undo> undos = new ArrayDeque<>();
    private Listener listener;

    TransportBench(Transport transport, SocketFactory sockets) throws IOException {
        this.transport = transport;
        this.sockets = sockets;
        this.poller = transport.poller();
    }

    static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(address("127.0.0.1"), port);
    }

    /** Returns a literal address. */
    static InetAddress address(String literal) {
        return InetAddress.ofLiteral(literal);
    }

    static boolean hasIpv6() {
        try (ServerSocket probe = new ServerSocket()) {
            probe.bind(new InetSocketAddress(address("::1"), 0));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    Listener listen(InetSocketAddress address) throws IOException {
        Listener opened = transport.listen(address, BACKLOG, MAX_UNSENT_BYTES);
        undos.push(opened::close);
        return opened;
    }

    Listener listen() throws IOException {
        return listen(loopback(0));
    }

    Socket client(InetSocketAddress server) throws IOException {
        return client(server, SYSTEMS_CHOICE);
    }

    /** Connects a client whose system holds about so many bytes that the client has not read. */
    private Socket client(InetSocketAddress server, int receiveBufferBytes) throws IOException {
        Socket socket = sockets.createSocket();
        undos.push(socket::close);
        if (receiveBufferBytes != SYSTEMS_CHOICE) {
            socket.setReceiveBufferSize(receiveBufferBytes);
        }
        socket.setSoTimeout((int) PATIENCE.toMillis());
        socket.connect(server, (int) PATIENCE.toMillis());
        return socket;
    }

    /** Accepts one connection, which is on its way already. */
    Channel accept(Listener from) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            switch (from.accept()) {
                case Acceptance.Connected(Channel channel) -> {
                    undos.push(channel::close);
                    return channel;
                }
                case Acceptance.None(int errno) -> assertTrue(errno == Errno.EAGAIN, Errno.describe(errno));
            }
            assertTrue(System.nanoTime() < deadline, "no connection came");
            Thread.onSpinWait();
        }
    }

    /** Connects a client and accepts it, without adding the channel to the poller. */
    Connection connectOnly() throws IOException {
        return connectOnly(SYSTEMS_CHOICE);
    }

    private Connection connectOnly(int receiveBufferBytes) throws IOException {
        if (listener == null) {
            listener = listen();
        }
        Socket client = client(listener.address(), receiveBufferBytes);
        return new Connection(client, accept(listener), new TransportEdges());
    }

    /** Connects a client; the channel is in the poller, and its first edge (writable) is taken. */
    Connection connect() throws IOException {
        return connect(SYSTEMS_CHOICE);
    }

    /** Likewise, with a client whose system holds about so many bytes that the client has not read. */
    Connection connect(int receiveBufferBytes) throws IOException {
        Connection connection = connectOnly(receiveBufferBytes);
        assertTrue(poller.add(connection.channel(), connection.edges()) == 0, "add");
        pollUntil(connection.edges().writable::tryAcquire);
        return connection;
    }

    /** Polls until the condition holds. */
    void pollUntil(BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                fail("waited in vain for " + PATIENCE);
            }
            poll(SLICE_NANOS);
        }
    }

    /** Polls several times, waiting a moment in the last ones: whatever must not come would come now. */
    void pollIdly() {
        for (int i = 0; i < 5; i++) {
            poll(0);
        }
        for (int i = 0; i < 3; i++) {
            poll(SLICE_NANOS);
        }
    }

    int poll(long timeoutNanos) {
        int told = poller.poll(timeoutNanos);
        assertTrue(told >= 0, () -> "poll: " + Errno.describe(-told));
        return told;
    }

    /** The owner of a channel on this thread, which polls when it must wait. */
    TransportOwner owner(Connection connection) {
        return new TransportOwner(connection.channel(), connection.edges(),
            edge -> pollUntil(edge::tryAcquire));
    }

    /** The owner of a channel on any thread, while a {@linkplain #loop loop} polls. */
    TransportOwner ownerElsewhere(Connection connection) {
        return new TransportOwner(connection.channel(), connection.edges(), TransportBench::await);
    }

    static void await(Semaphore edge) {
        try {
            assertTrue(edge.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS), "an edge was lost");
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    static void join(Thread thread) {
        try {
            assertTrue(thread.join(PATIENCE), () -> thread + " does not end");
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Polls without end on a thread of its own, until it is closed; the poller belongs to that thread meanwhile. */
    Loop loop() {
        return new Loop(poller);
    }

    /** A thread that does nothing but poll, and is woken by nobody but who tests. */
    static final class Loop implements AutoCloseable {

        private final Poller poller;
        private final Thread thread;
        private volatile boolean stopping;
        private volatile int failure;

        private Loop(Poller poller) {
            this.poller = poller;
            this.thread = Thread.ofPlatform().daemon().name("bench-loop").start(this::run);
        }

        private void run() {
            while (!stopping && failure == 0) {
                failure = Math.min(poller.poll(-1), 0);
            }
        }

        @Override
        public void close() {
            stopping = true;
            poller.wakeUp();
            join(thread);
            assertTrue(failure == 0, () -> "poll: " + Errno.describe(-failure));
        }
    }

    @Override
    public void close() throws IOException {
        while (!undos.isEmpty()) {
            undos.pop().run();
        }
        poller.close();
        transport.close();
    }
}
