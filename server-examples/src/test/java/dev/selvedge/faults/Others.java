package dev.selvedge.faults;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;

/** Clients that behave, and how long they wait for their answers while somebody else does not behave. */
final class Others {

    /**
     * What they have seen.
     *
     * @param answers how many right answers
     * @param perSecond how many in a second
     * @param p50 half of the answers came within this time
     * @param p99 99 of 100 answers came within this time
     * @param max all came within this time
     */
    record Seen(int answers, long perSecond, Duration p50, Duration p99, Duration max) {

        private static Seen of(long[] nanos, long time) {
            Arrays.sort(nanos);
            return new Seen(nanos.length, nanos.length * 1_000_000_000L / time, percentile(nanos, 0.5),
                    percentile(nanos, 0.99), percentile(nanos, 1));
        }

        private static Duration percentile(long[] sorted, double part) {
            return Duration.ofNanos(sorted[(int) Math.min(sorted.length - 1, sorted.length * part)]);
        }

        @Override
        public String toString() {
            return "%d answers, %d/s, p50 %.1f ms, p99 %.1f ms, max %.1f ms".formatted(answers, perSecond,
                    p50.toNanos() / 1e6, p99.toNanos() / 1e6, max.toNanos() / 1e6);
        }
    }

    private final int port;
    private final long pauseMillis;
    private final List<Thread> threads = new ArrayList<>();
    private final ConcurrentLinkedQueue<long[]> results = new ConcurrentLinkedQueue<>();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final long begin = System.nanoTime();
    private volatile boolean enough;

    /**
     * Starts them.
     *
     * @param keeping how many keep one connection
     * @param fresh how many connect for each request
     * @param pauseMillis how long each waits between two requests
     */
    Others(int port, int keeping, int fresh, long pauseMillis) {
        this.port = port;
        this.pauseMillis = pauseMillis;
        for (int i = 0; i < keeping + fresh; i++) {
            boolean keeps = i < keeping;
            threads.add(Thread.ofVirtual().start(() -> {
                try {
                    results.add(ask(keeps));
                } catch (IOException | InterruptedException | RuntimeException e) {
                    failure.compareAndSet(null, e);
                }
            }));
        }
    }

    private long[] ask(boolean keeps) throws IOException, InterruptedException {
        long[] nanos = new long[1024];
        int n = 0;
        Wire wire = new Wire(port);
        while (!enough) {
            long start = System.nanoTime();
            if (!keeps) {
                wire.reset();       // leaves no port behind that can't be used for a minute
                wire = new Wire(port);
            }
            Wire.Reply reply = wire.send(Wire.get("/hello")).read("GET");
            if (reply.status() != 200 || !reply.text().equals(ServerProgram.HELLO)) {
                throw new IOException("a wrong answer: " + reply.head() + reply.text());
            }
            if (n == nanos.length) {
                nanos = Arrays.copyOf(nanos, 2 * n);
            }
            nanos[n++] = System.nanoTime() - start;
            if (pauseMillis > 0) {
                Thread.sleep(pauseMillis);
            }
        }
        wire.reset();
        return Arrays.copyOf(nanos, n);
    }

    /** Ends them; returns what they have seen, if all answers were right. */
    Seen end() throws InterruptedException {
        enough = true;
        long time = System.nanoTime() - begin;
        for (Thread each : threads) {
            each.join();
        }
        if (failure.get() != null) {
            throw new AssertionError("one of the others was not served", failure.get());
        }
        return Seen.of(results.stream().flatMapToLong(Arrays::stream).toArray(), time);
    }
}
