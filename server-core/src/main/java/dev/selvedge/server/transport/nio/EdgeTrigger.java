package dev.selvedge.server.transport.nio;

import dev.selvedge.server.transport.Errno;
import dev.selvedge.server.transport.Readiness;
import dev.selvedge.server.transport.ReadinessTarget;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;

/**
 * Makes edges of what a selector reports about one socket, which it does for as long as the socket is ready.
 *
 * <pre>
 *            report: told              report: not told
 *   ARMED ─────────────────▶ TOLD ─────────────────────▶ PAUSED        input; interest is off in PAUSED only
 *     ▲                        │                            │
 *     └────────────────────────┴──── drained by the owner ──┘
 *
 *            full (EAGAIN)
 *   IDLE ──────────────────▶ AWAITED                                   output; interest is on in AWAITED only
 *     ▲                        │
 *     └──── report: told ──────┘
 * </pre>
 *
 * <p>An owner who reads to the end between two polls moves between ARMED and TOLD, which costs no system call. The
 * state has a lock because the owner may be another thread than the poller's.
 */
final class EdgeTrigger {

    private enum Input { ARMED, TOLD, PAUSED }

    private final SelectableChannel socket;
    private final int inputOp;

    private Input input = Input.ARMED;
    private boolean outputAwaited;
    private SelectionKey key;

    /** Set once, by the poller's thread, before another owner can know the channel. */
    private NioPoller poller;

    /** Null before it is added and after it is closed; belongs to the poller's thread, like {@link #untold}. */
    private ReadinessTarget target;
    private int untold;

    /**
     * @param socket a non-blocking socket
     * @param inputOp {@link SelectionKey#OP_READ} or {@link SelectionKey#OP_ACCEPT}
     */
    EdgeTrigger(SelectableChannel socket, int inputOp) {
        this.socket = socket;
        this.inputOp = inputOp;
    }

    /** Returns the poller, or null if it is in none yet. */
    NioPoller poller() {
        return poller;
    }

    /** Registers the socket; returns 0 or {@code -EBADF} if the socket or the selector is closed. */
    synchronized int register(NioPoller poller, Selector selector, ReadinessTarget target) {
        assert key == null : "in a poller already";
        try {
            key = socket.register(selector, interest(), this);
        } catch (ClosedChannelException | ClosedSelectorException e) {
            return -Errno.EBADF;
        }
        this.poller = poller;
        this.target = target;
        assert invariant();
        return 0;
    }

    /** Answers whether the output has room, as far as is known. */
    synchronized boolean outputOpen() {
        return !outputAwaited;
    }

    /** The owner found nothing more to read or to accept: what comes now is a new edge. */
    void inputDrained() {
        boolean resumed;
        synchronized (this) {
            resumed = input == Input.PAUSED;
            input = Input.ARMED;
            if (resumed) {
                applyInterest();
            }
            assert invariant();
        }
        if (resumed) {
            poller.changed();
        }
    }

    /** The owner found no room to write: room is a new edge. */
    void outputFull() {
        synchronized (this) {
            outputAwaited = true;
            applyInterest();
            assert invariant();
        }
        if (poller != null) {
            poller.changed();
        }
    }

    /**
     * Takes a report of the selector, inside the selection, and returns what of it is an edge.
     *
     * @return bits of {@link Readiness}, or 0
     */
    synchronized int report(int readyOps) {
        int edge = 0;
        if ((readyOps & inputOp) != 0) {
            if (input == Input.ARMED) {
                input = Input.TOLD;
                edge |= Readiness.READABLE;
            } else {
                input = Input.PAUSED;
                applyInterest();
            }
        }
        if ((readyOps & SelectionKey.OP_WRITE) != 0 && outputAwaited) {
            outputAwaited = false;
            applyInterest();
            edge |= Readiness.WRITABLE;
        }
        assert invariant();
        return edge;
    }

    /** Keeps an edge until {@link #tell}; answers whether it is the first one kept. */
    boolean keep(int edge) {
        boolean first = untold == 0;
        untold |= edge;
        return first;
    }

    /** Tells the target what was kept, unless it has been closed since; answers whether it was told. */
    boolean tell() {
        int edge = untold;
        untold = 0;
        if (target == null) {
            return false;
        }
        target.ready(edge);
        return true;
    }

    /** Nobody is told any more; the caller then closes the socket. */
    void close() {
        target = null;
    }

    private int interest() {
        return (input == Input.PAUSED ? 0 : inputOp) | (outputAwaited ? SelectionKey.OP_WRITE : 0);
    }

    private void applyInterest() {
        if (key == null) {
            return; // register() does it
        }
        try {
            key.interestOps(interest());
        } catch (CancelledKeyException e) {
            // closed by now: there is nothing more to be told
        }
    }

    private boolean invariant() {
        return input == Input.ARMED || key != null; // only a poller tells
    }
}
