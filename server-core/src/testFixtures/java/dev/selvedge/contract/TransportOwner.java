package dev.selvedge.contract;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvedge.server.transport.Channel;
import dev.selvedge.server.transport.Errno;
import dev.selvedge.server.transport.FileSource;
import java.io.ByteArrayOutputStream;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/** Uses a channel as its owner must: goes on until it is told to wait, and then trusts that an edge comes. */
final class TransportOwner {

    private final Channel channel;
    private final TransportEdges edges;
    private final Consumer<Semaphore> waiting;

    TransportOwner(Channel channel, TransportEdges edges, Consumer<Semaphore> waiting) {
        this.channel = channel;
        this.edges = edges;
        this.waiting = waiting;
    }

    /** Reads {@code count} bytes or up to the end of input, whichever comes first. */
    byte[] receive(int count, int bufferBytes) {
        ByteArrayOutputStream received = new ByteArrayOutputStream();
        while (received.size() < count) {
            byte[] buffer = new byte[Math.min(bufferBytes, count - received.size())];
            int n = channel.read(buffer, 0, buffer.length);
            if (n == 0) {
                break;
            }
            assertTrue(n > 0 || n == -Errno.EAGAIN, () -> "read: " + Errno.describe(-n));
            received.write(buffer, 0, Math.max(n, 0));
            boolean moreIsSure = n == buffer.length || n > 0 && edges.hangUp();
            if (!moreIsSure && received.size() < count) {
                waiting.accept(edges.readable);
            }
        }
        return received.toByteArray();
    }

    /** Reads up to the end of input. */
    byte[] receiveAll() {
        return receive(Integer.MAX_VALUE, 8192);
    }

    /** One of the two ways to write. */
    @FunctionalInterface
    private interface Writing {
        int write(byte[] src, int from, int length);
    }

    void send(byte[] bytes) {
        send(bytes, channel::write);
    }

    /** Sends what the end of the sending side follows. */
    void sendLast(byte[] bytes) {
        send(bytes, channel::writeLast);
    }

    private void send(byte[] bytes, Writing writing) {
        int sent = 0;
        while (sent < bytes.length) {
            int n = writing.write(bytes, sent, bytes.length - sent);
            assertTrue(n > 0 || n == -Errno.EAGAIN, () -> "write: " + Errno.describe(-n));
            if (n > 0) {
                sent += n;
            } else {
                waiting.accept(edges.writable);
            }
        }
    }

    /** Sends a part of a file, or up to its end; returns how many bytes. */
    long sendFile(FileSource file, long position, long count) {
        long sent = 0;
        while (sent < count) {
            long n = channel.sendFile(file, position + sent, count - sent);
            assertTrue(n >= 0 || n == -Errno.EAGAIN, () -> "sendFile: " + Errno.describe((int) -n));
            if (n == 0) {
                break;
            }
            if (n > 0) {
                sent += n;
            } else {
                waiting.accept(edges.writable);
            }
        }
        return sent;
    }
}
