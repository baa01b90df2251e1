package dev.selvedge.server.fake;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.selvedge.server.transport.memory.MemoryConnection;
import dev.selvedge.server.transport.memory.Scheduler;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A connection to a fake server in memory, for tests that look at every byte.
 *
 * <pre>{@code
 * FakeConnection client = server.connect();
 * client.write("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n");
 * server.clock().advance(Duration.ofMinutes(10));
 * assertEquals("HTTP/1.1 200 OK", client.receivedText().lines().findFirst().orElseThrow());
 * }</pre>
 *
 * <p>Each call lets the server do all that it can do without time passing (see {@link FakeClock}), so what is received
 * is always the same. Nothing is lost on the way: what the server sent before it ended or reset the connection is
 * received before that. What is not taken by {@link #received()} or {@link #receive} stays in buffers of bounded size:
 * a test that takes nothing is a client that does not read. For one thread at a time.
 */
public final class FakeConnection implements AutoCloseable {

    /** How the server's end stands. */
    public enum State {
        /** The server has not ended its sending side. */
        OPEN,
        /** The server has ended its sending side in order (FIN). */
        ENDED,
        /** The connection was reset (RST), by either side, or was never accepted. */
        RESET
    }

    private static final int PIECE_BYTES = 1 << 16;

    /** So much is received at one go if not more is wanted: what has no end would never be all there. */
    private static final int HELD_MAX_BYTES = 16 << 20;

    /** How long, in real time, octets are waited for that a handler owes that is held up by something real. */
    private static final long REAL_NANOS_MAX = TimeUnit.SECONDS.toNanos(10);

    private final Scheduler scheduler;
    private final MemoryConnection connection;

    /** What was received and not yet taken. */
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();

    FakeConnection(Scheduler scheduler, MemoryConnection connection) {
        this.scheduler = scheduler;
        this.connection = connection;
    }

    // ---- sending

    /**
     * Sends text, and lets the server act.
     *
     * @param text ISO-8859-1: each character is one byte
     * @return this connection
     * @throws IllegalArgumentException if a character is no byte
     * @throws IllegalStateException as {@link #write(byte...)} does
     */
    public FakeConnection write(String text) {
        if (!ISO_8859_1.newEncoder().canEncode(text)) {
            throw new IllegalArgumentException("the text has characters beyond ISO-8859-1; encode it and send bytes");
        }
        return write(text.getBytes(ISO_8859_1));
    }

    /**
     * Sends bytes, and lets the server act.
     *
     * @param octets the bytes
     * @return this connection
     * @throws IllegalStateException if not all of them can be sent, because the connection was reset or ended by this
     *     side, or the server does not read and its buffers are full; the message says which, and how many were sent
     */
    public FakeConnection write(byte... octets) {
        int sent = offer(octets);
        if (sent < octets.length) {
            throw new IllegalStateException("only " + sent + " of " + octets.length + " bytes were sent: "
                    + (connection.isReset() ? "the connection was reset"
                            : "the server does not read, and its buffers are full"));
        }
        return this;
    }

    /**
     * Sends as many bytes as the server takes now, and lets it act.
     *
     * @param octets the bytes
     * @return how many were sent; fewer if the server does not read and its buffers are full, or the connection was
     *     reset
     * @throws IllegalStateException if this side was ended
     */
    public int offer(byte... octets) {
        Objects.requireNonNull(octets, "octets");
        if (connection.isOutputEnded()) {
            throw new IllegalStateException("this side of the connection was ended before");
        }
        return scheduler.drive(() -> {
            int sent = connection.send(octets, 0, octets.length, scheduler.now());
            scheduler.settle();
            return sent;
        });
    }

    /**
     * Ends the sending side (FIN), and lets the server act; receiving goes on.
     *
     * @return this connection
     */
    public FakeConnection endOutput() {
        return act(connection::endOutput);
    }

    /**
     * Resets the connection (RST), and lets the server act. What was not taken is lost.
     *
     * @return this connection
     */
    public FakeConnection reset() {
        return act(connection::reset);
    }

    /** Closes the connection, as a program does that ends: by a reset if something was not taken. May be repeated. */
    @Override
    public void close() {
        act(connection::close);
    }

    private FakeConnection act(Runnable what) {
        return scheduler.drive(() -> {
            what.run();
            scheduler.settle();
            return this;
        });
    }

    // ---- receiving

    /**
     * Takes what has come. Of a response that has no end each call takes about 16 MiB.
     *
     * @return all bytes that the server has sent so far and that were not taken before; may be none
     */
    public byte[] received() {
        receiveUntil(0, Duration.ZERO);
        return take(received.size());
    }

    /**
     * Takes what has come, as text.
     *
     * @return as {@link #received()}, in ISO-8859-1: each byte is one character
     */
    public String receivedText() {
        return new String(received(), ISO_8859_1);
    }

    /**
     * Takes so many bytes, without any time passing on the clock. But if a handler is held up by something that the
     * clock knows nothing of, it is waited for up to ten seconds of real time.
     *
     * @param octets how many, at least 0
     * @return exactly so many
     * @throws IllegalArgumentException if the number is negative
     * @throws AssertionError if fewer have come; the message says what did, and how the server's end stands. They can
     *     still be taken
     */
    public byte[] receive(int octets) {
        return receive(octets, Duration.ZERO);
    }

    /**
     * Takes so many bytes, and lets time pass on the clock until they have come: not longer than that.
     *
     * @param octets how many, at least 0
     * @param time how long at most, zero to 100 years
     * @return exactly so many
     * @throws IllegalArgumentException if the number or the time is out of range
     * @throws AssertionError as {@link #receive(int)} does
     */
    public byte[] receive(int octets, Duration time) {
        if (octets < 0) {
            throw new IllegalArgumentException("there can't be " + octets + " bytes");
        }
        receiveUntil(octets, FakeClock.requireTime(time));
        long realEnd = System.nanoTime() + REAL_NANOS_MAX;
        while (received.size() < octets) {
            boolean mayCome = scheduler.hasThreadsAside() && System.nanoTime() - realEnd < 0; // asked before looking
            receiveUntil(0, Duration.ZERO);
            if (received.size() < octets && (connection.isEnded() || !mayCome)) {
                throw new AssertionError("expected " + octets + " bytes, but there "
                        + (received.size() == 1 ? "is 1" : "are " + received.size()) + ", and the server's end is "
                        + state() + (connection.isEnded() ? "" : " (what comes at a later time comes when the clock is"
                                + " advanced)") + ":\n" + received.toString(ISO_8859_1));
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
        return take(octets);
    }

    /** Receives all that comes now, and what comes later as long as it is less than wanted. */
    private void receiveUntil(int octets, Duration time) {
        scheduler.drive(() -> {
            long end = scheduler.now() + time.toNanos();
            byte[] piece = new byte[PIECE_BYTES];
            for (int n = 1; n > 0 && received.size() < Math.max(octets, HELD_MAX_BYTES);) {
                scheduler.settle();
                n = connection.receive(piece, 0, piece.length, received.size() < octets ? end : scheduler.now());
                received.write(piece, 0, Math.max(n, 0));
            }
        });
    }

    private byte[] take(int octets) {
        byte[] all = received.toByteArray();
        received.reset();
        received.write(all, octets, all.length - octets);
        byte[] taken = new byte[octets];
        System.arraycopy(all, 0, taken, 0, octets);
        return taken;
    }

    // ---- its end

    /**
     * Returns how the server's end stands now, whether everything was taken or not.
     *
     * @return the state
     */
    public State state() {
        return scheduler.drive(() -> {
            scheduler.settle();
            return connection.isReset() ? State.RESET : connection.isEnded() ? State.ENDED : State.OPEN;
        });
    }

    /**
     * Returns this side's address, which the server sees as that of its client.
     *
     * @return an address that no other open connection has
     */
    public InetSocketAddress localAddress() {
        return connection.address();
    }

    /** Returns the two addresses. */
    @Override
    public String toString() {
        return "FakeConnection from port " + connection.address().getPort() + " to port "
                + connection.server().getPort();
    }
}
