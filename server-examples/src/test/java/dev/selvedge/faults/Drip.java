package dev.selvedge.faults;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Thousands of clients that send an octet every second, until the server has had enough of each. */
final class Drip implements AutoCloseable {

    private static final int ROUNDS_PER_SECOND = 20;

    /** One of them. */
    private static final class Slow {

        final String kind;
        final SocketChannel channel;
        final long begin = System.nanoTime();
        final StringBuilder answer = new StringBuilder();
        boolean gone;

        Slow(String kind, SocketChannel channel) {
            this.kind = kind;
            this.channel = channel;
        }
    }

    private final InetSocketAddress address;
    private final Selector selector;
    private final List<Slow> all = new ArrayList<>();
    private final Map<String, Integer> endings = new TreeMap<>();
    private final ByteBuffer buffer = ByteBuffer.allocate(4096);
    private int left;
    private Duration longest = Duration.ZERO;

    Drip(int port) throws IOException {
        address = new InetSocketAddress("127.0.0.1", port);
        selector = Selector.open();
    }

    /** Connects one more, which sends this first. */
    void add(String kind, String start) throws IOException {
        SocketChannel channel = SocketChannel.open(address);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.write(ByteBuffer.wrap(start.getBytes(ISO_8859_1)));
        channel.configureBlocking(false);
        Slow slow = new Slow(kind, channel);
        channel.register(selector, SelectionKey.OP_READ, slow);
        all.add(slow);
        left++;
    }

    /**
     * Sends an octet on each connection in each second, until all have been ended by the server.
     *
     * @return how many ended how: the kind, and the status that was answered
     */
    Map<String, Integer> run(Duration patience) throws IOException {
        long begin = System.nanoTime();
        long interval = 1_000_000_000L / ROUNDS_PER_SECOND;
        for (int round = 0; left > 0; round++) {
            if (System.nanoTime() - begin > patience.toNanos()) {
                throw new AssertionError(left + " are still there after " + patience + ", and " + endings);
            }
            for (int i = round % ROUNDS_PER_SECOND; i < all.size(); i += ROUNDS_PER_SECOND) {
                sendOctet(all.get(i));
            }
            long next = begin + (round + 1) * interval;
            for (long now = System.nanoTime(); now < next && left > 0; now = System.nanoTime()) {
                selector.select(key -> receive((Slow) key.attachment()), Math.max(1, (next - now) / 1_000_000));
            }
        }
        return endings;
    }

    /** Returns the longest time that the server has borne with one of them. */
    Duration longest() {
        return longest;
    }

    private void sendOctet(Slow slow) {
        if (!slow.gone) {
            try {
                slow.channel.write(ByteBuffer.wrap(new byte[] {'x'}));
            } catch (IOException e) {
                receive(slow);      // what came before the end can still be read
            }
        }
    }

    private void receive(Slow slow) {
        try {
            int n;
            do {
                n = slow.channel.read(buffer.clear());
                slow.answer.append(ISO_8859_1.decode(buffer.flip()));
            } while (n > 0);
            if (n < 0) {
                gone(slow, "");
            }
        } catch (IOException e) {
            gone(slow, " and a reset");
        }
    }

    private void gone(Slow slow, String how) {
        slow.gone = true;
        left--;
        Duration time = Duration.ofNanos(System.nanoTime() - slow.begin);
        longest = longest.compareTo(time) > 0 ? longest : time;
        String status = slow.answer.length() < 12 ? "nothing" : slow.answer.substring(9, 12);
        endings.merge(slow.kind + ": " + status + how, 1, Integer::sum);
        try {
            slow.channel.close();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() throws IOException {
        for (Slow each : all) {
            each.channel.close();
        }
        selector.close();
    }
}
