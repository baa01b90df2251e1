package dev.selvedge.server.fake.wire;

import dev.selvedge.server.transport.Channel;
import dev.selvedge.server.transport.Errno;
import dev.selvedge.server.transport.FileSource;
import dev.selvedge.server.transport.Poller;
import dev.selvedge.server.transport.Readiness;
import dev.selvedge.server.transport.ReadinessTarget;
import dev.selvedge.server.transport.TimeSource;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;

/**
 * Does to one connection what its plans say, and records what passes.
 *
 * <pre>
 *            a plan's end                        closed below, for FIN and RESET at once,
 *   OPEN ───────────────────▶ ENDED ──────────▶ else when the peer is gone or the poller is closed
 *     │                         │
 *     │ closed by the server    │ the server finds its reads and writes failing, and closes: of no effect below
 *     ▼                         ▼
 *   closed below              the poller looks after it
 * </pre>
 *
 * <p>The monitor of the connection's record guards everything; the server's target is told without it.
 */
final class FaultChannel implements Channel {

    private static final int FILE_COPY_OCTETS = 16 * 1024;
    private static final int DRAIN_OCTETS = 8 * 1024;
    private static final int DRAIN_ROUNDS = 64;

    /** So much of a replacement passes at one go: an endless one leaves room for others, and for its end. */
    private static final int REPLACEMENT_STEPS = 256;

    private final Channel below;
    private final WireConnection record;
    private final TimeSource time;
    private final Incoming incoming;
    private final Outgoing outgoing;

    /** Set once, by the poller's thread. */
    private FaultPoller poller;
    private ReadinessTarget target;

    /** By the server. */
    private boolean closed;
    private boolean belowClosed;
    private End ended;
    /** Nothing is read any more, not even to be thrown away. */
    private boolean deaf;
    private long readableAt = Long.MAX_VALUE;
    private long writableAt = Long.MAX_VALUE;

    FaultChannel(Channel below, WireConnection record, ConnectionPlan connectionPlan, TimeSource time) {
        this.below = below;
        this.record = record;
        this.time = time;
        this.incoming = new Incoming(record, connectionPlan, time);
        this.outgoing = new Outgoing(record, connectionPlan, time);
        record.channel(this);
    }

    int addTo(FaultPoller newPoller, Poller pollerBelow, ReadinessTarget newTarget) {
        synchronized (record) {
            poller = newPoller;
            target = newTarget;
            int result = pollerBelow.add(below, this::tell);
            if (result == 0 && incoming.stop() != null) {
                end(incoming.stop().end(), null, true);
            }
            return result;
        }
    }

    // ---- the server's operations

    @Override
    public int read(byte[] dst, int from, int length) {
        synchronized (record) {
            if (closed || ended != null) {
                return closed ? -Errno.EBADF : -Errno.ECONNRESET;
            }
            long now = time.nanos();
            int allowed = incoming.allowance(length, now);
            if (allowed == 0) {
                tellReadableAt(incoming.retryAt(now));
                return -Errno.EAGAIN;
            }
            int n = below.read(dst, from, allowed);
            if (n <= 0) {
                return n;
            }
            incoming.received(dst, from, n);
            if (endIncoming()) {
                return -Errno.ECONNRESET;
            }
            if (n == allowed && n < length) {
                tellReadableAt(now); // there may be more, of which the system tells nothing
            }
            return n;
        }
    }

    @Override
    public int write(byte[] src, int from, int length) {
        synchronized (record) {
            int total = 0;
            while (total < length) {
                int n = writeSome(src, from + total, length - total);
                if (n <= 0) {
                    return total > 0 ? total : n;
                }
                total += n;
            }
            return total;
        }
    }

    /** Passes or drops some octets of the output; answers how many, or {@code -errno}. */
    private int writeSome(byte[] src, int from, int length) {
        for (int steps = 1; ; steps++) {
            if (closed || ended != null) {
                return closed ? -Errno.EBADF : -Errno.EPIPE;
            }
            long now = time.nanos();
            if (steps > REPLACEMENT_STEPS) {
                tellWritableAt(now);
                return -Errno.EAGAIN;
            }
            switch (outgoing.next(src, from, length, now)) {
                case Outgoing.Step.Drop(int n) -> {
                    return n;
                }
                case Outgoing.Step.Wait(long until) -> {
                    tellWritableAt(until);
                    return -Errno.EAGAIN;
                }
                case Outgoing.Step.Stopped(End end) -> end(end, outgoing.exchange(), false);
                case Outgoing.Step.Pass pass -> {
                    int n = pass(pass);
                    if (n <= 0 || !pass.ofReplacement()) {
                        return n;
                    }
                }
            }
        }
    }

    private int pass(Outgoing.Step.Pass pass) {
        WireExchange exchange = outgoing.exchange();
        int answered = outgoing.answered();
        int n = below.write(pass.array(), pass.from(), pass.length());
        if (n > 0) {
            outgoing.passed(pass, n);
            Stop stop = outgoing.stop();
            if (stop != null) {
                end(stop.end(), exchange, false);
            } else if (outgoing.answered() > answered) {
                answered();
            }
        }
        return n;
    }

    @Override
    public long sendFile(FileSource file, long position, long count) {
        synchronized (record) {
            if (closed) {
                return -Errno.EBADF;
            }
            byte[] copy = new byte[(int) Math.min(count, FILE_COPY_OCTETS)];
            int n;
            try {
                n = file.read(position, copy, 0, copy.length);
            } catch (ClosedChannelException e) {
                return -Errno.EBADF;
            } catch (IOException e) {
                return -Errno.EIO;
            }
            return n == 0 ? 0 : write(copy, 0, n);
        }
    }

    @Override
    public int shutdownOutput() {
        synchronized (record) {
            if (closed) {
                return -Errno.EBADF;
            }
            if (ended != null) {
                return 0; // the server goes on to read, and finds out
            }
            outgoing.ended();
            return below.shutdownOutput();
        }
    }

    @Override
    public void abort() {
        close(true);
    }

    @Override
    public void close() {
        close(false);
    }

    private void close(boolean reset) {
        synchronized (record) {
            if (closed) {
                return;
            }
            closed = true;
            if (ended == null) {
                closeBelow(reset);
            }
        }
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return below.remoteAddress();
    }

    @Override
    public InetSocketAddress localAddress() {
        return below.localAddress();
    }

    @Override
    public String toString() {
        return below.toString();
    }

    // ---- readiness

    /** Told by the poller below, or by a timer. */
    private void tell(int readiness) {
        boolean mine;
        synchronized (record) {
            mine = ended != null;
            if (mine) {
                drain();
            }
            if (closed) {
                return;
            }
        }
        if (!mine) {
            target.ready(readiness);
        }
    }

    private void tellReadableAt(long due) {
        if (due < readableAt) {
            readableAt = due;
            poller.at(due, () -> {
                synchronized (record) {
                    readableAt = Long.MAX_VALUE;
                }
                tell(Readiness.READABLE);
            });
        }
    }

    private void tellWritableAt(long due) {
        if (due < writableAt) {
            writableAt = due;
            poller.at(due, () -> {
                synchronized (record) {
                    writableAt = Long.MAX_VALUE;
                }
                tell(Readiness.WRITABLE);
            });
        }
    }

    // ---- plans

    /** Takes up the plan of an exchange. May be called by any thread. */
    void planned(WireExchange exchange) {
        synchronized (record) {
            incoming.planned(exchange);
            Stop stop = exchange.plan().stopRequest();
            if (stop != null && exchange.request().length() >= stop.octets() && ended == null && !closed) {
                byte[] beyond = exchange.request().takeBack(stop.octets());
                record.addStray(beyond, 0, beyond.length);
                end(stop.end(), exchange, true);
            }
        }
    }

    /** Ends the connection if nothing is under way on it. May be called by any thread. */
    void endIdle(End end) {
        synchronized (record) {
            if (poller != null && idle()) {
                end(end, null, false);
            }
        }
    }

    private boolean idle() {
        return ended == null && !closed && incoming.atStart() && outgoing.atStart()
                && record.begun() == outgoing.answered();
    }

    /** A final response is over: its plan may want an end when the connection has been idle for a while. */
    private void answered() {
        ExchangePlan plan = outgoing.plan();
        int answered = outgoing.answered();
        if (plan.idleEnd() != null) {
            poller.at(time.nanos() + plan.idleNanos(), () -> {
                synchronized (record) {
                    if (idle() && outgoing.answered() == answered) {
                        end(plan.idleEnd(), record.exchange(answered - 1), false);
                    }
                }
            });
        }
    }

    private boolean endIncoming() {
        Stop stop = incoming.stop();
        if (stop != null) {
            end(stop.end(), incoming.stoppedIn(), true);
        }
        return stop != null;
    }

    // ---- the end

    /**
     * Ends the connection; the rest is done on the poller's thread.
     *
     * @param exchange in which exchange, or null
     * @param exactly whether what comes from the peer afterwards is left to the system
     */
    private void end(End end, WireExchange exchange, boolean exactly) {
        ended = end;
        record.markEnded(end, exchange);
        deaf = exactly && end == End.SILENCE;
        if (end == End.FIN || end == End.HALF_CLOSE) {
            below.shutdownOutput();
        }
        poller.execute(this::afterEnd);
    }

    private void afterEnd() {
        synchronized (record) {
            if (ended == End.RESET) {
                closeBelow(true);
            } else {
                drain();
            }
            if (!belowClosed) {
                poller.keep(this);
            }
            if (closed) {
                return;
            }
        }
        target.ready(Readiness.READABLE | Readiness.WRITABLE | Readiness.HANG_UP);
    }

    /** Reads what nobody wants, to find the end of the connection behind it, and lest closing becomes a reset. */
    private void drain() {
        if (belowClosed || deaf) {
            return;
        }
        byte[] scratch = new byte[DRAIN_OCTETS];
        int n = 1;
        for (int round = 0; n > 0 && round < DRAIN_ROUNDS; round++) {
            n = below.read(scratch, 0, scratch.length);
            if (n > 0 && ended != End.FIN) {
                record.addStray(scratch, 0, n);
            }
        }
        if (n > 0 && ended != End.FIN) {
            poller.execute(() -> tell(0));
        } else if (n != -Errno.EAGAIN || ended == End.FIN) {
            closeBelow(false);
        }
    }

    /** Closes a connection that a plan has ended and nobody has closed: the poller is being closed. */
    void abandon() {
        synchronized (record) {
            closeBelow(true);
        }
    }

    private void closeBelow(boolean reset) {
        if (belowClosed) {
            return;
        }
        belowClosed = true;
        if (reset) {
            below.abort();
        } else {
            below.close();
        }
        if (poller != null) {
            poller.forget(this);
        }
        record.markClosed();
    }
}
