package dev.selvedge.server.fake.wire;

import dev.selvedge.server.transport.Acceptance;
import dev.selvedge.server.transport.Channel;
import dev.selvedge.server.transport.Errno;
import dev.selvedge.server.transport.Listener;
import dev.selvedge.server.transport.Poller;
import dev.selvedge.server.transport.Readiness;
import dev.selvedge.server.transport.ReadinessTarget;
import dev.selvedge.server.transport.TimeSource;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A listener whose connections are recorded, may have to wait before they are accepted, and may be refused for a
 * while, as if nobody listened.
 */
final class FaultListener implements Listener {

    private record Waiting(long due, FaultChannel channel) { }

    private final Wires wires;
    private final TimeSource time;
    private final Function<InetSocketAddress, ReservedPort> reserving;
    private final ReservedPort.Use reopening;
    private final InetSocketAddress address;
    private final PriorityQueue<Waiting> waiting = new PriorityQueue<>(Comparator.comparingLong(Waiting::due));
    private Listener below;
    private FaultPoller poller;
    private Poller pollerBelow;
    private ReadinessTarget target;
    private boolean refusing;
    private ReservedPort port;
    private boolean closed;

    FaultListener(Listener below, Wires wires, TimeSource time, Function<InetSocketAddress, ReservedPort> reserving,
            ReservedPort.Use reopening) {
        this.below = below;
        this.wires = wires;
        this.time = time;
        this.reserving = reserving;
        this.reopening = reopening;
        this.address = below.address();
    }

    int addTo(FaultPoller newPoller, Poller newPollerBelow, ReadinessTarget newTarget) {
        int result = newPollerBelow.add(below, this::tell);
        if (result == 0) {
            poller = newPoller;
            pollerBelow = newPollerBelow;
            target = newTarget;
            wires.listens(this);
        }
        return result;
    }

    private void tell(int readiness) {
        if (!closed) {
            target.ready(readiness);
        }
    }

    @Override
    public InetSocketAddress address() {
        return address;
    }

    @Override
    public Acceptance accept() {
        if (closed) {
            return new Acceptance.None(Errno.EBADF);
        }
        for (;;) {
            if (!waiting.isEmpty() && waiting.peek().due() <= time.nanos()) {
                return new Acceptance.Connected(waiting.remove().channel());
            }
            switch (refusing ? Acceptance.EMPTY : below.accept()) {
                case Acceptance.None none -> {
                    return none;
                }
                case Acceptance.Connected(Channel accepted) -> {
                    WireConnection connection = wires.accepted(accepted.remoteAddress(), time.epochMillis());
                    ConnectionPlan plan = wires.connectionPlan(connection.index());
                    FaultChannel channel = new FaultChannel(accepted, connection, plan, time);
                    wires.opened(connection);
                    if (plan.acceptNanos() == 0) {
                        return new Acceptance.Connected(channel);
                    }
                    long due = time.nanos() + plan.acceptNanos();
                    waiting.add(new Waiting(due, channel));
                    poller.at(due, () -> tell(Readiness.READABLE));
                }
            }
        }
    }

    // ---- refusing; by any thread, and done when it returns

    /** Refuses connections: nobody listens any more, but nobody else may have the port. */
    void refuse() {
        onPollersThread(() -> {
            if (!refusing && !closed) {
                refusing = true;
                below.close();
                port = reserving.apply(address);
            }
            return null;
        });
    }

    /** Accepts connections again. */
    void reopen() throws IOException {
        IOException failure = onPollersThread(() -> refusing && !closed ? listenAgain() : null);
        if (failure != null) {
            throw failure;
        }
    }

    private IOException listenAgain() {
        try {
            below = port.used(reopening);
        } catch (IOException e) {
            return e;
        }
        int result = pollerBelow.add(below, this::tell);
        if (result < 0) {
            below.close();
            return new IOException("the listener can't be watched: " + Errno.describe(-result));
        }
        refusing = false;
        return null;
    }

    private IOException onPollersThread(Supplier<IOException> task) {
        if (poller.isThisThread()) {
            return task.get();
        }
        CompletableFuture<IOException> done = new CompletableFuture<>();
        poller.execute(() -> done.complete(task.get()));
        return done.join();
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            below.close();
            if (refusing) {
                port.close();
            }
            waiting.forEach(each -> each.channel().abort());
            waiting.clear();
        }
    }
}
