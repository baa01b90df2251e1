package dev.selvedge.server.transport.nio;

import dev.selvedge.server.transport.Channel;
import dev.selvedge.server.transport.Errno;
import dev.selvedge.server.transport.Listener;
import dev.selvedge.server.transport.Poller;
import dev.selvedge.server.transport.Readiness;
import dev.selvedge.server.transport.ReadinessTarget;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * Waits with a {@link Selector}.
 *
 * <p>Edges are collected inside the selection and told after it, so that a target may do everything, even make this
 * poller select again. Wake-ups are coalesced, and cost a system call only while the loop really waits:
 *
 * <pre>
 *           poll, nothing to tell yet              selected
 *   IDLE ───────────────────────────▶ WAITING ─────────────────▶ IDLE
 *     │ wakeUp                           │ wakeUp: wakes the selector
 *     ▼                                  ▼
 *   WOKEN ────────────── selected, without waiting ────────────▶ IDLE
 * </pre>
 *
 * <p>{@link #poll} may answer 0 before its time is over, if all that the selector reported was no edge.
 */
final class NioPoller implements Poller {

    private enum Phase { IDLE, WAITING, WOKEN }

    private static final long NANOS_PER_MILLI = TimeUnit.MILLISECONDS.toNanos(1);

    private final ByteBuffer staging = ByteBuffer.allocateDirect(NioChannel.CHUNK_BYTES);
    private final Selector selector;
    private final Consumer<SelectionKey> collector = this::collect;
    private final ArrayDeque<EdgeTrigger> batch = new ArrayDeque<>();
    private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.IDLE);
    private volatile Thread loop;

    NioPoller() throws IOException {
        selector = Selector.open();
    }

    @Override
    public int add(Listener listener, ReadinessTarget target) {
        loop = Thread.currentThread();
        return ((NioListener) listener).edges().register(this, selector, target);
    }

    @Override
    public int add(Channel channel, ReadinessTarget target) {
        loop = Thread.currentThread();
        EdgeTrigger edges = ((NioChannel) channel).edges();
        int result = edges.register(this, selector, target);
        if (result == 0 && edges.outputOpen()) {
            keep(edges, Readiness.WRITABLE); // known without asking the selector, which spares two changes of interest
        }
        return result;
    }

    @Override
    public int poll(long timeoutNanos) {
        loop = Thread.currentThread();
        int result = select(timeoutNanos);
        return result < 0 ? result : tellAll();
    }

    @Override
    public void wakeUp() {
        if (phase.getAndSet(Phase.WOKEN) == Phase.WAITING) {
            selector.wakeup();
        }
    }

    @Override
    public void close() {
        try {
            selector.close();
        } catch (IOException e) {
            // there is nothing left to be done with it
        }
    }

    /**
     * Something has changed that a selection must take up: an interest or a closed socket. The selector does so when
     * it starts to wait; if it waits already, it must be woken.
     */
    void changed() {
        if (phase.get() == Phase.WAITING) {
            wakeUp();
        }
    }

    /**
     * Lets closed sockets go now instead of at the next poll: until it selects again, a selector keeps their
     * descriptors open. What is ready by chance is told by the next poll.
     */
    void releaseClosed() {
        if (Thread.currentThread() != loop) {
            changed();
            return;
        }
        try {
            selector.selectNow(collector);
        } catch (IOException | ClosedSelectorException e) {
            // the next poll will say so
        }
    }

    /** Returns the buffer of the loop's thread, or null if another thread asks. */
    ByteBuffer stagingOfThisThread() {
        return Thread.currentThread() == loop ? staging : null;
    }

    private int select(long timeoutNanos) {
        boolean interrupted = Thread.interrupted(); // if it stayed set, no selection would wait any more
        try {
            if (timeoutNanos == 0 || !batch.isEmpty() || !phase.compareAndSet(Phase.IDLE, Phase.WAITING)) {
                selector.selectNow(collector);
            } else if (timeoutNanos < 0) {
                selector.select(collector);
            } else {
                selector.select(collector, Math.ceilDiv(timeoutNanos, NANOS_PER_MILLI));
            }
            return 0;
        } catch (ClosedSelectorException e) {
            return -Errno.EBADF;
        } catch (IOException e) {
            return -Errno.EIO;
        } finally {
            phase.set(Phase.IDLE);
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void collect(SelectionKey key) {
        EdgeTrigger edges = (EdgeTrigger) key.attachment();
        int edge;
        try {
            edge = edges.report(key.readyOps());
        } catch (CancelledKeyException e) {
            return; // closed by now
        }
        if (edge != 0) {
            keep(edges, edge);
        }
    }

    private void keep(EdgeTrigger edges, int edge) {
        if (edges.keep(edge)) {
            batch.add(edges);
        }
    }

    /** Tells what was kept when it begins; what a target adds to the batch is left for the next poll. */
    private int tellAll() {
        int told = 0;
        for (int left = batch.size(); left > 0; left--) {
            if (batch.remove().tell()) {
                told++;
            }
        }
        return told;
    }
}
