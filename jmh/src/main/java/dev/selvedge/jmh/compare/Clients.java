package dev.selvedge.jmh.compare;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;

/**
 * Clients on keep-alive connections, all on one thread: each sends its requests, waits for the answers, checks them
 * and begins again.
 */
final class Clients implements AutoCloseable {

    private static final long SILENCE_MILLIS = 10_000;

    private final Selector selector = Selector.open();
    private final AnswerForm form;
    private final int depth;
    private final int number;
    private final ByteBuffer requests;
    private int waiting;
    private boolean ending;
    private long answers;

    /** Connects them. */
    Clients(InetSocketAddress server, Scenario scenario, int number) throws IOException {
        this.form = AnswerForm.learn(server, scenario);
        this.depth = scenario.depth();
        this.number = number;
        byte[] batch = scenario.batch();
        this.requests = ByteBuffer.allocateDirect(batch.length).put(batch);
        for (int i = 0; i < number; i++) {
            SocketChannel channel = SocketChannel.open(server);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ, ByteBuffer.allocateDirect(depth * form.length()));
        }
    }

    /**
     * Lets them ask for some time, and waits for the last answers.
     *
     * @return how many requests were answered
     */
    long askFor(Duration time) throws IOException {
        long end = System.nanoTime() + time.toNanos();
        answers = 0;
        ending = false;
        waiting = number;
        for (SelectionKey key : selector.keys()) {
            send((SocketChannel) key.channel());
        }
        while (waiting > 0) {
            ending = System.nanoTime() >= end;
            if (selector.select(SILENCE_MILLIS) == 0) {
                throw new IOException("no answer for " + SILENCE_MILLIS + " ms; " + waiting + " clients wait");
            }
            for (SelectionKey key : selector.selectedKeys()) {
                receive((SocketChannel) key.channel(), (ByteBuffer) key.attachment());
            }
            selector.selectedKeys().clear();
        }
        return answers;
    }

    private void send(SocketChannel channel) throws IOException {
        requests.rewind();
        channel.write(requests);
        if (requests.hasRemaining()) {
            throw new IOException("a socket has no room for " + requests.capacity() + " octets");
        }
    }

    private void receive(SocketChannel channel, ByteBuffer received) throws IOException {
        if (channel.read(received) < 0) {
            throw new EOFException("the server has closed a connection");
        }
        if (received.hasRemaining()) {
            return;
        }
        form.check(received);
        received.clear();
        answers += depth;
        if (ending) {
            waiting--;
        } else {
            send(channel);
        }
    }

    @Override
    public void close() throws IOException {
        for (SelectionKey key : selector.keys()) {
            key.channel().close();
        }
        selector.close();
    }
}
