package dev.selvedge.server.engine;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** A client's socket of the simulated system, for those who expect a {@code java.net} one: it waits in virtual time. */
final class SimSocket extends Socket implements SimPeer, SimWorld.Actor {

    private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(2);

    private final SimTransport transport;
    private final SimWorld world;
    private final int number;
    private InetSocketAddress remote;
    private SimChannel channel;
    private boolean lingers = true;
    private boolean gone;
    private boolean refused;
    private boolean outputEnded;
    private boolean reset;

    SimSocket(SimTransport transport, int number) {
        this.transport = transport;
        this.world = transport.world;
        this.number = number;
        world.add(this);
    }

    // ---- what its owner does -----------------------------------------------------------------------------------

    @Override
    public void connect(SocketAddress server, int timeoutMillis) throws IOException {
        remote = (InetSocketAddress) server;
        for (SimListener listener : transport.listeners()) {
            if (listener.address().equals(server) && !listener.isClosed()) {
                waitFor(() -> listener.connect(this));
                return;
            }
        }
        throw new ConnectException("Connection refused");
    }

    @Override
    public InputStream getInputStream() {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                byte[] octet = new byte[1];
                return read(octet, 0, 1) < 0 ? -1 : octet[0] & 0xFF;
            }

            @Override
            public int read(byte[] dst, int from, int length) throws IOException {
                return receive(dst, from, length);
            }
        };
    }

    @Override
    public OutputStream getOutputStream() {
        return new OutputStream() {
            @Override
            public void write(int octet) throws IOException {
                write(new byte[] {(byte) octet}, 0, 1);
            }

            @Override
            public void write(byte[] src, int from, int length) throws IOException {
                send(src, from, length);
            }
        };
    }

    private int receive(byte[] dst, int from, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        waitFor(() -> isBroken() || channel != null && (channel.waiting() > 0 || channel.endReached()));
        requireWhole();
        int n = Math.min(length, channel.waiting());
        if (n == 0) {
            return -1;
        }
        byte[] octets = new byte[n];
        channel.take(octets, n);
        System.arraycopy(octets, 0, dst, from, n);
        return n;
    }

    private void send(byte[] src, int from, int length) throws IOException {
        for (int sent = 0; sent < length;) {
            waitFor(() -> isBroken() || channel != null && (channel.roomIn() > 0 || channel.isClosed()));
            requireWhole();
            int n = Math.min(length - sent, channel.isClosed() ? length : channel.roomIn());
            channel.arrive(src, from + sent, n);
            sent += n;
        }
    }

    @Override
    public void shutdownOutput() {
        outputEnded = true;
        channel.endArrives();
    }

    @Override
    public void setSoLinger(boolean on, int seconds) {
        lingers = !on || seconds > 0;
    }

    @Override
    public void setSoTimeout(int millis) { }

    @Override
    public void close() {
        if (gone) {
            return;
        }
        gone = true;
        if (channel != null && !reset) {
            if (!lingers || channel.waiting() > 0) {
                channel.resetArrives();
                reset = true;
            } else if (!outputEnded) {
                channel.endArrives();
            }
        }
    }

    private boolean isBroken() {
        return reset || refused;
    }

    private void requireWhole() throws SocketException {
        if (isBroken()) {
            throw new SocketException("Connection reset");
        }
    }

    private void waitFor(BooleanSupplier condition) throws IOException {
        if (!condition.getAsBoolean()) {
            long until = world.now() + PATIENCE_NANOS;
            world.waitFor(condition, until);
            if (world.now() >= until) {
                throw new SocketTimeoutException("waited in vain");
            }
        }
    }

    @Override
    public int getPort() {
        return remote.getPort();
    }

    @Override
    public SocketAddress getLocalSocketAddress() {
        return transport.clientAddress(number);
    }

    @Override
    public SocketAddress getRemoteSocketAddress() {
        return remote;
    }

    // ---- what its system does by itself ------------------------------------------------------------------------

    /** What arrives at a socket that is closed is answered by a reset. */
    @Override
    public long due(long now) {
        return gone && !reset && channel != null && channel.waiting() > 0 ? now : SimWorld.NEVER;
    }

    @Override
    public void act() {
        reset = true;
        channel.resetArrives();
    }

    // ---- what it is told ---------------------------------------------------------------------------------------

    @Override
    public int number() {
        return number;
    }

    @Override
    public void progress() { }

    @Override
    public boolean isBusy() {
        return true;
    }

    @Override
    public boolean hasGone() {
        return gone;
    }

    @Override
    public void accepted(SimChannel with) {
        channel = with;
    }

    @Override
    public void refused() {
        refused = true;
    }

    @Override
    public void neglected() { }

    @Override
    public void closedByServer() { }

    @Override
    public void resetByServer(String why, byte[] unread) {
        reset = true;
    }

    @Override
    public String toString() {
        return "socket-" + number;
    }
}
