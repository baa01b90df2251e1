package dev.selvedge.server.engine;

import dev.selvedge.server.transport.memory.MemoryConnection;
import dev.selvedge.server.transport.memory.MemoryTransport;
import dev.selvedge.server.transport.memory.Scheduler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.concurrent.TimeUnit;

/** A connection in memory for those who expect a {@code java.net} one: it waits in virtual time. */
final class SimSocket extends Socket {

    private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(2);

    private final Scheduler scheduler;
    private final MemoryConnection connection;
    private boolean lingers = true;

    SimSocket(Scheduler scheduler, MemoryTransport transport) {
        this.scheduler = scheduler;
        this.connection = new MemoryConnection(transport);
    }

    private long patience() {
        return scheduler.now() + PATIENCE_NANOS;
    }

    @Override
    public void connect(SocketAddress server, int timeoutMillis) throws IOException {
        if (!connection.connect((InetSocketAddress) server, patience())) {
            throw new SocketTimeoutException("waited in vain");
        }
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
                return length == 0 ? 0 : receive(dst, from, length);
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
                int sent = connection.send(src, from, length, patience());
                requireWhole();
                if (sent < length) {
                    throw new SocketTimeoutException("waited in vain");
                }
            }
        };
    }

    private int receive(byte[] dst, int from, int length) throws IOException {
        int n = connection.receive(dst, from, length, patience());
        if (n < 0) {
            requireWhole();
        }
        if (n == 0) {
            throw new SocketTimeoutException("waited in vain");
        }
        return n;
    }

    private void requireWhole() throws SocketException {
        if (connection.isResetByServer()) {
            throw new SocketException("Connection reset");
        }
    }

    @Override
    public void shutdownOutput() {
        connection.endOutput();
    }

    @Override
    public void setSoLinger(boolean on, int seconds) {
        lingers = !on || seconds > 0;
    }

    @Override
    public void setSoTimeout(int millis) { }

    @Override
    public void setReceiveBufferSize(int bytes) { }

    @Override
    public void close() {
        if (lingers) {
            connection.close();
        } else {
            connection.reset();
        }
    }

    @Override
    public int getPort() {
        return connection.server().getPort();
    }

    @Override
    public SocketAddress getLocalSocketAddress() {
        return connection.address();
    }

    @Override
    public SocketAddress getRemoteSocketAddress() {
        return connection.server();
    }

    @Override
    public String toString() {
        return connection.toString();
    }
}
